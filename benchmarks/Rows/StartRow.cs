using System.Globalization;
using Mooring.Benchmarks.Machine;
using Mooring.Benchmarks.Records;
using Mooring.Benchmarks.Statistics;

namespace Mooring.Benchmarks.Rows;

/// <summary>Mooringd from its start to its first answer, empty and with 1,000,000 disks.</summary>
internal sealed class StartRow : IRow
{
    public string Name => "start";

    public async IAsyncEnumerable<Result> MeasureAsync(Bench bench)
    {
        var full = await bench.SiteAsync(Engine.Sqlite, bench.Effort.ManyDisks);
        List<double> empty = [];
        List<double> many = [];
        for (var sample = 0; sample < bench.Effort.Samples; sample++)
        {
            empty.Add(await StartAsync(bench.NewPath("start"), bench.Ct));
            many.Add(await StartAsync(full.Data, bench.Ct));
        }

        var budget = new Budget.AtMost(1500);
        yield return Result.Of("first start to first answer", Engine.Sqlite, "ms", budget, Interval.OfMedian(empty));
        var name = string.Create(CultureInfo.InvariantCulture, $"start to first answer, {full.Disks} disks");
        yield return Result.Of(name, Engine.Sqlite, "ms", budget, Interval.OfMedian(many));
    }

    private static async Task<double> StartAsync(string data, CancellationToken ct)
    {
        await using var daemon = await Mooringd.StartAsync(data, ct);
        return daemon.StartTime.TotalMilliseconds;
    }
}
