namespace Mooring.Conformance.Tests.Suite;

/// <summary>Verbs that are run again, by whomever: the same is true afterwards.</summary>
public abstract partial class VerbConformance
{
    [Fact]
    public Task Is_absent_before_it_is_made_and_after_it_is_deleted() => PlayAsync(async stage =>
    {
        (await stage.Resources.ObserveAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Absent);

        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        (await NamesListedAsync(stage.Resources)).ShouldBe([Name(1)]);

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await stage.Resources.ObserveAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Absent);
        (await NamesListedAsync(stage.Resources)).ShouldBeEmpty();
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact]
    public Task A_create_run_twice_makes_one() => PlayAsync(async stage =>
    {
        await stage.Resources.EnsureCreatedAsync(Name(1), Ct);
        await stage.Resources.EnsureCreatedAsync(Name(1), Ct);

        (await stage.Caller.UntilReadyAsync(Name(1), Ct)).Standing.ShouldBe(Standing.Ready);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact]
    public Task A_create_run_again_by_another_process_makes_one() => PlayAsync(async stage =>
    {
        await stage.Resources.EnsureCreatedAsync(Name(1), Ct);
        await stage.OpenAnother().EnsureCreatedAsync(Name(1), Ct);

        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact]
    public Task A_delete_of_what_was_never_there_is_done() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(2), Ct);

        (await stage.Resources.EnsureDeletedAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Absent);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(2)]);
    });

    [Fact]
    public Task A_delete_run_twice_is_done_twice() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Caller.UntilGoneAsync(Name(1), Ct);

        (await stage.Resources.EnsureDeletedAsync(Name(1), stage.Caller.RemoteIdOf(Name(1)), Ct))
            .Standing.ShouldBe(Standing.Absent);
        (await stage.OpenAnother().EnsureDeletedAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Absent);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact]
    public Task A_look_run_twice_says_the_same_and_changes_nothing() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Caller.UntilReadyAsync(Name(2), Ct);

        var seen = await stage.Resources.ObserveAsync(Name(1), null, Ct);
        (await stage.Resources.ObserveAsync(Name(1), null, Ct)).ShouldBe(seen);
        (await stage.OpenAnother().ObserveAsync(Name(1), null, Ct)).ShouldBe(seen);
        var listed = await NamesListedAsync(stage.Resources);
        (await NamesListedAsync(stage.OpenAnother())).ShouldBe(listed);
        (await NamesThereAsync(stage.Resources)).ShouldBe(listed);
    });

    [Fact]
    public Task What_is_deleted_can_be_made_again_under_its_name() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        await stage.Caller.UntilReadyAsync(Name(1), Ct);

        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact]
    public Task A_remote_id_is_the_same_in_every_answer() => PlayAsync(async stage =>
    {
        var made = await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (made.RemoteId is not null).ShouldBe(stage.Site.GivesRemoteIds);

        (await stage.Resources.EnsureCreatedAsync(Name(1), Ct)).RemoteId.ShouldBe(made.RemoteId);
        (await stage.Resources.ObserveAsync(Name(1), null, Ct)).RemoteId.ShouldBe(made.RemoteId);
        (await stage.Resources.ObserveAsync(Name(1), made.RemoteId, Ct)).RemoteId.ShouldBe(made.RemoteId);
        (await stage.OpenAnother().ObserveAsync(Name(1), null, Ct)).RemoteId.ShouldBe(made.RemoteId);
        (await ListAsync(stage.Resources)).ShouldHaveSingleItem().RemoteId.ShouldBe(made.RemoteId);
    });

    [Fact]
    public Task Many_creates_at_once_make_one() => PlayAsync(async stage =>
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => stage.Resources.EnsureCreatedAsync(Name(1), Ct), Ct)));

        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact]
    public Task Many_deletes_at_once_end_in_absence() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Caller.UntilReadyAsync(Name(2), Ct);
        var other = stage.OpenAnother();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            () => (i % 2 == 0 ? stage.Resources : other).EnsureDeletedAsync(Name(1), null, Ct), Ct)));

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(2)]);
    });

    [Fact]
    public Task Calls_about_different_names_at_once_do_not_meet() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Caller.UntilReadyAsync(Name(2), Ct);

        await Task.WhenAll(
        [
            .. Enumerable.Range(3, 4).Select(
                number => Task.Run(() => stage.Resources.EnsureCreatedAsync(Name(number), Ct), Ct)),
            Task.Run(() => stage.Resources.EnsureDeletedAsync(Name(1), null, Ct), Ct),
        ]);

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe(Enumerable.Range(2, 5).Select(Name));
    });

    [Fact]
    public Task A_create_and_a_delete_at_once_end_as_the_caller_insists() => PlayAsync(async stage =>
    {
        await Task.WhenAll(
            Task.Run(() => stage.Resources.EnsureCreatedAsync(Name(1), Ct), Ct),
            Task.Run(() => stage.Resources.EnsureDeletedAsync(Name(1), null, Ct), Ct));
        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();

        await Task.WhenAll(
            Task.Run(() => stage.Resources.EnsureCreatedAsync(Name(2), Ct), Ct),
            Task.Run(() => stage.Resources.EnsureDeletedAsync(Name(2), null, Ct), Ct));
        await stage.Caller.UntilReadyAsync(Name(2), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(2)]);
    });
}
