using Mooring.Providers;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>A failure is told as what it is: what it proves, and what it does not.</summary>
public abstract partial class VerbConformance
{
    [Fact, Needs(Circumstance.Refusal)]
    public Task A_refused_create_says_the_places_words_and_makes_nothing() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        var refused = await Should.ThrowAsync<RefusedException>(
            () => stage.Resources.EnsureCreatedAsync(Name(1), Ct));
        refused.Message.ShouldContain(stage.Site.Words);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
        (await stage.Resources.ObserveAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Absent);

        await stage.Site.EndAsync();
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
    });

    [Fact, Needs(Circumstance.OutOfStock)]
    public Task A_create_without_room_is_out_of_stock_and_not_refused_for_good() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        var none = await Should.ThrowAsync<OutOfStockException>(
            () => stage.Resources.EnsureCreatedAsync(Name(1), Ct));
        none.Message.ShouldNotBeNullOrWhiteSpace();
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();

        await stage.Site.EndAsync();
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact, Needs(Circumstance.BadCredentials)]
    public Task Credentials_that_are_not_accepted_prove_nothing() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Site.BeginAsync();
        foreach (var (verb, call) in Verbs(stage.Resources, Name(1)))
        {
            await Should.ThrowAsync<UnauthorizedException>(() => call(Ct), verb);
        }

        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        await stage.Site.EndAsync();
        (await stage.Resources.ObserveAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Ready);
    });

    [Fact, Needs(Circumstance.Throttling)]
    public Task A_throttled_call_is_made_once_and_says_when_to_come_again() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Site.BeginAsync();
        foreach (var (verb, call) in Verbs(stage.Resources, Name(1)).Concat(Verbs(stage.Resources, Name(2))))
        {
            var before = stage.Site.CallsMade;
            var throttled = await Should.ThrowAsync<ThrottledException>(() => call(Ct), verb);
            throttled.RetryAfter.ShouldBe(stage.Site.RetryAfter, verb);
            (stage.Site.CallsMade - before).ShouldBe(1, verb);
        }

        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        await stage.Site.EndAsync();
        await stage.Caller.UntilReadyAsync(Name(2), Ct);
        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(2)]);
    });

    [Fact, Needs(Circumstance.Unreachability)]
    public Task Where_nothing_can_be_read_nothing_is_absent() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Site.BeginAsync();
        foreach (var (verb, call) in Verbs(stage.Resources, Name(1)).Concat(Verbs(stage.Resources, Name(2))))
        {
            await Should.ThrowAsync<UnreachableException>(() => call(Ct), verb);
        }

        await stage.Site.EndAsync();
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        (await stage.Resources.ObserveAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Ready);
        (await stage.Resources.ObserveAsync(Name(2), null, Ct)).Standing.ShouldBe(Standing.Absent);
    });

    [Fact, Needs(Circumstance.BrokenList)]
    public Task A_list_that_breaks_off_throws() => PlayAsync(async stage =>
    {
        var names = Enumerable.Range(1, 5).Select(Name).ToList();
        foreach (var name in names)
        {
            await stage.Caller.UntilReadyAsync(name, Ct);
        }

        await stage.Site.BeginAsync();
        await Should.ThrowAsync<ProviderException>(() => ListAsync(stage.Resources));
        (await NamesListedAsync(stage.Resources)).ShouldBe(names);
    });

    [Fact, Needs(Circumstance.EmptyPage)]
    public Task A_list_goes_on_after_an_empty_page() => PlayAsync(async stage =>
    {
        for (var number = 1; number <= 3; number++)
        {
            await stage.Caller.UntilReadyAsync(Name(number), Ct);
        }

        await stage.Site.BeginAsync();
        (await NamesListedAsync(stage.Resources)).ShouldBe([Name(2), Name(3)]);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(2), Name(3)]);
    });

    [Fact, Needs(Circumstance.Vanishing)]
    public Task What_vanished_is_absent_and_can_be_deleted() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Site.BeginAsync();
        (await stage.Resources.ObserveAsync(Name(1), stage.Caller.RemoteIdOf(Name(1)), Ct))
            .Standing.ShouldBe(Standing.Absent);
        (await NamesListedAsync(stage.Resources)).ShouldBeEmpty();
        (await stage.Resources.EnsureDeletedAsync(Name(1), stage.Caller.RemoteIdOf(Name(1)), Ct))
            .Standing.ShouldBe(Standing.Absent);
    });

    [Fact, Needs(Circumstance.BlindAfterCreate)]
    public Task A_look_that_fails_after_the_create_does_not_make_it_undone() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        Sighting? told = null;
        var failure = await Record.ExceptionAsync(
            async () => told = await stage.Resources.EnsureCreatedAsync(Name(1), Ct));
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        (failure is null or UnknownOutcomeException).ShouldBeTrue($"It was made, and the answer was {failure}.");
        (told?.Standing is null or Standing.Making).ShouldBeTrue($"Nobody has seen that it is {told?.Standing}.");

        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact]
    public Task A_call_cancelled_before_it_begins_changes_nothing() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        foreach (var (verb, call) in Verbs(stage.Resources, Name(1)).Concat(Verbs(stage.Resources, Name(2))))
        {
            await Should.ThrowAsync<OperationCanceledException>(() => call(cancelled.Token), verb);
        }

        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact, Needs(Circumstance.HangingCreate)]
    public Task A_create_cancelled_in_its_middle_is_never_doubled() => PlayAsync(async stage =>
    {
        await CancelInTheMiddleAsync(stage, ct => stage.Resources.EnsureCreatedAsync(Name(1), ct));
        stage.Caller.LoseTrackOf(Name(1));

        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact, Needs(Circumstance.HangingCreate)]
    public Task A_create_cancelled_in_its_middle_can_be_deleted() => PlayAsync(async stage =>
    {
        await CancelInTheMiddleAsync(stage, ct => stage.Resources.EnsureCreatedAsync(Name(1), ct));
        stage.Caller.LoseTrackOf(Name(1));

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        await stage.Site.PassAsync(stage.Resources.SettlingTime);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact, Needs(Circumstance.HangingDelete)]
    public Task A_delete_cancelled_in_its_middle_is_done_in_the_end() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Caller.UntilReadyAsync(Name(2), Ct);
        await CancelInTheMiddleAsync(stage, ct => stage.Resources.EnsureDeletedAsync(Name(1), null, ct));

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(2)]);
    });

    [Fact, Needs(Circumstance.HangingLook)]
    public Task A_look_cancelled_in_its_middle_says_nothing() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await CancelInTheMiddleAsync(stage, ct => stage.Resources.ObserveAsync(Name(1), null, ct));

        (await stage.Resources.ObserveAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Ready);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact, Needs(Circumstance.HangingList)]
    public Task A_list_cancelled_in_its_middle_does_not_end_as_if_it_were_complete() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await CancelInTheMiddleAsync(stage, ct => ListAsync(stage.Resources, ct));

        (await NamesListedAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    private static async Task CancelInTheMiddleAsync(Stage stage, Func<CancellationToken, Task> call)
    {
        using var cancel = new CancellationTokenSource();
        await stage.Site.BeginAsync();
        var running = call(cancel.Token);
        await stage.Site.UntilUnderWayAsync(1);
        await cancel.CancelAsync();
        await ShouldBeCancelledAsync(running);
        await stage.Site.EndAsync();
    }
}
