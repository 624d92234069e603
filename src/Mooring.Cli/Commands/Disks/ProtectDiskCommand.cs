using System.CommandLine;
using Mooring.Cli.Output;

namespace Mooring.Cli.Commands.Disks;

/// <summary><c>mooring disks protect</c> and <c>mooring disks unprotect</c>.</summary>
internal sealed class ProtectDiskCommand : ServerCommand
{
    private readonly Argument<string> _disk = new DiskArgument();
    private readonly bool _forbid;

    private ProtectDiskCommand(Common common, string verb, string description, bool forbid)
        : base(common, verb, description, $"mooring disks {verb} training-data")
    {
        _forbid = forbid;
        Arguments.Add(_disk);
        AddCommonOptions();
    }

    public static ProtectDiskCommand Protect(Common common) => new(
        common, "protect", "Forbid the deletion of a disk, until somebody unprotects it.", forbid: true);

    public static ProtectDiskCommand Unprotect(Common common) => new(
        common, "unprotect", "Allow the deletion of a disk again.", forbid: false);

    protected override async Task<int> RunAsync(Call call)
    {
        var id = await Naming.DiskAsync(call, call.Value(_disk));
        var now = await call.Client.ForbidDiskDeletionAsync(id, _forbid, call.Ct);
        call.Printer.Lines(
            now,
            Printer.Json.DiskSettings,
            now.ForbidDeletion
                ? $"disk {now.Id} can't be deleted; undo that with: mooring disks unprotect {now.Id}"
                : $"disk {now.Id} can be deleted");
        return ExitCode.Done;
    }
}
