using System.Diagnostics;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>A process of the host that stands in another process's mount namespace, and keeps its mounts alive.</summary>
internal sealed class Onlooker : IDisposable
{
    private readonly Process _process;

    private Onlooker(Process process) => _process = process;

    public static Onlooker At(int pid)
    {
        // Nothing of the other's root is needed: this machine's own program is already open when the namespace changes.
        var start = new ProcessStartInfo("nsenter") { UseShellExecute = false };
        foreach (var argument in (string[])["--target", $"{pid}", "--mount", "--", "sleep", "1000000"])
        {
            start.ArgumentList.Add(argument);
        }

        return new Onlooker(Process.Start(start)!);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
