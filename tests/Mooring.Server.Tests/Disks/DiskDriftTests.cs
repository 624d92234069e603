using Mooring.Providers.Disks;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests.Disks;

/// <summary>What a list shows of a disk otherwise is told once when it begins and once when it is over.</summary>
public sealed class DiskDriftTests
{
    private const DiskDrift All = DiskDrift.Size | DiskDrift.Name | DiskDrift.Status | DiskDrift.Attachment;
    private static readonly DateTimeOffset Now = Rows.Noon + TimeSpan.FromMinutes(1);

    private static Disk Active => Rows.Disk() with { Status = DiskStatus.Active, IsAtProvider = true };

    [Fact]
    public void What_begins_is_told_once_and_what_is_over_is_told_once()
    {
        var begun = Active.Compare(Shown(All, DiskDrift.Size, DiskDrift.Name), Now);
        begun.After.Drift.ShouldBe(DiskDrift.Size | DiskDrift.Name);
        begun.After.UpdatedAt.ShouldBe(Now);
        begun.Happenings.ShouldBe(
            [new Happening(Happened.DriftBegun, "Size differs."), new Happening(Happened.DriftBegun, "Name differs.")]);

        begun.After.Compare(Shown(All, DiskDrift.Size, DiskDrift.Name), Now).IsNothing.ShouldBeTrue();

        var half = begun.After.Compare(Shown(All, DiskDrift.Name), Now);
        half.After.Drift.ShouldBe(DiskDrift.Name);
        half.Happenings.ShouldBe(
            [new Happening(Happened.DriftEnded, "Its size at the provider is again as it should be.")]);
    }

    [Fact]
    public void What_could_not_be_compared_stays_as_it_was()
    {
        var held = Active with { Drift = DiskDrift.Attachment };

        held.Compare(Shown(DiskDrift.Size | DiskDrift.Name), Now).IsNothing.ShouldBeTrue();
        held.Compare(Shown(All), Now).Happenings.ShouldHaveSingleItem().Words.ShouldBe(
            "What holds it at the provider is again as it should be.");
    }

    [Theory]
    [InlineData("Provisioning", true)]
    [InlineData("Deleting", true)]
    [InlineData("Terminated", true)]
    [InlineData("Active", false)]
    public void Nothing_is_told_of_a_disk_that_comes_or_goes_or_is_not_there(string status, bool isAtProvider)
    {
        var disk = Active with { Status = Enum.Parse<DiskStatus>(status), IsAtProvider = isAtProvider };

        disk.Compare(Shown(All, DiskDrift.Size), Now).IsNothing.ShouldBeTrue();
    }

    [Fact]
    public void Neither_price_nor_status_nor_what_is_due_is_changed_by_it()
    {
        var change = Active.Compare(Shown(All, DiskDrift.Status), Now);

        (change.Due, change.After.Status, change.After.Rate).ShouldBe((null, DiskStatus.Active, Active.Rate));
    }

    [Fact]
    public void A_disk_that_failed_there_is_not_shown_otherwise_any_more()
    {
        var drifted = Active with { Drift = DiskDrift.Status | DiskDrift.Size, DueAt = Now };

        Saw(drifted, RemoteDiskState.Failed).Drift.ShouldBe(DiskDrift.Size);
        Saw(drifted, RemoteDiskState.Absent).Drift.ShouldBe(DiskDrift.None);
    }

    [Fact]
    public void A_delete_that_somebody_took_back_is_no_reason_any_more()
    {
        var deleting = Saw(Active with { DueAt = Now }, RemoteDiskState.Deleting);
        deleting.Reason.ShouldBe("Somebody is deleting it at the provider.");

        Saw(deleting, RemoteDiskState.Ready).Reason.ShouldBeNull();
    }

    private static Disk Saw(Disk disk, RemoteDiskState state) => DiskLifecycle.Apply(
        disk,
        new DiskAnswer.Saw(DiskCall.Observe, new DiskObservation(state, "r1")),
        new DiskLimits(),
        Now).After;

    private static Comparison Shown(DiskDrift compared, params IEnumerable<DiskDrift> found) =>
        new(compared, [.. found.Select(one => new Difference(one, $"{one} differs."))]);
}
