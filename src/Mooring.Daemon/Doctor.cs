using System.Globalization;
using Mooring.Agent.Doctor;

namespace Mooring.Daemon;

/// <summary>Says what is missing on this machine and what that costs, in plain words.</summary>
internal static class Doctor
{
    private const string NoInstallationYet = "00000000";

    /// <returns>0 if pods can run here, otherwise 1.</returns>
    public static async Task<int> RunAsync(DaemonOptions options, CancellationToken ct)
    {
        var configuration = new ConfigurationBuilder();
        Settings.AddSources(configuration, options.DataDirectory);
        var agent = Settings.Read(configuration.Build()).ToAgent(options, InstallationIn(options.DataDirectory));
        var report = await Examination.ExamineAsync(agent, TimeProvider.System, ct);
        foreach (var finding in report.Findings)
        {
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{Sign(finding.Severity)} {finding.Subject}: {finding.Words}").AsMemory(), ct);
            if (finding.Remedy is not null)
            {
                await Console.Out.WriteLineAsync($"         What to do: {finding.Remedy}.".AsMemory(), ct);
            }
        }

        await Console.Out.WriteLineAsync((report.CanRunPods
            ? "Disks and pods: this machine has what they need."
            : "Disks can be made here; pods can't run until what is marked above is mended.").AsMemory(), ct);
        return report.CanRunPods ? 0 : 1;
    }

    // The engine is looked for where the server keeps it: by the installation's id, which its disks' directory bears.
    private static string InstallationIn(string dataDirectory)
    {
        var marker = Path.Combine(dataDirectory, "disks", ".mooring-installation");
        try
        {
            return File.ReadAllText(marker).Trim() is { Length: 8 } id ? id : NoInstallationYet;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return NoInstallationYet;
        }
    }

    private static string Sign(Severity severity) => severity switch
    {
        Severity.Fine => "ok      ",
        Severity.Notice => "note    ",
        Severity.Weaker => "WEAKER  ",
        _ => "MISSING ",
    };
}
