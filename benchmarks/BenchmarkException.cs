namespace Mooring.Benchmarks;

/// <summary>A row can't be measured; the message says why.</summary>
internal sealed class BenchmarkException(string message, Exception? inner = null) : Exception(message, inner);
