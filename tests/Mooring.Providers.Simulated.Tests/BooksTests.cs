using Mooring.Providers.Disks;

namespace Mooring.Providers.Simulated.Tests;

public class BooksTests
{
    [Fact]
    public async Task What_exists_is_there_again_after_a_new_start()
    {
        using var cloud = Cloud.With();
        await cloud.CreateAsync();
        await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(100, 1), Cloud.Ct);
        var before = cloud.Books;
        cloud.Pass(3600);

        cloud.Reopen();

        cloud.Books.Disks.Select(disk => disk with { Holds = [] })
            .ShouldBe(before.Disks.Select(disk => disk with { Holds = [] }));
        cloud.Books.Disks.Single().Holds.ShouldBe(before.Disks.Single().Holds);
        cloud.Books.StartedAt.ShouldBe(Cloud.Noon);
        (await cloud.CreateAsync()).ShouldBe(new DiskObservation(RemoteDiskState.Ready, "disk-1"));
    }

    [Fact]
    public async Task Calls_and_times_are_counted_on_over_new_starts()
    {
        const string Faults = """
            { "fault": "refused", "on": ["disk.create"], "calls": [3] },
            { "fault": "lostRequest", "on": ["disk.delete"], "times": 1 }
            """;
        using var cloud = Cloud.With(Faults);
        await cloud.CreateAsync(1);
        await Should.ThrowAsync<UnknownOutcomeException>(
            () => cloud.Disks.EnsureDeletedAsync(Cloud.Ref(1), Cloud.Ct));
        cloud.Reopen(Faults);
        await cloud.CreateAsync(2);
        await Should.ThrowAsync<RefusedException>(() => cloud.CreateAsync(3));
        (await cloud.Disks.EnsureDeletedAsync(Cloud.Ref(1), Cloud.Ct)).State.ShouldBe(RemoteDiskState.Absent);
    }

    [Fact]
    public async Task Windows_of_time_count_from_the_first_start()
    {
        const string Faults = """{ "fault": "unreachable", "on": ["*"], "fromSeconds": 100, "untilSeconds": 200 }""";
        using var cloud = Cloud.With(Faults);
        cloud.Pass(60);
        cloud.Reopen(Faults);
        cloud.Pass(40);
        await Should.ThrowAsync<UnreachableException>(() => cloud.StateAsync());
        cloud.Pass(100);
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Absent);
    }

    [Fact]
    public async Task A_changed_fault_begins_to_count_anew_and_others_go_on()
    {
        const string Kept = """{ "fault": "refused", "on": ["disk.create"], "times": 1 }""";
        using var cloud = Cloud.With(Kept);
        await Should.ThrowAsync<RefusedException>(() => cloud.CreateAsync());
        cloud.Reopen(Kept + """, { "fault": "outOfStock", "on": ["disk.create"], "times": 1 }""");
        await Should.ThrowAsync<OutOfStockException>(() => cloud.CreateAsync());
        (await cloud.CreateAsync()).State.ShouldBe(RemoteDiskState.Ready);
    }

    [Fact]
    public async Task Reading_them_is_no_call()
    {
        using var cloud = Cloud.With();
        await cloud.StateAsync();
        var calls = cloud.Books.Calls;
        cloud.Books.Calls.ShouldBe(calls);
        calls.ShouldBe(new Dictionary<string, long> { ["disk.look"] = 1 });
    }

    [Fact]
    public void Are_their_owners_alone()
    {
        using var cloud = Cloud.With();
        File.GetUnixFileMode(cloud.Provider.BooksPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Path.GetFileName(cloud.Provider.BooksPath).ShouldBe("hyperstack@simulated.db");
    }

    [Fact]
    public void What_is_no_book_is_said_to_be_none()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, new string('x', 5000));
            Should.Throw<IOException>(() => Books.Read(path)).Message.ShouldContain(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Many_calls_at_once_are_all_counted_and_make_one_disk_a_name()
    {
        using var cloud = Cloud.With();
        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => cloud.CreateAsync(1 + (i % 8), 1)));
        cloud.Books.DisksAt(cloud.Time.GetUtcNow()).Select(disk => disk.Name).ShouldBeUnique();
        cloud.Books.DisksAt(cloud.Time.GetUtcNow()).Count().ShouldBe(8);
        cloud.Books.Calls["disk.create"].ShouldBe(8);
        // Each looked before, and who made one looked after.
        cloud.Books.Calls["disk.look"].ShouldBe(32 + 8);
    }
}
