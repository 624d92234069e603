using Mooring.Benchmarks.Load;
using Mooring.Benchmarks.Records;
using Mooring.Benchmarks.Statistics;

namespace Mooring.Benchmarks.Rows;

/// <summary>Lists of 50 of 1,000 disks, on both databases.</summary>
internal sealed class ListRow : IRow
{
    // So few that reading and writing 50 disks is what costs, and not counting all of them.
    public const int Disks = 1_000;
    public const int PerPage = 50;
    private const int Connections = 16;

    public string Name => "list";

    public async IAsyncEnumerable<Result> MeasureAsync(Bench bench)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.PostgreSql })
        {
            var site = await bench.SiteAsync(engine, Disks);
            var budget = new Budget.AtLeast(0.8);
            await using var sides = await Sides.StartAsync(site, site, bench.Ct);
            await sides.CompareAsync([Requests.PagePath(0), Requests.PagePath((Disks / PerPage) - 1)], bench.Ct);
            var pairs = await sides.RatesAsync(
                bench, budget, Requests.Pages(sides.Ours, Enumerable.Range(0, Disks / PerPage)), Connections);
            yield return Result.Of("list 50 disks", engine, "requests/s", budget, pairs);
        }
    }
}
