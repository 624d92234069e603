using Mooring.Agent.Hosts;
using Mooring.Providers;

namespace Mooring.Agent.Mounts;

/// <summary>
/// Checks of file systems before they are mounted. A clean one takes milliseconds; one that was cut off replays its
/// journal; a damaged large one may take minutes and then goes on between calls.
/// </summary>
internal sealed class FileSystemCheck(TimeSpan patience, TimeProvider time)
{
    private readonly LongWork<CommandOutcome> _checks = new(time);

    public bool IsGoingOn(LoopDevice device) => _checks.Has(device.Path);

    /// <summary>True when the file system may be mounted; false while the check goes on.</summary>
    /// <param name="device">Where it is.</param>
    /// <param name="evenIfClean">Whether one that says that it was cleanly unmounted is looked through all the
    /// same.</param>
    /// <param name="ct">Ends the waiting, not the check.</param>
    /// <exception cref="RefusedException">It is damaged beyond automatic repair.</exception>
    public async Task<bool> PassesAsync(LoopDevice device, bool evenIfClean, CancellationToken ct)
    {
        string[] arguments = evenIfClean ? ["-p", "-f", device.Path] : ["-p", device.Path];
        // Not cut off when the caller gives up: a check that begins anew each time never ends.
        var (ended, outcome) = await _checks.JoinAsync(
            device.Path, () => HostCommand.RunAsync("e2fsck", arguments, CancellationToken.None), patience, ct);
        if (!ended)
        {
            return false;
        }

        // Exit codes of e2fsck(8) are bits: 1 corrected, 2 corrected and a mounted root wants a reboot, 4 left
        // uncorrected, 8 operational error, 16 usage, 32 cancelled, 128 library error.
        return outcome!.ExitCode < 4
            ? true
            : throw new RefusedException(
                "the disk's file system is damaged beyond automatic repair "
                + $"(e2fsck exit code {outcome.ExitCode}: {outcome.LastWords}); the data is untouched");
    }
}
