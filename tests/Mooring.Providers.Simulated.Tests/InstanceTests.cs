using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Simulated.Tests;

public class InstanceTests
{
    private static IInstanceLog Log(Cloud cloud) => (IInstanceLog)cloud.Instances;

    [Fact]
    public async Task Holds_its_disks_from_its_creation_until_they_are_detached()
    {
        using var cloud = Cloud.With(more: """ "delays": { "detachSeconds": 15 }, """);
        await cloud.CreateAsync();
        var made = await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(100, 1), Cloud.Ct);
        made.ShouldBe(new InstanceObservation(RemoteInstanceState.Ready, "instance-1"));
        made.Ssh.ShouldBeNull();
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Ready);
        await Should.ThrowAsync<RefusedException>(() => cloud.Disks.EnsureDeletedAsync(Cloud.Ref(), Cloud.Ct));
        await Should.ThrowAsync<RefusedException>(
            () => cloud.Instances.EnsureCreatedAsync(Cloud.Instance(101, 1), Cloud.Ct));

        (await cloud.Instances.EnsureDeletedAsync(Cloud.InstanceRef(), Cloud.Ct))
            .ShouldBe(InstanceObservation.Absent);
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Changing);
        await Should.ThrowAsync<RefusedException>(() => cloud.Disks.EnsureDeletedAsync(Cloud.Ref(), Cloud.Ct));
        await Should.ThrowAsync<UnreachableException>(
            () => cloud.Instances.EnsureCreatedAsync(Cloud.Instance(101, 1), Cloud.Ct));

        cloud.Pass(15);
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Ready);
        cloud.Books.HoldsAt(cloud.Time.GetUtcNow()).ShouldBeEmpty();
        (await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(101, 1), Cloud.Ct))
            .State.ShouldBe(RemoteInstanceState.Ready);
        cloud.Books.HoldsAt(cloud.Time.GetUtcNow()).ShouldHaveSingleItem().InstanceName.ShouldBe(Cloud.Name(101));
    }

    [Fact]
    public async Task A_stuck_detach_keeps_the_disk_after_the_instance_is_gone()
    {
        using var cloud = Cloud.With("""{ "fault": "stuckDetach", "on": ["instance.delete"], "seconds": 3600 }""");
        await cloud.CreateAsync();
        await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(100, 1), Cloud.Ct);
        (await cloud.Instances.EnsureDeletedAsync(Cloud.InstanceRef(), Cloud.Ct)).State
            .ShouldBe(RemoteInstanceState.Absent);
        cloud.Pass(3599);
        var stuck = await cloud.Disks.ObserveAsync(Cloud.Ref(), Cloud.Ct);
        stuck.State.ShouldBe(RemoteDiskState.Changing);
        stuck.Words.ShouldBe($"It is still being detached from instance {Cloud.Name(100)}.");
        cloud.Pass(1);
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Ready);
    }

    [Fact]
    public async Task Several_may_hold_a_shared_disk_which_stays_ready()
    {
        using var cloud = Cloud.With(more: """ "delays": { "detachSeconds": 15 }, """);
        await cloud.CreateAsync(1, 10, "shared");
        await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(100, 1), Cloud.Ct);
        await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(101, 1), Cloud.Ct);
        cloud.Books.HoldsAt(cloud.Time.GetUtcNow()).Count().ShouldBe(2);
        await cloud.Instances.EnsureDeletedAsync(Cloud.InstanceRef(), Cloud.Ct);
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Ready);
    }

    [Fact]
    public async Task Starts_and_goes_in_the_time_that_the_script_says()
    {
        using var cloud =
            Cloud.With(more: """ "delays": { "instanceCreateSeconds": 40, "instanceDeleteSeconds": 10 }, """);
        (await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(), Cloud.Ct)).State
            .ShouldBe(RemoteInstanceState.Starting);
        cloud.Pass(40);
        (await cloud.InstanceStateAsync()).ShouldBe(RemoteInstanceState.Ready);
        (await cloud.Instances.EnsureDeletedAsync(Cloud.InstanceRef(), Cloud.Ct)).State
            .ShouldBe(RemoteInstanceState.Deleting);
        cloud.Pass(10);
        (await cloud.InstanceStateAsync()).ShouldBe(RemoteInstanceState.Absent);
    }

    [Fact]
    public async Task A_disk_that_is_not_there_is_refused()
    {
        using var cloud = Cloud.With();
        await Should.ThrowAsync<RefusedException>(
            () => cloud.Instances.EnsureCreatedAsync(Cloud.Instance(100, 1), Cloud.Ct));
        cloud.Books.Instances.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_more_are_made_than_the_stock()
    {
        using var cloud = Cloud.With();
        for (var number = 100; number < 103; number++)
        {
            await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(number), Cloud.Ct);
        }

        await Should.ThrowAsync<OutOfStockException>(
            () => cloud.Instances.EnsureCreatedAsync(Cloud.Instance(103), Cloud.Ct));
        (await cloud.Instances.ListOffersAsync(Cloud.Ct)).Single().Stock.ShouldBe(Stock.Unavailable);
    }

    [Fact]
    public async Task Ends_by_itself_when_the_script_says_so()
    {
        using var cloud = Cloud.With(
            """{ "fault": "ends", "on": ["instance.create"], "seconds": 5, "exitCode": 137, "words": "OOM." }""");
        await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(), Cloud.Ct);
        cloud.Pass(5);
        (await cloud.Instances.ObserveAsync(Cloud.InstanceRef(), Cloud.Ct)).ShouldBe(
            new InstanceObservation(RemoteInstanceState.Ended, "instance-1", ExitCode: 137, Words: "OOM."));
        (await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(), Cloud.Ct)).State
            .ShouldBe(RemoteInstanceState.Ended);
    }

    [Fact]
    public async Task Ends_or_disappears_while_it_is_listed()
    {
        using var cloud = Cloud.With(
            """
            { "fault": "ends", "on": ["instance.list"], "calls": [1], "exitCode": 3 },
            { "fault": "disappears", "on": ["instance.list"], "calls": [2] }
            """);
        await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(), Cloud.Ct);
        (await cloud.Instances.ListAsync(Cloud.Ct).ToListAsync(Cloud.Ct)).ShouldHaveSingleItem().State
            .ShouldBe(RemoteInstanceState.Ended);
        (await cloud.Instances.ListAsync(Cloud.Ct).ToListAsync(Cloud.Ct)).ShouldBeEmpty();
        (await cloud.InstanceStateAsync()).ShouldBe(RemoteInstanceState.Absent);
    }

    [Fact]
    public async Task A_late_create_takes_its_disks_with_it()
    {
        using var cloud = Cloud.With("""{ "fault": "late", "on": ["instance.create"], "times": 1, "seconds": 30 }""");
        await cloud.CreateAsync();
        await Should.ThrowAsync<UnknownOutcomeException>(
            () => cloud.Instances.EnsureCreatedAsync(Cloud.Instance(100, 1), Cloud.Ct));
        (await cloud.InstanceStateAsync()).ShouldBe(RemoteInstanceState.Absent);
        cloud.Books.HoldsAt(cloud.Time.GetUtcNow()).ShouldBeEmpty();
        cloud.Pass(30);
        (await cloud.InstanceStateAsync()).ShouldBe(RemoteInstanceState.Ready);
        cloud.Books.HoldsAt(cloud.Time.GetUtcNow()).ShouldHaveSingleItem().DiskName.ShouldBe(Cloud.Name(1));
    }

    [Fact]
    public async Task A_duplicate_is_removed_before_the_instance_counts_as_made()
    {
        using var cloud = Cloud.With("""{ "fault": "duplicate", "on": ["instance.create"], "times": 1 }""");
        await cloud.CreateAsync();
        var spec = Cloud.Instance(100, 1);
        (await cloud.Instances.EnsureCreatedAsync(spec, Cloud.Ct)).State.ShouldBe(RemoteInstanceState.Starting);
        cloud.Books.InstancesAt(cloud.Time.GetUtcNow()).Count().ShouldBe(2);
        await cloud.Instances.EnsureCreatedAsync(spec, Cloud.Ct);
        (await cloud.Instances.EnsureCreatedAsync(spec, Cloud.Ct)).ShouldBe(
            new InstanceObservation(RemoteInstanceState.Ready, "instance-1"));
        cloud.Books.InstancesAt(cloud.Time.GetUtcNow()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_log_says_that_it_is_simulated_and_what_happened()
    {
        using var cloud = Cloud.With();
        await cloud.CreateAsync();
        await cloud.Instances.EnsureCreatedAsync(Cloud.Instance(100, 1), Cloud.Ct);
        var lines = await Log(cloud).ReadLogAsync(Cloud.InstanceRef(), 100, Cloud.Ct);
        lines[0].ShouldBe("This is a simulated instance: it exists in a book only, and nothing can log in to it.");
        lines.ShouldContain($"2026-03-01T12:00:00.0000000+00:00 {Cloud.Name(1)} is at /workspace-0.");
        (await Log(cloud).ReadLogAsync(Cloud.InstanceRef(), 1, Cloud.Ct)).ShouldBe([lines[^1]]);
        await Should.ThrowAsync<RefusedException>(
            () => Log(cloud).ReadLogAsync(Cloud.InstanceRef(101), 10, Cloud.Ct));
    }

    [Fact]
    public async Task An_image_that_the_offer_lacks_is_refused()
    {
        using var cloud = Cloud.With();
        await Should.ThrowAsync<RefusedException>(() => cloud.Instances.EnsureCreatedAsync(
            Cloud.Instance() with { Image = "flux" }, Cloud.Ct));
    }
}
