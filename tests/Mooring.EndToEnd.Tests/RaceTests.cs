using Mooring.Client;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

[Collection(HouseGroup.Name)]
public sealed class RaceTests(House house)
{
    private const int Rounds = 4;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_sixteen_instances_asked_for_at_once_exactly_one_gets_a_single_holder_disk()
    {
        var tenant = await house.EnterAsync();
        var client = house.Installation.Client;
        var disk = await tenant.CreateDiskAsync();
        var request = await tenant.PodRequestAsync(disk.Id);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => TryAsync(() => client.CreatePodAsync(request, ct: Ct))));

        var accepted = answers.Where(answer => answer.Made is not null).Select(answer => answer.Made!).ToList();
        var pod = accepted.ShouldHaveSingleItem();
        var refusals = answers.Where(answer => answer.Made is null).Select(answer => answer.Refusal!).ToList();
        refusals.ShouldAllBe(refusal => (int)refusal.StatusCode == 409);
        refusals.ShouldAllBe(refusal => refusal.Detail.Contains(pod.Id, StringComparison.Ordinal));
        await tenant.WaitUntilActiveAsync(pod.Id);
        (await client.GetDiskAsync(disk.Id, Ct)).Pods.ShouldBe([pod.Id]);
        (await client.ListPodsAsync(ct: Ct).Select(one => one.Id).ToListAsync(Ct)).ShouldBe([pod.Id]);
        (await house.Installation.Engine.ContainersAsync()).ShouldBe([house.Installation.NameOf(pod.Id)]);
        (await house.Installation.Records.ReservedVcpusAsync()).ShouldBe(pod.Resources!.Vcpus!.Value);

        await tenant.EndPodAsync(pod.Id);
        (await house.Installation.Records.ReservedVcpusAsync()).ShouldBe(0);
        var past = await client.ListPodHistoryAsync(PodHistoryOrder.LastCreatedFirst, ct: Ct)
            .Where(entry => entry.CreatedAt >= disk.CreatedAt)
            .Select(entry => entry.Id)
            .ToListAsync(Ct);
        past.ShouldBe([pod.Id]);
        await tenant.DeleteDiskAsync(disk.Id);
    }

    [Fact]
    public async Task Instances_asked_for_at_once_all_get_a_shared_disk_and_it_is_given_back_by_each()
    {
        const int Pods = 4;
        var tenant = await house.EnterAsync();
        var client = house.Installation.Client;
        var disk = await tenant.CreateDiskAsync("shared");
        var request = await tenant.PodRequestAsync(disk.Id);

        var pods = await Task.WhenAll(
            Enumerable.Range(0, Pods).Select(_ => client.CreatePodAsync(request, ct: Ct)));

        var active = await Task.WhenAll(pods.Select(pod => tenant.WaitUntilActiveAsync(pod.Id)));
        await Task.WhenAll(active.Index().Select(pod =>
            tenant.RunAsync(pod.Item, $"echo {pod.Index} >/workspace/{pod.Index}; sync")));
        (await tenant.RunAsync(active[0], "cat /workspace/[0-9]")).Output.ShouldBe("0\n1\n2\n3\n");
        (await client.GetDiskAsync(disk.Id, Ct)).Pods.ShouldBe(pods.Select(pod => pod.Id), ignoreOrder: true);
        var deletes = await Task.WhenAll(
            TryAsync(() => client.DeleteDiskAsync(disk.Id, Ct)), TryAsync(() => client.DeleteDiskAsync(disk.Id, Ct)));
        deletes.ShouldAllBe(answer => answer.Refusal != null && (int)answer.Refusal.StatusCode == 409);

        await Task.WhenAll(pods.Select(pod => tenant.EndPodAsync(pod.Id)));
        await tenant.WaitUntilFreeAsync(disk.Id);
        await tenant.DeleteDiskAsync(disk.Id);
        await Holdings.AssertExactlyAsync(house.Installation, [], []);
    }

    [Theory]
    [InlineData("block")]
    [InlineData("shared")]
    public async Task A_name_can_change_at_any_time_and_the_last_answer_is_what_it_is(string cloudId)
    {
        var tenant = await house.EnterAsync();
        var client = house.Installation.Client;
        var created = await client.CreateDiskAsync(Tenant.DiskRequest(cloudId), ct: Ct);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var renaming = RenameAsync();

        await tenant.WaitForDiskAsync(created.Id, Statuses.Active);
        var pod = await tenant.StartPodAsync(created.Id);
        await tenant.EndPodAsync(pod.Id);
        await tenant.WaitUntilFreeAsync(created.Id);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => client.DeleteDiskAsync(created.Id, Ct)));
        answers.ShouldAllBe(answer => answer.Status == Statuses.Deleting || answer.Status == Statuses.Terminated);
        var gone = await tenant.WaitForDiskAsync(created.Id, Statuses.Terminated);
        await over.CancelAsync();
        var last = await renaming;

        last.Count.ShouldBeGreaterThan(3);
        (await client.GetDiskAsync(gone.Id, Ct)).Name.ShouldBe(last.Name);
        await Holdings.AssertExactlyAsync(house.Installation, [], []);

        async Task<(string Name, int Count)> RenameAsync()
        {
            var count = 0;
            while (!over.IsCancellationRequested)
            {
                await client.RenameDiskAsync(created.Id, $"name-{++count}", Ct);
            }

            return ($"name-{count}", count);
        }
    }

    [Theory]
    [InlineData("block")]
    [InlineData("shared")]
    public async Task Of_thirty_two_disks_asked_for_at_once_only_as_many_are_made_as_there_is_room_for(string cloudId)
    {
        const int Room = 5;
        var tenant = await house.EnterAsync();
        var client = house.Installation.Client;
        var offer = await client.ListDiskOffersAsync(ct: Ct).FirstAsync(offer => offer.CloudId == cloudId, Ct);
        var big = await tenant.CreateDiskAsync(cloudId, offer.Spec.MaxCount!.Value - Room);

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ =>
            TryAsync(() => client.CreateDiskAsync(Tenant.DiskRequest(cloudId), ct: Ct))));

        answers.Count(answer => answer.Made is not null).ShouldBe(Room);
        answers.Where(answer => answer.Refusal is not null)
            .ShouldAllBe(answer => (int)answer.Refusal!.StatusCode == 409 && answer.Refusal.Detail.Contains("room"));
        List<Disk> disks = [big];
        foreach (var answer in answers.Where(answer => answer.Made is not null))
        {
            disks.Add(await tenant.WaitForDiskAsync(answer.Made!.Id, Statuses.Active));
        }

        await Holdings.AssertExactlyAsync(house.Installation, disks, []);
        await Task.WhenAll(disks.Select(disk => tenant.DeleteDiskAsync(disk.Id)));
        (await house.Installation.Records.PromisedGbAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("block")]
    [InlineData("shared")]
    public async Task Attach_and_delete_of_one_disk_at_once_never_both_succeed(string cloudId)
    {
        var tenant = await house.EnterAsync();
        var client = house.Installation.Client;
        for (var round = 0; round < Rounds; round++)
        {
            var disk = await tenant.CreateDiskAsync(cloudId);
            var request = await tenant.PodRequestAsync(disk.Id);

            var attaching = TryAsync(() => client.CreatePodAsync(request, ct: Ct));
            var deleting = TryAsync(() => client.DeleteDiskAsync(disk.Id, Ct));
            var attached = await attaching;
            var deleted = await deleting;

            (attached.Made is null).ShouldNotBe(deleted.Made is null, $"{attached} {deleted}");
            if (attached.Made is { } pod)
            {
                ((int)deleted.Refusal!.StatusCode).ShouldBe(409);
                await tenant.EndPodAsync(pod.Id);
                await tenant.WaitUntilFreeAsync(disk.Id);
                await tenant.DeleteDiskAsync(disk.Id);
            }
            else
            {
                ((int)attached.Refusal!.StatusCode).ShouldBeOneOf(404, 409);
                await tenant.WaitForDiskAsync(disk.Id, Statuses.Terminated);
                (await client.ListPodsAsync(ct: Ct).AnyAsync(Ct)).ShouldBeFalse();
            }
        }
    }

    private static async Task<(T? Made, MooringApiException? Refusal)> TryAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return (await call(), null);
        }
        catch (MooringApiException refusal)
        {
            return (null, refusal);
        }
    }
}
