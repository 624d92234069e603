using System.Collections.Concurrent;
using Mooring.Client;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

[Collection(HouseGroup.Name)]
public sealed class RestartTests(House house)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Installation Installation => house.Installation;

    [Fact]
    public async Task Instance_runs_on_while_the_server_is_stopped_and_is_adopted_as_it_was()
    {
        var tenant = await house.EnterAsync();
        var disk = await tenant.CreateDiskAsync();
        var pod = await tenant.StartPodAsync(disk.Id);
        await tenant.RunAsync(pod, """
            nohup sh -c 'while sleep 0.2; do date +%s >/workspace/beat; done' >/dev/null 2>&1 &
            until test -s /workspace/beat; do sleep 0.1; done
            """);
        var before = await Installation.Records.AllEventsAsync();

        (await Installation.StopAsync()).ShouldBe(0);
        var beat = (await tenant.RunAsync(pod, "cat /workspace/beat")).Output;
        await Until.HoldsAsync(
            async () => (await tenant.RunAsync(pod, "cat /workspace/beat")).Output != beat, "the instance works on");
        await Installation.StartAsync();

        var adopted = await Installation.Client.GetPodAsync(pod.Id, Ct);
        adopted.Status.ShouldBe(Statuses.Active);
        adopted.SshConnection.ShouldBe(pod.SshConnection);
        adopted.AttachedResources.Single().Status.ShouldBe("MOUNTED");
        var held = await Installation.Client.GetDiskAsync(disk.Id, Ct);
        held.Status.ShouldBe(Statuses.Active);
        held.Pods.ShouldBe([pod.Id]);
        (await Installation.Records.AllEventsAsync()).ShouldBe(before);
        await tenant.RunAsync(pod, "test -s /workspace/beat");

        await Installation.WaitForInstancesAsync();
        await tenant.EndPodAsync(pod.Id);
        await tenant.DeleteDiskAsync(disk.Id);
    }

    [Fact]
    public async Task Crash_while_disks_and_instances_are_made_leaves_each_made_once()
    {
        const int Disks = 6;
        var tenant = await house.EnterAsync();
        var client = Installation.Client;
        var ready = await Task.WhenAll(tenant.CreateDiskAsync(), tenant.CreateDiskAsync());
        var requests = await Task.WhenAll(ready.Select(disk => tenant.PodRequestAsync(disk.Id)));
        ConcurrentBag<string> accepted = [];

        List<Task> asking =
        [
            .. requests.Select(request => AskAsync(async () => (await client.CreatePodAsync(request, ct: Ct)).Id)),
            .. Enumerable.Range(0, Disks)
                .Select(i => Tenant.DiskRequest(name: $"crash-{i}"))
                .Select(request => AskAsync(async () => (await client.CreateDiskAsync(request, ct: Ct)).Id)),
        ];
        await Until.HoldsAsync(() => accepted.Count >= 3, "some are accepted");
        await Installation.KillAsync();
        await Task.WhenAll(asking);
        await Installation.StartAsync();

        var disks = await client.ListDisksAsync(ct: Ct).ToListAsync(Ct);
        var pods = await client.ListPodsAsync(ct: Ct).ToListAsync(Ct);
        accepted.ShouldBeSubsetOf([.. disks.Select(disk => disk.Id), .. pods.Select(pod => pod.Id)]);
        disks.Select(disk => disk.Name).ShouldBeUnique();
        foreach (var pod in pods)
        {
            await tenant.WaitUntilActiveAsync(pod.Id);
        }

        foreach (var disk in disks)
        {
            await tenant.WaitForDiskAsync(disk.Id, Statuses.Active);
        }

        await Holdings.AssertExactlyAsync(Installation, disks, pods);

        async Task AskAsync(Func<Task<string>> call)
        {
            try
            {
                accepted.Add(await call());
            }
            catch (MooringConnectionException)
            {
                // The crash took the answer: it may have been accepted or not.
            }
        }
    }

    [Fact]
    public async Task Crash_while_disks_and_instances_are_ended_leaves_nothing_of_them()
    {
        var tenant = await house.EnterAsync();
        var client = Installation.Client;
        var held = await Task.WhenAll(tenant.CreateDiskAsync(), tenant.CreateDiskAsync());
        var free = await Task.WhenAll(tenant.CreateDiskAsync(), tenant.CreateDiskAsync(), tenant.CreateDiskAsync());
        var pods = await Task.WhenAll(held.Select(disk => tenant.StartPodAsync(disk.Id)));

        var ending = pods.Select(pod => client.DeletePodAsync(pod.Id, Ct))
            .Concat(free.Select(disk => client.DeleteDiskAsync(disk.Id, Ct)))
            .ToList();
        await Task.WhenAll(ending.Take(pods.Length));
        await Installation.KillAsync();
        var unanswered = (await Task.WhenAll(ending.Select(OutcomeAsync))).Skip(pods.Length).ToList();
        await Installation.StartAsync();

        foreach (var pod in pods)
        {
            await tenant.WaitForPodEndAsync(pod.Id);
        }

        foreach (var (disk, wasAccepted) in free.Zip(unanswered))
        {
            if (!wasAccepted)
            {
                await client.DeleteDiskAsync(disk.Id, Ct);
            }

            await tenant.WaitForDiskAsync(disk.Id, Statuses.Terminated);
        }

        foreach (var disk in held)
        {
            await tenant.WaitUntilFreeAsync(disk.Id);
        }

        await Holdings.AssertExactlyAsync(Installation, held, []);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Ended_while_disks_are_made_the_next_start_goes_on_with_each_that_was_accepted(string signal)
    {
        var tenant = await house.EnterAsync();
        var client = Installation.Client;
        ConcurrentBag<string> accepted = [];
        var creating = Enumerable.Range(0, 24).Select(async i =>
        {
            try
            {
                accepted.Add((await client.CreateDiskAsync(Tenant.DiskRequest(name: $"ended-{i}"), ct: Ct)).Id);
            }
            catch (MooringException e)
                when (e is MooringConnectionException or MooringApiException { IsTransient: true })
            {
                // It came too late.
            }
        }).ToList();
        await Until.HoldsAsync(() => accepted.Count >= 3, "some are accepted");

        (await Installation.StopAsync(signal)).ShouldBe(0, Installation.Daemon.LastWords);
        await Task.WhenAll(creating);
        await Installation.StartAsync();

        var disks = await client.ListDisksAsync(ct: Ct).ToListAsync(Ct);
        accepted.ShouldBeSubsetOf(disks.Select(disk => disk.Id));
        disks.Select(disk => disk.Name).ShouldBeUnique();
        foreach (var disk in disks)
        {
            await tenant.WaitForDiskAsync(disk.Id, Statuses.Active);
        }

        await Holdings.AssertExactlyAsync(Installation, disks, []);
        await Bill.AssertAgreesAsync(Installation.Records);
    }

    [Fact]
    public async Task Second_server_on_the_same_data_is_refused_with_words()
    {
        await house.EnterAsync();

        using var second = Installation.Launch("--listen", $"127.0.0.1:{Installation.FreePort()}");

        (await second.WaitForEndAsync(Ct)).ShouldBe(2);
        second.Log.ShouldHaveSingleItem().ShouldContain($"{Installation.Data} is in use by another mooringd");
        (await Installation.Client.ListDisksAsync(ct: Ct).CountAsync(Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task Interrupt_ends_the_server_cleanly()
    {
        await house.EnterAsync();

        (await Installation.StopAsync("INT")).ShouldBe(0);
        Installation.Daemon.Log.ShouldNotContain(line => line.Contains("fail:", StringComparison.Ordinal));
        Installation.Daemon.Log.ShouldNotContain(line => line.Contains("crit:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drain_ends_instances_and_engine_and_the_next_start_gives_their_disks_back()
    {
        var tenant = await house.EnterAsync();
        var disk = await tenant.CreateDiskAsync();
        (await Installation.StopAsync()).ShouldBe(0);
        await Installation.StartAsync("--drain");
        await Installation.WaitForInstancesAsync();
        var pod = await tenant.StartPodAsync(disk.Id);
        await tenant.RunAsync(pod, "echo kept >/workspace/note");

        (await Installation.StopAsync()).ShouldBe(0);
        await (await Installation.RemainsAsync()).AssertNoneAsync();

        await Installation.StartAsync();
        await tenant.WaitForPodEndAsync(pod.Id);
        await tenant.WaitUntilFreeAsync(disk.Id);
        await Installation.WaitForInstancesAsync();
        var next = await tenant.StartPodAsync(disk.Id);
        (await tenant.RunAsync(next, "cat /workspace/note")).Output.ShouldBe("kept\n");
        await tenant.EndPodAsync(next.Id);
        await tenant.DeleteDiskAsync(disk.Id);
    }

    private static async Task<bool> OutcomeAsync(Task call)
    {
        try
        {
            await call;
            return true;
        }
        catch (MooringConnectionException)
        {
            return false;
        }
    }
}
