using System.Globalization;
using Mooring.Benchmarks.Machine;
using Mooring.Benchmarks.Rows;

namespace Mooring.Benchmarks;

/// <summary>Measures rows one after the other, prints each as it is known, and stores them.</summary>
internal static class Run
{
    private const string Line = "{0,-44} {1,-9} {2,10} {3,10} {4,-11} {5,7} {6,-18} {7,-34} {8,-6} {9,5}";

    /// <returns>0 where every row passes; 1 where one does not, or could not be measured.</returns>
    public static async Task<int> MeasureAsync(IReadOnlyList<IRow> rows, Effort effort, CancellationToken ct)
    {
        Console.WriteLine(string.Format(
            CultureInfo.InvariantCulture,
            Line,
            "row", "engine", "ours", "reference", "unit", "ratio", "95 % interval", "budget", "", "load"));
        List<Result> results = [];
        var hasFailed = false;
        await using var bench = Bench.Begin(effort, ct);
        foreach (var row in rows)
        {
            try
            {
                await foreach (var result in row.MeasureAsync(bench))
                {
                    Print(result, effort);
                    results.Add(result);
                    hasFailed |= result.Pass == false;
                    if (!effort.IsQuick)
                    {
                        // At once: a run that is cut off has not measured in vain.
                        await ResultFile.StoreAsync(Path.Combine(Programs.Results, "latest.json"), results, ct);
                    }
                }
            }
            catch (BenchmarkException exception)
            {
                Console.WriteLine($"{row.Name} could not be measured: {exception.Message}");
                hasFailed = true;
            }
        }

        if (effort.IsQuick)
        {
            Console.WriteLine("A quick run shows that everything runs; it is no verdict, and nothing was stored.");
            return 0;
        }

        return hasFailed ? 1 : 0;
    }

    private static void Print(Result result, Effort effort) => Console.WriteLine(string.Format(
        CultureInfo.InvariantCulture,
        Line,
        result.Row,
        result.Engine,
        result.Ours,
        result.Reference,
        result.Unit,
        result.Ratio,
        $"{result.Low} to {result.High}",
        result.Budget,
        effort.IsQuick ? "" : result.Pass switch { true => "pass", false => "FAIL", null => "" },
        ProcessFigures.LoadAverage()));
}
