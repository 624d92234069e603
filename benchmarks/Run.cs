using System.Globalization;
using Mooring.Benchmarks.Machine;
using Mooring.Benchmarks.Rows;

namespace Mooring.Benchmarks;

/// <summary>Measures rows one after the other, prints each as it is known, and stores them.</summary>
internal static class Run
{
    private static readonly int[] Widths = [44, 9, -8, -9, 11, -7, 18, 33, 4, -5];

    /// <returns>0 where every row passes; 1 where one does not, or could not be measured.</returns>
    public static async Task<int> MeasureAsync(IReadOnlyList<IRow> rows, Effort effort, CancellationToken ct)
    {
        Print("row", "engine", "ours", "reference", "unit", "ratio", "95 % interval", "budget", "", "load");
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

    private static void Print(Result result, Effort effort) => Print(
        result.Row,
        result.Engine,
        Text(result.Ours),
        Text(result.Reference),
        result.Unit,
        Text(result.Ratio),
        $"{Text(result.Low)} to {Text(result.High)}",
        result.Budget,
        effort.IsQuick ? "" : result.Pass switch { true => "pass", false => "FAIL", null => "" },
        // Others at work on the machine: ratios bear it, absolute figures don't.
        ProcessFigures.LoadAverage());

    private static void Print(params IReadOnlyList<string> cells) =>
        Console.WriteLine(string.Join(' ', cells.Zip(Widths, Pad)).TrimEnd());

    // To the right where the width is negative: numbers.
    private static string Pad(string cell, int width) => width < 0 ? cell.PadLeft(-width) : cell.PadRight(width);

    private static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
