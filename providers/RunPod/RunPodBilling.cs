using Mooring.Providers.Billing;

namespace Mooring.Providers.RunPod;

/// <summary>
/// What RunPod charges, a day at a time. Its bill has buckets of time, and which of them come is up to the query: a
/// query that is passed over, as unknown ones are, would bring other days and longer buckets. So each bucket's own time
/// is held against the day.
/// </summary>
internal sealed class RunPodBilling(RunPodApi api) : IProviderBilling
{
    public async Task<IReadOnlyList<Charge>> ListChargesAsync(DateOnly day, CancellationToken ct) =>
    [
        .. Of(ChargedKind.Disk, day, await api.ListVolumeBucketsAsync(day, ct)),
        .. Of(ChargedKind.Instance, day, await api.ListPodBucketsAsync(day, ct)),
    ];

    private static IEnumerable<Charge> Of(ChargedKind kind, DateOnly day, IReadOnlyList<BilledBucket> buckets)
    {
        var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        var end = start.AddDays(1);
        return
            from bucket in buckets
            where bucket.StartTime < end && (bucket.StartTime >= start || bucket.EndTime > start)
            group IsWithin(bucket, start, end) ? bucket.Usd : throw Longer() by bucket.Id into thing
            select Charge.Sum(kind, thing.Key, name: null, thing) into charge
            where charge.Amount != Money.Zero
            select charge;
    }

    private static bool IsWithin(BilledBucket bucket, DateTimeOffset start, DateTimeOffset end) =>
        bucket.StartTime >= start && !(bucket.EndTime > end);

    private static UnreachableException Longer() =>
        new("RunPod's answer can't be read: its bill was asked for by the day, and has a longer time in it.");
}
