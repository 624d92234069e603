using Mooring.Benchmarks.Load;
using Mooring.Benchmarks.Records;
using Mooring.Benchmarks.Statistics;

namespace Mooring.Benchmarks.Rows;

/// <summary>GET of a disk by id, authenticated, on both databases.</summary>
internal sealed class GetRow : IRow
{
    private const int Connections = 16;

    public string Name => "get";

    public async IAsyncEnumerable<Result> MeasureAsync(Bench bench)
    {
        foreach (var (engine, limit) in new[] { (Engine.Sqlite, 0.8), (Engine.PostgreSql, 0.9) })
        {
            var site = await bench.SiteAsync(engine, bench.Effort.Disks);
            var budget = new Budget.AtLeast(limit);
            await using var sides = await Sides.StartAsync(site, site, bench.Ct);
            await sides.CompareAsync([$"/api/v1/disks/{Seed.DiskId(0)}", $"/api/v1/disks/{Seed.DiskId(7)}"], bench.Ct);
            var pairs = await sides.RatesAsync(
                bench, budget, Requests.Disks(sides.Ours, site.Disks, bench.Random), Connections);
            yield return Result.Of("GET disk by id", engine, "requests/s", budget, pairs);
        }
    }
}
