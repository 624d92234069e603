using Mooring.Benchmarks.Hosting;
using Mooring.Benchmarks.Load;
using Mooring.Benchmarks.Records;
using Mooring.Benchmarks.Statistics;

namespace Mooring.Benchmarks.Rows;

/// <summary>The 99th percentile of the first and last 100 pages of 1,000,000 disks against those of 1,000.</summary>
internal sealed class PagesRow : IRow
{
    private const int Pages = 100;

    public string Name => "pages";

    public async IAsyncEnumerable<Result> MeasureAsync(Bench bench)
    {
        var many = await bench.SiteAsync(Engine.Sqlite, bench.Effort.ManyDisks);
        var few = await bench.SiteAsync(Engine.Sqlite, ListRow.Disks);
        await using var big = await HostProcess.StartMooringAsync(many.Engine, many.Data, many.Disks, bench.Ct);
        await using var small = await HostProcess.StartMooringAsync(few.Engine, few.Data, few.Disks, bench.Ct);
        var pages = many.Disks / ListRow.PerPage;
        var budget = new Budget.AtMost(1.5);
        (string Words, int First, Budget Budget)[] parts =
        [
            ("first", 0, budget), ("last", pages - Pages, budget), ("middle", (pages - Pages) / 2, new Budget.None()),
        ];
        var reference = Requests.Pages(
            small.Serving, Enumerable.Range(0, Pages).Select(page => page % (few.Disks / ListRow.PerPage)));
        await HttpLoad.RateAsync(small.Serving.Address, reference, 1, bench.Effort.WarmUp, 200, bench.Ct);
        foreach (var part in parts)
        {
            var requests = Requests.Pages(big.Serving, Enumerable.Range(part.First, Pages));
            await HttpLoad.RateAsync(big.Serving.Address, requests, 1, bench.Effort.WarmUp, 200, bench.Ct);
            var pairs = await Pairs.MeasureAsync(
                bench.Effort,
                part.Budget,
                () => P99Async(big.Serving, requests, bench.Ct),
                () => P99Async(small.Serving, reference, bench.Ct));
            yield return Result.Of(
                $"{part.Words} {Pages} pages of {many.Disks} disks, p99", Engine.Sqlite, "ms", part.Budget, pairs);
        }
    }

    // Each page twice: 200 answers, of which the second slowest is taken, so that one hiccup does not make a round.
    private static async Task<double> P99Async(
        Serving server, IReadOnlyList<ReadOnlyMemory<byte>> requests, CancellationToken ct)
    {
        var latencies = await HttpLoad.LatenciesAsync(server.Address, [.. requests, .. requests], ct);
        return latencies.Order().ElementAt((int)Math.Ceiling(latencies.Count * 0.99) - 1);
    }
}
