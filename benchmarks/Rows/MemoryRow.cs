using Mooring.Benchmarks.Load;
using Mooring.Benchmarks.Machine;
using Mooring.Benchmarks.Records;
using Mooring.Benchmarks.Statistics;

namespace Mooring.Benchmarks.Rows;

/// <summary>What mooringd holds when it has answered some requests and rests.</summary>
internal sealed class MemoryRow : IRow
{
    private const int SamplesAtMost = 5;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(20);

    public string Name => "memory";

    public async IAsyncEnumerable<Result> MeasureAsync(Bench bench)
    {
        List<double> samples = [];
        for (var sample = 0; sample < Math.Min(SamplesAtMost, bench.Effort.Samples); sample++)
        {
            await using var daemon = await Mooringd.StartAsync(bench.NewPath("memory"), bench.Ct);
            var list = Requests.Get(daemon.Serving, "/api/v1/disks/");
            var offers = Requests.Get(daemon.Serving, "/api/v1/availability/disks");
            await HttpLoad.RateAsync(
                daemon.Serving.Address, [list, offers], 4, TimeSpan.FromSeconds(1), 200, bench.Ct);
            await Task.Delay(Rest, TimeProvider.System, bench.Ct);
            samples.Add(ProcessFigures.ResidentMb(daemon.Pid));
        }

        var budget = new Budget.AtMost(200);
        yield return Result.Of("memory, idle", Engine.Sqlite, "MB", budget, Interval.OfMedian(samples));
    }
}
