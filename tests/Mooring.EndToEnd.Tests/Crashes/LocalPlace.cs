using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>This machine: images, mounts, containers.</summary>
internal sealed class LocalPlace : IPlace
{
    private readonly Installation _installation;
    private readonly Tenant _tenant;
    private readonly CreatePodRequest _template;

    private LocalPlace(Installation installation, Tenant tenant, CreatePodRequest template) =>
        (_installation, _tenant, _template) = (installation, tenant, template);

    public int PodsAtMost => 3;

    public static async Task<LocalPlace> InAsync(House house)
    {
        var tenant = await house.EnterAsync();
        return new LocalPlace(house.Installation, tenant, await tenant.PodRequestAsync());
    }

    public CreateDiskRequest DiskRequest(string name) => Tenant.DiskRequest(name: name);

    public CreatePodRequest PodRequest(string name, string disk) =>
        _template with { Pod = _template.Pod! with { Name = name }, Disks = [disk] };

    public async Task UseAsync(Pod pod, string wroteLast, string write)
    {
        var before = await _tenant.RunAsync(
            pod, $"cat /workspace/note 2>/dev/null || true; echo '{write}' >/workspace/note; sync");
        before.Output.TrimEnd('\n').ShouldBe(wroteLast);
    }

    public Task AssertHoldsExactlyAsync(IReadOnlyCollection<Disk> disks, IReadOnlyCollection<Pod> pods) =>
        Holdings.AssertExactlyAsync(_installation, disks, pods);
}
