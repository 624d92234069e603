using Mooring.Benchmarks.Load;
using Mooring.Benchmarks.Records;
using Mooring.Benchmarks.Statistics;

namespace Mooring.Benchmarks.Rows;

/// <summary>POST of a disk, 1, 16 and 64 at once, on both databases.</summary>
internal sealed class PostRow : IRow
{
    public string Name => "post";

    public async IAsyncEnumerable<Result> MeasureAsync(Bench bench)
    {
        var budget = new Budget.AtLeast(0.7);
        foreach (var engine in new[] { Engine.Sqlite, Engine.PostgreSql })
        {
            var site = await bench.SiteAsync(engine, bench.Effort.Disks);
            foreach (var connections in new[] { 1, 16, 64 })
            {
                // Each begins with the same records, in files of its own.
                var (ours, bare) = (await bench.CopyAsync(site), await bench.CopyAsync(site));
                await using var sides = await Sides.StartAsync(ours, bare, bench.Ct);
                var pairs = await sides.RatesAsync(bench, budget, Requests.Creation(sides.Ours), connections, 201);
                yield return Result.Of($"POST disk, {connections} at once", engine, "requests/s", budget, pairs);
            }
        }
    }
}
