using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Docker.DotNet;

namespace Mooring.Agent.Engine;

/// <summary>
/// Measures one call to the container engine until disposed: <c>ok</c>, <c>not_found</c>, <c>no_answer</c>, or
/// <c>error</c> for any other answer. docs/operate/metrics.md has its line.
/// </summary>
internal sealed class EngineCall(string caller, TimeProvider time) : IDisposable
{
    private static readonly Meter Meter = new("Mooring.Agent");

    private static readonly Histogram<double> Calls = Meter.CreateHistogram(
        "mooring.engine.call.duration",
        "s",
        "Calls to the container engine.",
        null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
        });

    private readonly long _started = time.GetTimestamp();
    private string _result = "error";

    /// <summary>It answered with what was asked for.</summary>
    public T Succeeded<T>(T value)
    {
        _result = "ok";
        return value;
    }

    /// <summary>Whether it answered that what was asked about is not there; noted where it did.</summary>
    public bool IsNotFound(DockerApiException answer)
    {
        if (answer.StatusCode != HttpStatusCode.NotFound)
        {
            return false;
        }

        _result = "not_found";
        return true;
    }

    public void HadNoAnswer() => _result = "no_answer";

    public void Dispose() => Calls.Record(time.GetElapsedTime(_started).TotalSeconds, new TagList
    {
        { "verb", caller.EndsWith("Async", StringComparison.Ordinal) ? caller[..^5] : caller },
        { "result", _result },
    });
}
