using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Cli.Waiting;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.Disks;

/// <summary><c>mooring disks delete</c>.</summary>
internal sealed class DeleteDiskCommand : ServerCommand
{
    private readonly Argument<string> _disk = new DiskArgument();
    private readonly Option<bool> _yes = new YesOption();
    private readonly WaitOptions _wait;

    public DeleteDiskCommand(Common common)
        : base(
            common,
            "delete",
            "Delete a disk and all its data, for good.",
            "mooring disks delete training-data --wait",
            "mooring disks delete 01a2100f14c07574a46ef9a46498d70f -y")
    {
        Arguments.Add(_disk);
        Options.Add(_yes);
        _wait = new WaitOptions(this, "the disk is gone");
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var disk = await call.Client.GetDiskAsync(await Naming.DiskAsync(call, call.Value(_disk)), call.Ct);
        if (disk.Status != Statuses.Terminated)
        {
            var yes = call.Value(_yes);
            if (!yes)
            {
                await ShowAsync(call, disk);
            }

            await call.ConfirmAsync("Delete this disk and all its data for good?", yes);
        }

        var answer = await call.Client.DeleteDiskAsync(disk.Id, call.Ct);
        if (answer.Status != Statuses.Terminated
            && (await _wait.RunAsync(call, ResourceKinds.Disk, disk.Id, Goal.Gone)).Waited)
        {
            answer = new StatusOnly(Statuses.Terminated);
        }

        call.Printer.Lines(answer, Printer.Json.StatusOnly, $"disk {disk.Name} ({disk.Id}) is {answer.Status}");
        return ExitCode.Done;
    }

    // What would be lost, before it is asked for; what would be refused is not asked for at all.
    private static async Task ShowAsync(Call call, Disk disk)
    {
        var deletion = await call.Client.PreviewDiskDeletionAsync(disk.Id, call.Ct);
        call.Say(
            $"{disk.Name} ({disk.Id}): {disk.Size} GB at {DiskTables.Place(disk)}, {disk.Status}, "
            + $"held by {DiskTables.Holders(disk)}");
        call.Say(
            $"used: {(deletion.UsedBytes is { } bytes ? Words.Bytes(bytes) : "not known")}. {deletion.UsedWords}");
        call.Say($"last attached: {LastAttached(deletion, call.Around.Time)}");
        call.Say($"cost so far: {Words.Price(deletion.CostUsd)} USD, {Words.Price(deletion.PriceHr)} USD/h now");
        if (!deletion.WouldBeAccepted)
        {
            throw new CommandFailedException($"{deletion.Refusal} Nothing was done")
            {
                Code = ExitCode.Refused,
            };
        }
    }

    private static string LastAttached(DiskDeletion deletion, TimeProvider time) => deletion switch
    {
        { LastAttachedAt: null } => "never",
        { Holders.Count: > 0 } => "still",
        { LastReleasedAt: { } released } => $"until {Words.Instant(released)} ({Words.Age(released, time)} ago)",
        { LastAttachedAt: { } attached } => $"{Words.Instant(attached)} ({Words.Age(attached, time)} ago)",
    };
}
