using Mooring.Benchmarks.Machine;
using Mooring.Benchmarks.Statistics;

namespace Mooring.Benchmarks.Rows;

/// <summary>How long <c>mooring --help</c> takes, compiled ahead of time.</summary>
internal sealed class HelpRow : IRow
{
    private const int Runs = 60;

    public string Name => "help";

    public async IAsyncEnumerable<Result> MeasureAsync(Bench bench)
    {
        List<double> samples = [];
        for (var run = 0; run < Runs; run++)
        {
            var began = TimeProvider.System.GetTimestamp();
            await Tool.RunAsync(Programs.CommandLine, ["--help"], bench.Ct);
            samples.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        var budget = new Budget.AtMost(50);
        yield return Result.Of("mooring --help", "cli", "ms", budget, Interval.OfMedian(samples));
    }
}
