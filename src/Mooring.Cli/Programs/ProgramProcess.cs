using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mooring.Cli.Programs;

/// <summary>Runs another program in place of this process, as far as anybody outside can tell.</summary>
internal static partial class ProgramProcess
{
    private const int SigHup = 1;
    private const int SigTerm = 15;

    /// <summary>
    /// Runs it with our streams and answers its exit code (128 + the number of the signal that ended it).
    /// </summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static async Task<int> RunAsync(
        FoundProgram program,
        IReadOnlyList<string> arguments,
        CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(program.File, [.. program.Before, .. arguments]))!;

        // The terminal sends these to the whole group, so the program has them already and decides what they mean.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => signal.Cancel = true);
        using var terminate = Forward(PosixSignal.SIGTERM, SigTerm, process.Id);
        using var hangUp = Forward(PosixSignal.SIGHUP, SigHup, process.Id);
        using var cancelled = ct.Register(() => Send(process.Id, SigTerm));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    private static PosixSignalRegistration Forward(PosixSignal signal, int number, int processId) =>
        PosixSignalRegistration.Create(signal, received =>
        {
            received.Cancel = true;
            Send(processId, number);
        });

    // .NET can only kill a process outright; this one is to end by itself.
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    // A failure means that it has ended meanwhile, which is what is waited for.
    private static void Send(int processId, int signal) => _ = Kill(processId, signal);
}
