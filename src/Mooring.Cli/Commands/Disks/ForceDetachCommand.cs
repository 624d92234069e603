using System.CommandLine;
using Mooring.Cli.Waiting;

namespace Mooring.Cli.Commands.Disks;

/// <summary><c>mooring disks force-detach</c>.</summary>
internal sealed class ForceDetachCommand : ServerCommand
{
    private readonly Argument<string> _disk = new DiskArgument();
    private readonly Option<bool> _yes = new YesOption();
    private readonly WaitOptions _wait;

    public ForceDetachCommand(Common common)
        : base(
            common,
            "force-detach",
            "End every instance that holds a disk, by force, so that the disk is given back.",
            "mooring disks force-detach training-data --wait",
            "mooring disks force-detach training-data -y")
    {
        Arguments.Add(_disk);
        Options.Add(_yes);
        _wait = new WaitOptions(this, "no instance holds the disk");
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var disk = await call.Client.GetDiskAsync(await Naming.DiskAsync(call, call.Value(_disk)), call.Ct);
        var yes = call.Value(_yes);
        if (!yes)
        {
            call.Say($"{disk.Name} ({disk.Id}): {disk.Status}, held by {DiskTables.Holders(disk)}");
        }

        await call.ConfirmAsync(
            "End these instances by force? What is not on network disks is lost, and so is what they have not written.",
            yes);
        var done = await call.Client.ForceDetachDiskAsync(disk.Id, call.Ct);
        await InterventionCommand.FinishAsync(call, Target.Disk, done, _wait, Goal.Free);
        return ExitCode.Done;
    }
}
