using System.Text.Json.Nodes;

namespace Mooring.Simulators.RunPod;

/// <summary>
/// What things cost, by buckets of time; also things that are gone. A bucket in which a thing cost nothing has no
/// record of it. Amounts are the books' at the bucket's two ends, each rounded to 1e-12 USD: so those of any buckets
/// that lie end to end add up to the books, to the last digit.
/// </summary>
internal static class BillingCalls
{
    private const int Digits = 12;

    /// <summary>A thing on a bill.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="CreatedAt">Before which it cost nothing.</param>
    /// <param name="CostUntil">USD up to a time.</param>
    /// <param name="Part">Which of the amounts beside the total it all is.</param>
    private sealed record Billed(
        string Id, DateTimeOffset CreatedAt, Func<DateTimeOffset, decimal> CostUntil, string Part);

    private sealed record BillRecord(Billed Thing, DateTimeOffset Start, DateTimeOffset End, decimal Usd);

    public static Answer Volumes(Call call) => Bill(
        call,
        "networkVolumeId",
        "uniqueNetworkVolumeCount",
        ["standardAmount", "highPerformanceAmount"],
        call.Place.Volumes.Select(volume => new Billed(
            volume.Id,
            volume.CreatedAt,
            volume.CostUntil,
            volume.Tier == "STANDARD" ? "standardAmount" : "highPerformanceAmount")));

    // The books know what GPUs cost and nothing else of a pod.
    public static Answer Pods(Call call) => Bill(
        call,
        "podId",
        "uniquePodCount",
        ["gpuAmount", "cpuAmount", "diskAmount"],
        call.Place.Pods.Select(pod => new Billed(pod.Id, pod.CreatedAt, pod.CostUntil, "gpuAmount")));

    private static Answer Bill(Call call, string idName, string countName, string[] parts, IEnumerable<Billed> things)
    {
        var (window, refusal) = BillingWindow.Read(call);
        if (window is null)
        {
            return refusal!;
        }

        string? wanted = call.Query[idName];
        var records = things
            .Where(thing => wanted is null || thing.Id == wanted)
            .SelectMany(thing => RecordsOf(thing, window, call.Now))
            .OrderBy(record => record.Start)
            .ToList();
        return new Answer(200, new JsonObject
        {
            ["records"] = new JsonArray([.. records.Select(Show)]),
            ["metadata"] = new JsonObject
            {
                ["query"] = QueryOf(call, window, idName),
                ["recordCount"] = records.Count,
                [countName] = records.Select(record => record.Thing.Id).Distinct().Count(),
                ["totals"] = Amounts(new JsonObject(), parts, records),
            },
        });

        JsonNode Show(BillRecord record) => Amounts(
            new JsonObject
            {
                ["startTime"] = VolumeCalls.Time(record.Start),
                ["endTime"] = VolumeCalls.Time(record.End),
                [idName] = record.Thing.Id,
            },
            parts,
            [record]);
    }

    private static IEnumerable<BillRecord> RecordsOf(Billed thing, BillingWindow window, DateTimeOffset now)
    {
        var (start, size) = (BillingWindow.BucketOf(thing.CreatedAt, window.BucketSize), window.BucketSize);
        start = start > window.Start ? start : window.Start;
        for (DateTimeOffset end; start < window.End && start < now; start = end)
        {
            end = BillingWindow.EndOf(start, size);
            var usd = Rounded(thing.CostUntil(end < now ? end : now)) - Rounded(thing.CostUntil(start));
            if (usd > 0)
            {
                yield return new BillRecord(thing, start, end, usd);
            }
        }
    }

    private static JsonObject Amounts(JsonObject shown, string[] parts, IReadOnlyCollection<BillRecord> records)
    {
        shown["totalAmount"] = records.Sum(record => record.Usd);
        foreach (var part in parts)
        {
            shown[part] = records.Where(record => record.Thing.Part == part).Sum(record => record.Usd);
        }

        return shown;
    }

    private static JsonObject QueryOf(Call call, BillingWindow window, string idName)
    {
        var query = new JsonObject
        {
            ["startTime"] = VolumeCalls.Time(window.Start),
            ["endTime"] = VolumeCalls.Time(window.End),
            ["bucketSize"] = window.BucketSize,
        };
        if (call.Query.ContainsKey(idName))
        {
            query[idName] = call.Query[idName].ToString();
        }

        return query;
    }

    private static decimal Rounded(decimal usd) => decimal.Round(usd, Digits, MidpointRounding.ToEven);
}
