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
    public async Task Of_eight_instances_asked_for_at_once_exactly_one_gets_a_single_holder_disk()
    {
        var tenant = await house.EnterAsync();
        var client = house.Installation.Client;
        var disk = await tenant.CreateDiskAsync();
        var request = await tenant.PodRequestAsync(disk.Id);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryAsync(() => client.CreatePodAsync(request, ct: Ct))));

        var accepted = answers.Where(answer => answer.Made is not null).Select(answer => answer.Made!).ToList();
        var pod = accepted.ShouldHaveSingleItem();
        var refusals = answers.Where(answer => answer.Made is null).Select(answer => answer.Refusal!).ToList();
        refusals.ShouldAllBe(refusal => (int)refusal.StatusCode == 409);
        refusals.ShouldAllBe(refusal => refusal.Detail.Contains(pod.Id, StringComparison.Ordinal));
        await tenant.WaitUntilActiveAsync(pod.Id);
        (await client.GetDiskAsync(disk.Id, Ct)).Pods.ShouldBe([pod.Id]);
        (await client.ListPodsAsync(ct: Ct).Select(one => one.Id).ToListAsync(Ct)).ShouldBe([pod.Id]);
        (await client.ListPodHistoryAsync(PodHistoryOrder.LastCreatedFirst, ct: Ct).FirstAsync(Ct)).Id.ShouldBe(pod.Id);
        (await house.Installation.Engine.ContainersAsync()).ShouldBe([house.Installation.NameOf(pod.Id)]);
        (await house.Installation.Records.ReservedVcpusAsync()).ShouldBe(pod.Resources!.Vcpus!.Value);

        await tenant.EndPodAsync(pod.Id);
        (await house.Installation.Records.ReservedVcpusAsync()).ShouldBe(0);
        await tenant.DeleteDiskAsync(disk.Id);
    }

    [Fact]
    public async Task Attach_and_delete_of_one_disk_at_once_never_both_succeed()
    {
        var tenant = await house.EnterAsync();
        var client = house.Installation.Client;
        for (var round = 0; round < Rounds; round++)
        {
            var disk = await tenant.CreateDiskAsync();
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
