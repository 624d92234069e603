namespace Mooring.Providers.RunPod;

/// <summary>The calls of RunPod's REST API v2 that Mooring makes. No list of it has pages.</summary>
internal sealed class RunPodApi(RunPodHttp http)
{
    private const string Volumes = "v2/network-volumes";
    private const string PodsPath = "v2/pods";
    private const string BillingPath = "v2/billing";

    /// <summary>Every volume that the account owns: this call knows no filter.</summary>
    public async Task<IReadOnlyList<NetworkVolume>> ListVolumesAsync(CancellationToken ct) =>
        Whole((await http.ReadAsync(Volumes, RunPodJson.Default.NetworkVolumeList, ct)).NetworkVolumes, one => one.Id);

    public Task<NetworkVolume?> FindVolumeAsync(string id, CancellationToken ct) =>
        http.FindAsync($"{Volumes}/{Uri.EscapeDataString(id)}", RunPodJson.Default.NetworkVolume, ct);

    public Task<NetworkVolume> CreateVolumeAsync(NewNetworkVolume volume, CancellationToken ct) => http.MakeAsync(
        Volumes, volume, RunPodJson.Default.NewNetworkVolume, RunPodJson.Default.NetworkVolume, ct);

    public Task DeleteVolumeAsync(string id, CancellationToken ct) =>
        http.RemoveAsync($"{Volumes}/{Uri.EscapeDataString(id)}", ct);

    /// <summary>Every pod, members of clusters included: they too mount volumes.</summary>
    public async Task<IReadOnlyList<Pod>> ListPodsAsync(CancellationToken ct) =>
        Whole(
            (await http.ReadAsync($"{PodsPath}?includeClusterPods=true", RunPodJson.Default.PodList, ct)).Pods,
            one => one.Id);

    public Task<Pod?> FindPodAsync(string id, CancellationToken ct) =>
        http.FindAsync($"{PodsPath}/{Uri.EscapeDataString(id)}", RunPodJson.Default.Pod, ct);

    public Task<Pod> CreatePodAsync(NewPod pod, CancellationToken ct) =>
        http.MakeAsync(PodsPath, pod, RunPodJson.Default.NewPod, RunPodJson.Default.Pod, ct);

    public Task DeletePodAsync(string id, CancellationToken ct) =>
        http.RemoveAsync($"{PodsPath}/{Uri.EscapeDataString(id)}", ct);

    public async Task<IReadOnlyList<DataCenter>> ListDataCentersAsync(CancellationToken ct) =>
        Whole(
            (await http.ReadAsync("v2/catalog/datacenters", RunPodJson.Default.DataCenterList, ct)).DataCenters,
            one => one.Id);

    /// <summary>
    /// The GPUs of which so many can be had in one pod of Secure Cloud, which alone has network volumes. The catalogue
    /// tells of stock only to whom names the product as well.
    /// </summary>
    public async Task<IReadOnlyList<CatalogGpu>> ListGpusAsync(int count, CancellationToken ct) =>
        Whole(
            (await http.ReadAsync(
                $"v2/catalog/gpus?include=AVAILABILITY&product=POD&count={count}&cloud=SECURE",
                RunPodJson.Default.GpuList,
                ct)).Gpus,
            one => one.Id);

    /// <summary>What volumes were charged on a day (UTC), whoever's they are, those that are gone by now too.</summary>
    public async Task<IReadOnlyList<BilledBucket>> ListVolumeBucketsAsync(DateOnly day, CancellationToken ct)
    {
        var bill = await http.ReadAsync(BillOf("network-volumes", day), RunPodJson.Default.VolumeBill, ct);
        return Buckets(bill.Records, bill.Metadata, record => new BilledBucket(
            record.NetworkVolumeId, record.StartTime, record.EndTime, record.TotalAmount));
    }

    /// <summary>What pods were charged on a day, likewise.</summary>
    public async Task<IReadOnlyList<BilledBucket>> ListPodBucketsAsync(DateOnly day, CancellationToken ct)
    {
        var bill = await http.ReadAsync(BillOf("pods", day), RunPodJson.Default.PodBill, ct);
        return Buckets(bill.Records, bill.Metadata, record => new BilledBucket(
            record.PodId, record.StartTime, record.EndTime, record.TotalAmount));
    }

    private static string BillOf(string things, DateOnly day) => FormattableString.Invariant(
        $"{BillingPath}/{things}?startTime={day:yyyy-MM-dd}T00:00:00Z&endTime={day.AddDays(1):yyyy-MM-dd}T00:00:00Z")
        + "&bucketSize=day";

    // Nothing is taken for a repetition here: a thing may have several records, and each of them is money.
    private static List<BilledBucket> Buckets<T>(
        IReadOnlyList<T?> records, BillMetadata? metadata, Func<T, BilledBucket> read)
        where T : class
    {
        List<BilledBucket> buckets =
        [
            .. records.Select(record => record is null ? throw Unreadable("a bill of it has holes") : read(record)),
        ];
        return buckets.Exists(bucket => bucket.Id.Length == 0)
            ? throw Unreadable("a bill of it says not what for")
            : metadata?.RecordCount is { } count && count != buckets.Count
                ? throw Unreadable("a bill of it lacks records")
                : buckets;
    }

    // One that is listed twice is one: taken for two, the surplus one would be deleted, and with it both.
    private static IReadOnlyList<T> Whole<T>(IReadOnlyList<T?> list, Func<T, string> idOf)
        where T : class => list.Contains(null)
        ? throw Unreadable("a list of it has holes")
        : [.. list.OfType<T>().DistinctBy(idOf)];

    private static UnreachableException Unreadable(string why) => new($"RunPod's answer can't be read: {why}.");
}
