using Mooring.Providers;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>
/// Answers that are lost, late, doubled or slow: an accepted create ends in one thing, a delete in none.
/// </summary>
public abstract partial class VerbConformance
{
    [Fact, Needs(Circumstance.LostCreateReply)]
    public Task A_create_whose_reply_is_lost_has_an_unknown_outcome_and_is_found() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        await Should.ThrowAsync<UnknownOutcomeException>(() => stage.Resources.EnsureCreatedAsync(Name(1), Ct));
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        stage.Caller.LoseTrackOf(Name(1));

        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact, Needs(Circumstance.LostCreateReply)]
    public Task A_create_repeated_at_once_after_a_lost_reply_makes_one() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        await Should.ThrowAsync<UnknownOutcomeException>(() => stage.Resources.EnsureCreatedAsync(Name(1), Ct));

        // The place shows what is done at once, so that looking before acting is enough.
        await stage.OpenAnother().EnsureCreatedAsync(Name(1), Ct);
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact, Needs(Circumstance.LostCreateReply)]
    public Task A_delete_right_after_a_lost_create_leaves_nothing() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        await Should.ThrowAsync<UnknownOutcomeException>(() => stage.Resources.EnsureCreatedAsync(Name(1), Ct));
        stage.Caller.LoseTrackOf(Name(1));

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact, Needs(Circumstance.LostCreateRequest)]
    public Task A_create_that_never_arrived_has_an_unknown_outcome_and_is_made_in_the_end() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        await Should.ThrowAsync<UnknownOutcomeException>(() => stage.Resources.EnsureCreatedAsync(Name(1), Ct));
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
        stage.Caller.LoseTrackOf(Name(1));

        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact, Needs(Circumstance.LostDeleteReply)]
    public Task A_delete_whose_reply_is_lost_is_done() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Site.BeginAsync();
        await Should.ThrowAsync<UnknownOutcomeException>(
            () => stage.Resources.EnsureDeletedAsync(Name(1), null, Ct));

        (await stage.Resources.EnsureDeletedAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Absent);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact, Needs(Circumstance.LostDeleteRequest)]
    public Task A_delete_that_never_arrived_is_done_in_the_end() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Site.BeginAsync();
        await Should.ThrowAsync<UnknownOutcomeException>(
            () => stage.Resources.EnsureDeletedAsync(Name(1), null, Ct));
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact, Needs(Circumstance.LateCreate)]
    public Task A_create_that_comes_late_is_waited_for_and_not_doubled() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        (await stage.Caller.StepAsync(Name(1), isWanted: true, Ct)).ShouldBeNull("the outcome must be unknown");
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();

        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Site.PassAsync(stage.Resources.SettlingTime);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact, Needs(Circumstance.LateCreate)]
    public Task A_create_that_comes_late_is_deleted_if_that_is_wanted_meanwhile() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        (await stage.Caller.StepAsync(Name(1), isWanted: true, Ct)).ShouldBeNull("the outcome must be unknown");

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        await stage.Site.PassAsync(stage.Resources.SettlingTime);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact, Needs(Circumstance.Duplicate)]
    public Task Of_two_made_under_one_name_one_is_left_before_it_counts_as_ready() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        var made = await stage.Resources.EnsureCreatedAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1), Name(1)]);
        made.Standing.ShouldBe(Standing.Making);
        (await stage.Resources.ObserveAsync(Name(1), null, Ct)).Standing.ShouldNotBe(Standing.Ready);

        var ready = await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        ready.RemoteId.ShouldBe(made.RemoteId);
    });

    [Fact, Needs(Circumstance.Duplicate)]
    public Task A_delete_removes_all_that_bear_the_name() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        await stage.Resources.EnsureCreatedAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).Count.ShouldBe(2);

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact, Needs(Circumstance.SlowCreate)]
    public Task Is_not_ready_before_it_is() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        var create = stage.Resources.EnsureCreatedAsync(Name(1), Ct);
        await stage.Site.UntilUnderWayAsync(1);
        (await stage.Resources.ThereAsync()).ShouldAllBe(one => !one.IsReady);

        var other = stage.OpenAnother();
        (await other.ObserveAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Making);
        (await ListAsync(other)).ShouldAllBe(one => one.Standing == Standing.Making);
        if (create.IsCompleted)
        {
            (await create).Standing.ShouldBe(Standing.Making);
            (await other.EnsureCreatedAsync(Name(1), Ct)).Standing.ShouldBe(Standing.Making);
        }

        await stage.Site.EndAsync();
        await AnswerOf(create);
        (await stage.Caller.UntilReadyAsync(Name(1), Ct)).Standing.ShouldBe(Standing.Ready);
        (await stage.Resources.ThereAsync()).ShouldBe([(Name(1), true)]);
    });

    [Fact, Needs(Circumstance.SlowDelete)]
    public Task Is_not_absent_before_it_is_gone() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Site.BeginAsync();
        (await stage.Resources.EnsureDeletedAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Removing);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        (await stage.Resources.EnsureDeletedAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Removing);
        (await stage.OpenAnother().ObserveAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Removing);

        await stage.Site.EndAsync();
        (await stage.Resources.EnsureDeletedAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Absent);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact, Needs(Circumstance.Overlap)]
    public Task Two_processes_that_create_at_once_make_one() => PlayAsync(async stage =>
    {
        var other = stage.OpenAnother();
        await stage.Site.BeginAsync();
        var one = stage.Resources.EnsureCreatedAsync(Name(1), Ct);
        var two = other.EnsureCreatedAsync(Name(1), Ct);
        await stage.Site.UntilUnderWayAsync(2);
        await stage.Site.EndAsync();
        await Task.WhenAll(AnswerOf(one), AnswerOf(two));

        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        (await other.ObserveAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Ready);
    });
}
