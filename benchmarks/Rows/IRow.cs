namespace Mooring.Benchmarks.Rows;

/// <summary>
/// Measures one line of the table of budgets (architecture, section 10); it may come to several results.
/// </summary>
internal interface IRow
{
    /// <summary>As it is asked for on the command line.</summary>
    string Name { get; }

    /// <exception cref="BenchmarkException">It can't be measured here.</exception>
    IAsyncEnumerable<Result> MeasureAsync(Bench bench);
}
