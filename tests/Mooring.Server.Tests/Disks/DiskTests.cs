using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests.Disks;

/// <summary>What users and pods may do to a disk.</summary>
public sealed class DiskTests
{
    private static readonly DiskLimits Limits = new();
    private static readonly DateTimeOffset Now = Rows.Noon + TimeSpan.FromMinutes(1);
    private static readonly PodId Pod = new("p1");

    private static Disk Active(bool isMultinode) => Rows.Disk(isMultinode: isMultinode) with
    {
        Status = DiskStatus.Active,
        Presence = Presence.Gone.Found(Rows.Noon),
    };

    [Fact]
    public void Attaching_a_single_holder_disk_makes_it_pending_with_a_new_generation()
    {
        var change = Active(isMultinode: false).Attach([], Limits, Now).Value;

        change.After.Status.ShouldBe(DiskStatus.Pending);
        change.After.Generation.ShouldBe(1);
        change.After.Deadline.ShouldBe(Now + TimeSpan.FromMinutes(10));
        change.Due.ShouldBe(new Due.At(Now + TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public void A_shared_disk_stays_active_while_holders_come_and_go()
    {
        var held = Active(isMultinode: true).Attach([Pod], Limits, Now).Value;
        held.After.Status.ShouldBe(DiskStatus.Active);
        held.After.Generation.ShouldBe(1);
        held.Due.ShouldBeNull();

        var going = held.After.BeginRelease(Limits, Now);
        going.After.Status.ShouldBe(DiskStatus.Active);
        going.Happenings.ShouldBe([new Happening(Happened.ReleaseBegun, null)]);
        going.After.Released(Limits, Now).After.Status.ShouldBe(DiskStatus.Active);
    }

    [Fact]
    public void A_single_holder_disk_that_is_held_is_refused_whatever_its_status()
    {
        Active(isMultinode: false).Attach([Pod], Limits, Now).Error.ShouldBeOfType<DiskHeld>().Holder.ShouldBe(Pod);
    }

    [Theory]
    [InlineData(nameof(DiskStatus.Provisioning), "PROVISIONING", "Wait until it is ACTIVE.")]
    [InlineData(nameof(DiskStatus.Pending), "PENDING", "Wait until it is ACTIVE.")]
    [InlineData(nameof(DiskStatus.Stopped), "STOPPED", "resume it")]
    [InlineData(nameof(DiskStatus.Error), "ERROR", "Delete it")]
    [InlineData(nameof(DiskStatus.Deleting), "DELETING", "use another one")]
    public void A_disk_that_is_not_active_is_refused_with_what_to_do(string status, string shown, string advice)
    {
        var disk = Active(isMultinode: true) with { Status = Enum.Parse<DiskStatus>(status) };

        var refusal = disk.Attach([], Limits, Now).Error.ShouldBeOfType<DiskNotActive>();

        refusal.Status.ShouldBe(shown);
        refusal.Message.ShouldContain(advice);
    }

    [Fact]
    public void A_terminated_disk_is_history_and_not_found() =>
        (Active(isMultinode: true) with { Status = DiskStatus.Terminated, TerminatedAt = Now })
            .Attach([], Limits, Now).Error.ShouldBeOfType<DiskNotFound>();

    [Fact]
    public void A_disk_that_cant_be_read_for_longer_than_its_limit_is_refused_as_unknown()
    {
        var unreadable = Active(isMultinode: true) with { UnreadableSince = Now };

        unreadable.Attach([], Limits, Now + Limits.UnreadableShown).Failed.ShouldBeFalse();
        unreadable.Attach([], Limits, Now + Limits.UnreadableShown + TimeSpan.FromTicks(10))
            .Error.ShouldBeOfType<DiskNotActive>().Status.ShouldBe("UNKNOWN");
    }

    [Fact]
    public void Arriving_at_its_holder_and_leaving_it_makes_a_single_holder_disk_active_again()
    {
        var pending = Active(isMultinode: false).Attach([], Limits, Now).Value.After;
        var attached = pending.Attached(Limits, Now);
        attached.After.Status.ShouldBe(DiskStatus.Active);
        attached.After.Deadline.ShouldBeNull();
        attached.Due.ShouldBe(Due.Nothing);

        var releasing = attached.After.BeginRelease(Limits, Now);
        releasing.After.Status.ShouldBe(DiskStatus.Pending);
        releasing.After.Released(Limits, Now).After.Status.ShouldBe(DiskStatus.Active);
    }

    [Fact]
    public void What_could_not_be_read_before_the_move_is_looked_at_after_it()
    {
        var unreadable = Active(isMultinode: false) with { UnreadableSince = Rows.Noon, DueAt = Now };

        var arrived = unreadable.Attach([], Limits, Now).Value.After.Attached(Limits, Now);

        arrived.Due.ShouldBe(Due.AtOnce);
        arrived.After.Deadline.ShouldBe(Rows.Noon + Limits.UnreadableAlert);
    }

    [Fact]
    public void A_clock_that_steps_back_is_held()
    {
        var disk = Active(isMultinode: false) with { UpdatedAt = Now };
        var before = Now - TimeSpan.FromHours(1);

        disk.Rename("x", before).After.UpdatedAt.ShouldBe(Now);
        disk.Delete([], Limits, before).Value.After.Deadline.ShouldBe(Now + Limits.Deleting);
        disk.Attach([], Limits, before).Value.After.StatusSince.ShouldBe(Now);
    }

    [Fact]
    public void A_rename_changes_the_name_alone()
    {
        var disk = Active(isMultinode: false);

        var change = disk.Rename("mine", Now);

        change.After.ShouldBe(disk with { Name = "mine", UpdatedAt = Now });
        change.Due.ShouldBeNull();
        change.Happenings.ShouldBe([new Happening(Happened.Renamed, "mine")]);
    }

    [Fact]
    public void Every_status_has_its_wire_name_and_comes_back_from_it()
    {
        Enum.GetValues<DiskStatus>().Select(DiskStatusNames.ToWire).ShouldBe(
            ["PROVISIONING", "PENDING", "ACTIVE", "STOPPED", "ERROR", "DELETING", "TERMINATED"]);
        foreach (var status in Enum.GetValues<DiskStatus>())
        {
            DiskStatusNames.FromWire(status.ToWire()).ShouldBe(status);
        }
    }

    [Fact]
    public void A_price_never_changes_without_an_event()
    {
        var disk = Active(isMultinode: false);

        Should.Throw<InvalidOperationException>(
            () => DiskChange.Of(disk, disk with { Status = DiskStatus.Deleting }, null));
    }
}
