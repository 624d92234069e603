using Mooring.Providers.Disks;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests.Disks;

/// <summary>DELETING and TERMINATED: absence has to be certain, and then it is for ever.</summary>
public sealed class DiskDeletionTests
{
    private static readonly DiskLimits Limits = new();
    private static readonly DateTimeOffset Now = Rows.Noon + TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);
    private static readonly DiskAnswer Absent = new DiskAnswer.Saw(DiskCall.EnsureDeleted, DiskObservation.Absent);

    private static Disk Provisioning => Disk.Accept(Rows.Disk(), Limits).After with { DueAt = Rows.Noon };

    private static Disk Active => Provisioning with
    {
        Status = DiskStatus.Active,
        Presence = Presence.Gone.Found(Rows.Noon),
        Deadline = null,
        DueAt = null,
    };

    private static Disk Deleting => Delete(Active);

    private static Disk Terminated => Apply(Deleting, Absent).After with { DueAt = null };

    [Theory]
    [InlineData(nameof(DiskStatus.Provisioning))]
    [InlineData(nameof(DiskStatus.Active))]
    [InlineData(nameof(DiskStatus.Stopped))]
    [InlineData(nameof(DiskStatus.Error))]
    public void A_delete_is_accepted_in_every_status_and_ends_the_bill(string status)
    {
        var change = (Active with { Status = Enum.Parse<DiskStatus>(status) }).Delete([], Limits, Now).Value;

        change.After.Status.ShouldBe(DiskStatus.Deleting);
        change.After.Rate.ShouldBeNull();
        change.After.Deadline.ShouldBe(Now + TimeSpan.FromMinutes(30));
        change.Due.ShouldBe(Due.AtOnce);
        change.Happenings.ShouldBe([new Happening(Happened.DeleteAccepted, null)]);
        DiskLifecycle.Next(change.After, Now).ShouldBe(DiskStep.EnsureDeleted);
    }

    [Fact]
    public void A_delete_that_is_asked_for_again_changes_nothing()
    {
        Deleting.Delete([], Limits, Now).Value.IsNothing.ShouldBeTrue();
        Terminated.Delete([], Limits, Now).Value.IsNothing.ShouldBeTrue();
    }

    [Fact]
    public void A_delete_is_refused_while_a_pod_holds_the_disk_and_names_it()
    {
        var refusal = Active.Delete([new PodId("p1")], Limits, Now);

        refusal.Error.ShouldBeOfType<DiskInUse>().Holders.ShouldBe([new PodId("p1")]);
    }

    [Theory]
    [InlineData(nameof(DiskStatus.Provisioning))]
    [InlineData(nameof(DiskStatus.Active))]
    [InlineData(nameof(DiskStatus.Stopped))]
    [InlineData(nameof(DiskStatus.Error))]
    public void A_delete_that_is_forbidden_is_refused_in_every_status_with_what_lifts_it(string status)
    {
        var disk = (Active with { Status = Enum.Parse<DiskStatus>(status) }).ForbidDeletion(true, Now).Value.After;

        foreach (IReadOnlyCollection<PodId> holders in (PodId[][])[[], [new PodId("p1")]])
        {
            disk.Delete(holders, Limits, Now).Error.ShouldBeOfType<DiskDeletionForbidden>().Message
                .ShouldSatisfyAllConditions(
                    words => words.ShouldContain($"mooring disks unprotect {disk.Id}"),
                    words => words.ShouldContain($"PATCH /api/mooring/v1/disks/{disk.Id}"),
                    words => words.ShouldContain("""{"forbidDeletion":false}"""));
        }

        disk.ForbidDeletion(false, Now).Value.After.Delete([], Limits, Now).Value.After.Status
            .ShouldBe(DiskStatus.Deleting);
    }

    [Fact]
    public void Forbidding_a_deletion_is_an_event_that_changes_nothing_else()
    {
        var active = Active with { DueAt = Now, Attempt = 3 };

        var forbidden = active.ForbidDeletion(true, Now).Value;
        var allowed = forbidden.After.ForbidDeletion(false, Now).Value;

        forbidden.After.ShouldBe(active with { IsDeletionForbidden = true, UpdatedAt = Now });
        forbidden.Due.ShouldBeNull();
        forbidden.Happenings.ShouldBe([new Happening(Happened.DeletionForbidden, null)]);
        allowed.After.ShouldBe(active with { UpdatedAt = Now });
        allowed.Happenings.ShouldBe([new Happening(Happened.DeletionAllowed, null)]);
        forbidden.After.ForbidDeletion(true, Now).Value.IsNothing.ShouldBeTrue();
        active.ForbidDeletion(false, Now).Value.IsNothing.ShouldBeTrue();
    }

    [Fact]
    public void An_accepted_deletion_is_not_called_back()
    {
        Deleting.ForbidDeletion(true, Now).Error.ShouldBeOfType<DiskDeletionAccepted>();
        Terminated.ForbidDeletion(true, Now).Error.ShouldBeOfType<DiskDeletionAccepted>();
        Deleting.ForbidDeletion(false, Now).Value.IsNothing.ShouldBeTrue();
        Terminated.ForbidDeletion(false, Now).Value.IsNothing.ShouldBeTrue();
    }

    [Fact]
    public void Deleting_ends_with_a_look_that_finds_nothing_and_gives_the_capacity_back()
    {
        var change = Apply(Deleting, Absent);

        change.After.Status.ShouldBe(DiskStatus.Terminated);
        change.After.TerminatedAt.ShouldBe(Now);
        change.GivesBackCapacity.ShouldBeTrue();
        change.Due.ShouldBe(Due.Nothing);
        change.Happenings.ShouldBe([new Happening(Happened.Gone, null)]);
    }

    [Theory]
    [InlineData(RemoteDiskState.Creating)]
    [InlineData(RemoteDiskState.Ready)]
    [InlineData(RemoteDiskState.Changing)]
    [InlineData(RemoteDiskState.Deleting)]
    [InlineData(RemoteDiskState.Failed)]
    public void Deleting_goes_on_while_the_provider_has_it(RemoteDiskState state)
    {
        var change = Apply(Deleting, new DiskAnswer.Saw(DiskCall.EnsureDeleted, new DiskObservation(state, "r1")));

        change.After.Status.ShouldBe(DiskStatus.Deleting);
        change.GivesBackCapacity.ShouldBeFalse();
        change.Due.ShouldBe(new Due.BackOff(Now + Limits.Ceiling));
    }

    [Theory]
    [InlineData(nameof(FailureKind.Refused))]
    [InlineData(nameof(FailureKind.OutOfStock))]
    [InlineData(nameof(FailureKind.Unauthorized))]
    [InlineData(nameof(FailureKind.Throttled))]
    [InlineData(nameof(FailureKind.Unreachable))]
    [InlineData(nameof(FailureKind.Unknown))]
    public void Deleting_is_not_ended_by_a_missing_answer(string kind)
    {
        var answer = new DiskAnswer.Failed(DiskCall.EnsureDeleted, Enum.Parse<FailureKind>(kind), "no", null, Settling);

        var change = Apply(Deleting, answer);

        change.After.Status.ShouldBe(DiskStatus.Deleting);
        change.Due.ShouldBe(new Due.BackOff(Now + Limits.Ceiling));
    }

    [Fact]
    public void Deleting_that_is_overdue_is_told_once_and_goes_on()
    {
        var late = Deleting.Deadline!.Value;
        DiskLifecycle.Next(Deleting, late).ShouldBe(DiskStep.LetTimePass);
        var told = DiskLifecycle.Apply(Deleting, new DiskAnswer.TimePassed(), Limits, late);
        told.Happenings.Single().What.ShouldBe(Happened.Overdue);
        told.After.Status.ShouldBe(DiskStatus.Deleting);
        DiskLifecycle.Next(told.After, late).ShouldBe(DiskStep.EnsureDeleted);
    }

    [Fact]
    public void Deleting_that_began_after_time_was_found_to_have_passed_is_not_told_overdue()
    {
        var change = Apply(Deleting, new DiskAnswer.TimePassed());

        change.Happenings.ShouldBeEmpty();
        change.After.IsOverdueTold.ShouldBeFalse();
    }

    [Fact]
    public void A_delete_during_the_create_call_goes_by_what_the_call_did()
    {
        var deleting = Delete(Provisioning with { ClaimToken = "t", ClaimUntil = Now + TimeSpan.FromSeconds(75) });
        deleting.SettlesAt.ShouldBeNull("whoever holds the claim says what became of the call");

        // The call was made before the delete, and says now that it worked: so it is deleted, and that is certain.
        var known = Apply(
            deleting, new DiskAnswer.Saw(DiskCall.EnsureCreated, new DiskObservation(RemoteDiskState.Ready)));
        known.Due.ShouldBe(Due.AtOnce);
        Apply(known.After, Absent).After.Status.ShouldBe(DiskStatus.Terminated);

        // It was refused: then there is nothing.
        var refused = Apply(
            deleting, new DiskAnswer.Failed(DiskCall.EnsureCreated, FailureKind.Refused, "no", null, Settling));
        Apply(refused.After, Absent).After.Status.ShouldBe(DiskStatus.Terminated);

        // Nobody knows.
        var unknown = Apply(
            deleting, new DiskAnswer.Failed(DiskCall.EnsureCreated, FailureKind.Unknown, "?", null, Settling));
        unknown.After.SettlesAt.ShouldBe(Now + Settling);
        Apply(unknown.After, Absent).After.Status.ShouldBe(DiskStatus.Deleting);
    }

    [Fact]
    public void Absence_after_an_unknown_create_is_proven_by_two_looks_after_the_settling_time()
    {
        var unknown = Deleting with { Presence = Presence.Gone.Unsettled(Now + Settling) };

        var early = Apply(unknown, Absent);
        early.After.Status.ShouldBe(DiskStatus.Deleting);
        early.Due.ShouldBe(new Due.At(Now + Settling));
        var first = DiskLifecycle.Apply(early.After, Absent, Limits, Now + Settling);
        first.After.Status.ShouldBe(DiskStatus.Deleting);
        first.Due.ShouldBe(Due.AtOnce);
        var second = DiskLifecycle.Apply(first.After, Absent, Limits, Now + Settling);
        second.After.Status.ShouldBe(DiskStatus.Terminated);
    }

    [Theory]
    [InlineData(nameof(DiskStatus.Provisioning), true)]
    [InlineData(nameof(DiskStatus.Deleting), true)]
    [InlineData(nameof(DiskStatus.Active), false)]
    [InlineData(nameof(DiskStatus.Error), false)]
    [InlineData(nameof(DiskStatus.Terminated), false)]
    public void A_claim_that_was_cut_off_opens_what_may_still_be_created(string status, bool opens)
    {
        var disk = Active with { Status = Enum.Parse<DiskStatus>(status) };

        var change = disk.CutOff(Settling, Now);

        change.IsNothing.ShouldBe(!opens);
        change.After.SettlesAt.ShouldBe(opens ? Now + Settling : null);
    }

    [Fact]
    public void Terminated_is_final_and_a_stray_under_its_name_is_found_told_and_removed()
    {
        DiskLifecycle.Next(Terminated, Now).ShouldBe(DiskStep.Rest);
        var due = Terminated with { DueAt = Now };
        DiskLifecycle.Next(due, Now).ShouldBe(DiskStep.Observe);
        var nothing = Apply(due, new DiskAnswer.Saw(DiskCall.Observe, DiskObservation.Absent));
        nothing.Happenings.ShouldBeEmpty();
        nothing.Due.ShouldBe(Due.Nothing);

        var found = Apply(due, new DiskAnswer.Saw(DiskCall.Observe, new DiskObservation(RemoteDiskState.Ready)));
        found.After.Status.ShouldBe(DiskStatus.Terminated);
        found.After.Rate.ShouldBeNull();
        found.Happenings.Single().What.ShouldBe(Happened.StrayFound);
        DiskLifecycle.Next(found.After with { DueAt = Now }, Now).ShouldBe(DiskStep.EnsureDeleted);

        var removed = Apply(found.After, Absent);
        removed.Happenings.Single().What.ShouldBe(Happened.StrayRemoved);
        removed.Due.ShouldBe(Due.Nothing);
        removed.GivesBackCapacity.ShouldBeFalse("it was given back before");
    }

    private static Disk Delete(Disk disk) => disk.Delete([], Limits, Now).Value.After with { DueAt = Now };

    private static DiskChange Apply(Disk disk, DiskAnswer answer) => DiskLifecycle.Apply(disk, answer, Limits, Now);
}
