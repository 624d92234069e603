namespace Mooring.Simulators.RunPod;

/// <summary>Reads the body of a call that creates a pod, and holds it against the rules of the place.</summary>
internal static class PodOrders
{
    private static readonly string[] Optional =
    [
        "image", "gpu", "cpu", "cloud", "dataCenterIds", "mounts", "disk", "ports", "env", "args", "registry",
        "templateId", "globalNetworking", "startSsh", "startJupyter",
    ];

    public static (PodOrder? Order, Answer? Refusal) Read(Call call, Body body)
    {
        body.Expect(["name"], Optional);
        var name = body.Text("name");
        var image = body.Text("image");
        var template = body.Text("templateId");
        var gpu = body.Object("gpu")?.Expect(["id", "count"], ["allowedCudaVersions", "minCudaVersion"]);
        var (gpuId, count) = (gpu?.Text("id"), gpu?.Number("count", 1, 64));
        var cpu = body.Object("cpu");
        var cloud = body.Text("cloud", "SECURE", "COMMUNITY") ?? "SECURE";
        var dataCenters = body.Texts("dataCenterIds");
        var mounts = body.Object("mounts")?.Expect([], ["network", "persistent"]);
        var mount = (mounts?.Objects("network", 1) is [var only, ..] ? only : null)?.Expect(["volumeId", "path"], []);
        var (volumeId, path) = (mount?.Text("volumeId"), mount?.Text("path"));
        var hasPersistent = mounts?.Object("persistent") is not null;
        var disk = body.Number("disk", 1, 100_000) ?? 20;
        var ports = body.Texts("ports");
        var environment = body.Object("env")?.Names ?? [];
        _ = (body.Flag("startSsh"), body.Flag("startJupyter"), body.Flag("globalNetworking"));
        if (body.Refusal() is { } refusal)
        {
            return (null, refusal);
        }

        (bool Holds, string Words)[] rules =
        [
            (image is not null || template is not null, "An image is required where there is no templateId."),
            (gpu is null != (cpu is null), "Exactly one of gpu and cpu is required."),
            (cpu is null, "CPU pods are not simulated."),
            (!hasPersistent || mount is null, "A pod has a network volume or a persistent one, not both."),
            (mount is null || cloud == "SECURE", "Network volumes need cloud SECURE."),
            (mount is null || path!.StartsWith('/'), "The path of a mount is absolute."),
        ];
        if (rules.FirstOrDefault(rule => !rule.Holds) is { Words: { } words })
        {
            return (null, Answer.Problem(400, words));
        }

        return Place(
            call,
            dataCenters,
            volumeId,
            (known, dataCenter) => new PodOrder(
                name!, image ?? template!, known, count!.Value, dataCenter, volumeId, path, disk, ports, environment),
            gpuId!,
            count!.Value);
    }

    // "Preferred" data centers are enforced; without one it is the volume's, or the first that has the GPU.
    private static (PodOrder? Order, Answer? Refusal) Place(
        Call call,
        IReadOnlyList<string> wanted,
        string? volumeId,
        Func<SimulatedGpu, string, PodOrder> make,
        string gpuId,
        int count)
    {
        var catalog = call.Place.Options.Catalog;
        if (catalog.Gpus.FirstOrDefault(gpu => gpu.Id == gpuId) is not { } known || count > known.MaxCount)
        {
            return (null, Answer.Problem(400, "There is no such GPU, or not so many in one pod."));
        }

        if (wanted.FirstOrDefault(id => catalog.DataCenters.All(one => one.Id != id)) is { } unknown)
        {
            return (null, Answer.Problem(400, $"There is no data center {unknown}."));
        }

        var volume = call.Place.Volume(volumeId, call.Now);
        if (volumeId is not null && volume is null)
        {
            return (null, Answer.Problem(404, $"There is no network volume {volumeId}."));
        }

        if (volume is not null && wanted.Count > 0 && !wanted.Contains(volume.DataCenter))
        {
            return (null, Answer.Problem(400, $"The network volume is in data center {volume.DataCenter}."));
        }

        var candidates = wanted.Count > 0 ? wanted : [.. known.Stock.Keys];
        var dataCenter = volume?.DataCenter
            ?? candidates.FirstOrDefault(id => known.Stock.GetValueOrDefault(id, "NONE") != "NONE")
            ?? candidates[0];
        return (make(known, dataCenter), null);
    }
}
