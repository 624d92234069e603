using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.Disks;

/// <summary><c>mooring disks list</c>.</summary>
internal sealed class ListDisksCommand : ServerCommand
{
    public ListDisksCommand(Common common)
        : base(
            common,
            "list",
            "List your disks, newest first.",
            "mooring disks list",
            "mooring disks list -o json | jq -r '.[] | select(.pods == []) | .id'") => AddCommonOptions();

    protected override async Task<int> RunAsync(Call call)
    {
        var disks = await call.Client.ListDisksAsync(ct: call.Ct).ToListAsync(call.Ct);
        call.Printer.Rows(disks, Printer.Json.Disk, DiskTables.List(call.Around.Time), "There are no disks.");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring disks get</c>.</summary>
internal sealed class GetDiskCommand : ServerCommand
{
    private readonly Argument<string> _disk = new DiskArgument();

    public GetDiskCommand(Common common)
        : base(
            common,
            "get",
            "Show a disk; by its id also one that is gone.",
            "mooring disks get training-data",
            "mooring disks get 01a2100f14c07574a46ef9a46498d70f -o json")
    {
        Arguments.Add(_disk);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var disk = await call.Client.GetDiskAsync(await Naming.DiskAsync(call, call.Value(_disk)), call.Ct);
        call.Printer.Details(disk, Printer.Json.Disk, DiskTables.Details(disk, call.Around.Time));
        return ExitCode.Done;
    }
}

/// <summary><c>mooring disks rename</c>.</summary>
internal sealed class RenameDiskCommand : ServerCommand
{
    private readonly Argument<string> _disk = new DiskArgument();

    private readonly Argument<string> _name = new("new-name") { Description = "1 to 255 characters." };

    public RenameDiskCommand(Common common)
        : base(common, "rename", "Give a disk another name.", "mooring disks rename training-data corpus-2026")
    {
        Arguments.Add(_disk);
        Arguments.Add(_name);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = await Naming.DiskAsync(call, call.Value(_disk));
        RenamedDisk renamed = await call.Client.RenameDiskAsync(id, call.Value(_name), call.Ct);
        call.Printer.Lines(renamed, Printer.Json.RenamedDisk, $"disk {renamed.Id} is now called {renamed.Name}");
        return ExitCode.Done;
    }
}
