using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>Installations that serve simulated places, by the guide's sample scripts or a test's own.</summary>
internal static class Simulating
{
    /// <summary>One that serves nothing else: this machine is switched off.</summary>
    public static Installation Prepare(params IReadOnlyList<string> samples)
    {
        var installation = Installation.Prepare();
        installation.Settings["MOORING__Local__Enabled"] = "false";
        installation.Options = [.. samples.SelectMany(sample => new[] { "--simulate", PathOf(sample) })];
        return installation;
    }

    public static string PathOf(string sample) =>
        Path.Combine(Programs.Repository, "docs", "guides", "rehearse-failure", sample);

    /// <summary>Writes a script into the installation's scratch directory.</summary>
    public static string Write(Installation installation, string name, string json)
    {
        Directory.CreateDirectory(installation.Scratch);
        var path = Path.Combine(installation.Scratch, name);
        File.WriteAllText(path, json);
        return path;
    }
}
