using Mooring.Providers.Disks;

namespace Mooring.Providers.Simulated.Tests;

public class DiskFaultTests
{
    [Fact]
    public async Task A_slow_create_is_taken_up_and_ready_later()
    {
        using var cloud = Cloud.With("""{ "fault": "slow", "on": ["disk.create"], "seconds": 30 }""");
        (await cloud.CreateAsync()).State.ShouldBe(RemoteDiskState.Creating);
        cloud.Pass(30);
        (await cloud.CreateAsync()).State.ShouldBe(RemoteDiskState.Ready);
        cloud.Books.Disks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_create_makes_nothing_and_says_the_scripts_words()
    {
        using var cloud = Cloud.With(
            """{ "fault": "refused", "on": ["disk.create"], "calls": [1], "words": "Not with this card." }""");
        var refused = await Should.ThrowAsync<RefusedException>(() => cloud.CreateAsync());
        refused.Message.ShouldBe("Not with this card.");
        cloud.Books.Disks.ShouldBeEmpty();
        (await cloud.CreateAsync()).State.ShouldBe(RemoteDiskState.Ready);
    }

    [Fact]
    public async Task A_lost_reply_leaves_a_disk_behind()
    {
        using var cloud = Cloud.With("""{ "fault": "lostReply", "on": ["disk.create"], "times": 1 }""");
        await Should.ThrowAsync<UnknownOutcomeException>(() => cloud.CreateAsync());
        cloud.Books.Disks.Count.ShouldBe(1);
        (await cloud.CreateAsync()).ShouldBe(new DiskObservation(RemoteDiskState.Ready, "disk-1"));
        cloud.Books.Disks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_lost_request_leaves_nothing_behind()
    {
        using var cloud = Cloud.With("""{ "fault": "lostRequest", "on": ["disk.create"], "times": 1 }""");
        await Should.ThrowAsync<UnknownOutcomeException>(() => cloud.CreateAsync());
        cloud.Books.Disks.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_late_create_takes_effect_after_its_reply_was_lost_and_within_the_settling_time()
    {
        using var cloud = Cloud.With("""{ "fault": "late", "on": ["disk.create"], "times": 1, "seconds": 60 }""");
        await Should.ThrowAsync<UnknownOutcomeException>(() => cloud.CreateAsync());
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Absent);
        cloud.Books.Disks.ShouldHaveSingleItem().IsToComeAt(cloud.Time.GetUtcNow()).ShouldBeTrue();
        cloud.Disks.SettlingTime.ShouldBe(TimeSpan.FromSeconds(60));

        cloud.Pass(60);
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Ready);
    }

    [Fact]
    public async Task A_late_create_asked_for_again_before_it_lands_makes_two()
    {
        using var cloud = Cloud.With("""{ "fault": "late", "on": ["disk.create"], "times": 1, "seconds": 60 }""");
        await Should.ThrowAsync<UnknownOutcomeException>(() => cloud.CreateAsync());
        await cloud.CreateAsync();
        cloud.Pass(60);
        cloud.Books.DisksAt(cloud.Time.GetUtcNow()).Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_duplicate_is_removed_before_the_disk_counts_as_made()
    {
        using var cloud = Cloud.With("""{ "fault": "duplicate", "on": ["disk.create"], "times": 1 }""");
        (await cloud.CreateAsync()).State.ShouldBe(RemoteDiskState.Creating);
        var now = cloud.Time.GetUtcNow();
        cloud.Books.DisksAt(now).Select(disk => disk.DuplicateOf).ShouldBe([null, "disk-1"]);
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Creating);

        await cloud.CreateAsync();
        (await cloud.CreateAsync()).ShouldBe(new DiskObservation(RemoteDiskState.Ready, "disk-1"));
        cloud.Books.DisksAt(now).ShouldHaveSingleItem().Id.ShouldBe("disk-1");
    }

    [Fact]
    public async Task A_delete_removes_every_disk_of_the_name_one_a_call()
    {
        using var cloud = Cloud.With("""{ "fault": "duplicate", "on": ["disk.create"], "times": 1 }""");
        await cloud.CreateAsync();
        (await cloud.Disks.EnsureDeletedAsync(Cloud.Ref(), Cloud.Ct)).State.ShouldBe(RemoteDiskState.Deleting);
        (await cloud.Disks.EnsureDeletedAsync(Cloud.Ref(), Cloud.Ct)).State.ShouldBe(RemoteDiskState.Absent);
        cloud.Books.DisksAt(cloud.Time.GetUtcNow()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_fails_is_there_and_says_why()
    {
        using var cloud = Cloud.With(
            """{ "fault": "fails", "on": ["disk.create"], "seconds": 10, "words": "Its storage node burned." }""");
        (await cloud.CreateAsync()).State.ShouldBe(RemoteDiskState.Ready);
        cloud.Pass(10);
        var failed = await cloud.Disks.ObserveAsync(Cloud.Ref(), Cloud.Ct);
        failed.ShouldBe(new DiskObservation(RemoteDiskState.Failed, "disk-1", "Its storage node burned."));
    }

    [Fact]
    public async Task An_unreachable_place_changes_nothing_while_its_window_lasts()
    {
        using var cloud = Cloud.With(
            """{ "fault": "unreachable", "on": ["*"], "fromSeconds": 10, "untilSeconds": 20 }""");
        await cloud.CreateAsync();
        cloud.Pass(10);
        await Should.ThrowAsync<UnreachableException>(() => cloud.StateAsync());
        await Should.ThrowAsync<UnreachableException>(() => cloud.CreateAsync(2));
        await Should.ThrowAsync<UnreachableException>(() => cloud.Disks.ListOffersAsync(Cloud.Ct));
        cloud.Pass(10);
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Ready);
        cloud.Books.Disks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_look_that_fails_after_the_create_does_not_make_it_undone()
    {
        // The first look is the one before the change, the second the one after it.
        using var cloud = Cloud.With("""{ "fault": "unreachable", "on": ["disk.look"], "calls": [2] }""");
        var made = await cloud.CreateAsync();
        made.State.ShouldBe(RemoteDiskState.Creating);
        made.RemoteId.ShouldBe("disk-1");
        (await cloud.CreateAsync()).State.ShouldBe(RemoteDiskState.Ready);
    }

    [Fact]
    public async Task A_throttled_call_says_when_to_come_again()
    {
        using var cloud = Cloud.With(
            """{ "fault": "throttled", "on": ["disk.look"], "calls": [1], "retryAfterSeconds": 2.5 }""");
        var throttled = await Should.ThrowAsync<ThrottledException>(() => cloud.StateAsync());
        throttled.RetryAfter.ShouldBe(TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public async Task Credentials_can_stop_being_accepted()
    {
        using var cloud = Cloud.With("""{ "fault": "unauthorized", "on": ["disk.*"] }""");
        await Should.ThrowAsync<UnauthorizedException>(() => cloud.StateAsync());
    }

    [Theory]
    [InlineData("Deleting", RemoteDiskState.Deleting)]
    [InlineData("Failed", RemoteDiskState.Failed)]
    [InlineData("Absent", RemoteDiskState.Absent)]
    public async Task A_wrong_status_is_shown_and_the_books_know_better(string shown, RemoteDiskState state)
    {
        using var cloud = Cloud.With(
            $$"""{ "fault": "wrongStatus", "on": ["disk.look"], "fromSeconds": 1, "status": "{{shown}}" }""");
        await cloud.CreateAsync();
        cloud.Pass(1);
        (await cloud.StateAsync()).ShouldBe(state);
        cloud.Books.Disks.Single().StateAt(cloud.Time.GetUtcNow()).ShouldBe(RemoteDiskState.Ready);
    }

    [Fact]
    public async Task A_disk_disappears_without_a_delete()
    {
        using var cloud = Cloud.With("""{ "fault": "disappears", "on": ["disk.list"], "times": 1 }""");
        await cloud.CreateAsync(1);
        await cloud.CreateAsync(2);
        var listed = await cloud.Disks.ListAsync(Cloud.Ct).ToListAsync(Cloud.Ct);
        listed.ShouldHaveSingleItem().Name.ShouldBe(Cloud.Name(2));
        (await cloud.StateAsync(1)).ShouldBe(RemoteDiskState.Absent);
        var gone = cloud.Books.Disks[0];
        gone.GoneAt.ShouldBe(Cloud.Noon);
        gone.DeletedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Prices_and_stock_change_for_a_while()
    {
        using var cloud = Cloud.With(
            """
            { "fault": "price", "on": ["disk.offers"], "fromSeconds": 1, "untilSeconds": 2, "factor": 1.5 },
            { "fault": "soldOut", "on": ["disk.offers"], "fromSeconds": 2 }
            """);
        (await cloud.Disks.ListOffersAsync(Cloud.Ct))[0].PricePerGiBHour.ShouldBe(Money.FromUsd(0.00015m));
        cloud.Pass(1);
        (await cloud.Disks.ListOffersAsync(Cloud.Ct))[0].PricePerGiBHour.ShouldBe(Money.FromUsd(0.000225m));
        cloud.Pass(1);
        var soldOut = await cloud.Disks.ListOffersAsync(Cloud.Ct);
        soldOut.ShouldAllBe(offer => offer.Stock == Stock.Unavailable);
        soldOut[0].PricePerGiBHour.ShouldBe(Money.FromUsd(0.00015m));
    }

    [Fact]
    public async Task A_slow_reply_comes_when_its_time_is_over_and_the_work_is_done_before()
    {
        using var cloud = Cloud.With("""{ "fault": "slowReply", "on": ["disk.create"], "seconds": 40 }""");
        var reply = cloud.CreateAsync();
        cloud.Books.Disks.Count.ShouldBe(1);
        reply.IsCompleted.ShouldBeFalse();
        cloud.Pass(40);
        (await reply).State.ShouldBe(RemoteDiskState.Ready);
    }

    [Fact]
    public async Task A_probability_befalls_the_same_calls_in_every_run()
    {
        const string Half = """{ "fault": "lostRequest", "on": ["disk.create"], "probability": 0.5 }""";
        async Task<List<long>> BefallenAsync(int seed)
        {
            using var cloud = Cloud.With(Half, $""" "seed": {seed}, """);
            for (var number = 1; number <= 40; number++)
            {
                await Record.ExceptionAsync(() => cloud.CreateAsync(number, 1));
            }

            return [.. cloud.Books.Faults.Select(fault => fault.Call)];
        }

        var once = await BefallenAsync(3);
        once.Count.ShouldBeInRange(8, 32);
        (await BefallenAsync(3)).ShouldBe(once);
        (await BefallenAsync(4)).ShouldNotBe(once);
    }

    [Fact]
    public async Task Of_several_faults_the_first_of_the_script_happens()
    {
        using var cloud = Cloud.With(
            """
            { "fault": "outOfStock", "on": ["disk.create"], "calls": [1] },
            { "fault": "refused", "on": ["disk.create"] }
            """);
        await Should.ThrowAsync<OutOfStockException>(() => cloud.CreateAsync());
        await Should.ThrowAsync<RefusedException>(() => cloud.CreateAsync());
        cloud.Books.Faults.ShouldBe(
        [
            new BookedFault(Cloud.Noon, "outOfStock", "disk.create", 1, Cloud.Name(1)),
            new BookedFault(Cloud.Noon, "refused", "disk.create", 2, Cloud.Name(1)),
        ]);
    }
}
