using Mooring.Cli.Output;
using Mooring.Cli.Ssh;

namespace Mooring.Cli.Demo;

/// <summary>An instance that can be logged in to, with the disk mounted.</summary>
/// <param name="PodId">Its id.</param>
/// <param name="Login">Where its SSH server is.</param>
/// <param name="MountPath">Where it sees the disk; one that <see cref="DataScripts.IsMountPath"/> accepts.</param>
internal sealed record RunningInstance(string PodId, SshTarget Login, string MountPath);

/// <summary>The random data on the disk: written through one instance, read through another.</summary>
internal sealed class InstanceData(IRemoteShell shell, string privateKeyFile, TimeProvider time, DemoSettings settings)
{
    private static readonly TimeSpan LoginPause = TimeSpan.FromSeconds(1);

    /// <returns>The checksum that the data must have from now on.</returns>
    public async Task<string> WriteAsync(RunningInstance instance, Step step, CancellationToken ct)
    {
        await ShowAsync(instance, step, ct);
        step.Report($"writing to {instance.MountPath}");
        var output = await RunAsync(instance, DataScripts.Write, [instance.MountPath, $"{settings.DataMiB}"], ct);
        if (DataScripts.Checksums(output) is not [var checksum])
        {
            throw new CommandFailedException($"the instance printed no checksum but '{output.Trim()}'");
        }

        step.Outcome = $"sha256 {checksum}";
        return checksum;
    }

    /// <exception cref="CommandFailedException">The data is not the one that was written.</exception>
    public async Task VerifyAsync(RunningInstance instance, string written, Step step, CancellationToken ct)
    {
        await ShowAsync(instance, step, ct);
        step.Report($"reading from {instance.MountPath}");
        var output = await RunAsync(instance, DataScripts.Read, [instance.MountPath], ct);
        if (DataScripts.Checksums(output) is not [var computed, var stored])
        {
            throw new CommandFailedException($"the instance printed no two checksums but '{output.Trim()}'");
        }

        if (computed != written || stored != written)
        {
            throw new CommandFailedException(
                $"the data is NOT equal: {written} was written, {computed} is what the data has now, "
                + $"and {stored} is stored beside it");
        }

        step.Outcome = $"sha256 {computed}, as written";
    }

    // An SSH server may need a moment more than the instance's status says.
    private async Task ShowAsync(RunningInstance instance, Step step, CancellationToken ct)
    {
        step.Report($"logging in to {instance.Login}");
        var start = time.GetTimestamp();
        ShellOutcome shown;
        while ((shown = await RunRawAsync(instance, DataScripts.Show, [instance.MountPath], ct)).ExitCode
                == ShellOutcome.NoConnection
            && time.GetElapsedTime(start) < settings.LoginDeadline)
        {
            await Task.Delay(LoginPause, time, ct);
        }

        step.Notes.AddRange(Printable.Lines(Succeeded(instance, shown)));
    }

    private async Task<string> RunAsync(
        RunningInstance instance,
        string script,
        IReadOnlyList<string> arguments,
        CancellationToken ct) => Succeeded(instance, await RunRawAsync(instance, script, arguments, ct));

    private Task<ShellOutcome> RunRawAsync(
        RunningInstance instance,
        string script,
        IReadOnlyList<string> arguments,
        CancellationToken ct) => shell.RunAsync(instance.Login, privateKeyFile, script, arguments, ct);

    private static string Succeeded(RunningInstance instance, ShellOutcome outcome) => outcome.ExitCode switch
    {
        0 => outcome.Output,
        ShellOutcome.NoConnection => throw new CommandFailedException(
            $"no ssh connection to {instance.Login}: {outcome.Error.Trim()}. Can this machine reach that address?"),
        var code => throw new CommandFailedException(
            $"a command in the instance {instance.PodId} ended with {code}: {outcome.Error.Trim()}"),
    };
}
