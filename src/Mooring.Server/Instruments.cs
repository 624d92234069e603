using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mooring.Server.Http;
using Mooring.Server.Reconciling;

namespace Mooring.Server;

/// <summary>
/// What is measured where it happens; states, which are counted when asked for, are in
/// <see cref="Inventory.Census"/>. Each has its line in docs/operate/metrics.md.
/// </summary>
internal static class Instruments
{
    /// <summary>Name of the server's meter.</summary>
    public const string MeterName = "Mooring.Server";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> ProviderCalls = Meter.CreateHistogram(
        "mooring.provider.call.duration",
        "s",
        "Calls to providers, and to the agents of our own hosts.",
        null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45],
        });

    private static readonly Counter<long> Claims = Meter.CreateCounter<long>(
        "mooring.reconciler.claims", "{row}", "Rows that a worker was given to step.");

    private static readonly UpDownCounter<int> EventStreams = Meter.CreateUpDownCounter<int>(
        "mooring.event_streams", "{stream}", "Streams of live history that are open.");

    private static readonly UpDownCounter<int> WriteQueueDepth = Meter.CreateUpDownCounter<int>(
        "mooring.write_queue.depth", "{unit}", "Units of work that wait for SQLite's one writer.");

    private static readonly Histogram<int> WriteQueueBatch = Meter.CreateHistogram(
        "mooring.write_queue.batch.size",
        "{unit}",
        "Units of work that shared a commit.",
        null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    private static readonly Counter<long> Repeats = Meter.CreateCounter<long>(
        "mooring.http.repeats", "{request}", "Requests whose Idempotency-Key was taken already.");

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "mooring.http.refused", "{request}", "Requests refused as too many, or given up as too long.");

    private static readonly Counter<long> LeftOut = Meter.CreateCounter<long>(
        "mooring.audit.left_out", "{entry}", "Refusals that the audit trail leaves out, as too many came.");

    /// <summary>A call has ended.</summary>
    /// <param name="provider">The provider's type.</param>
    /// <param name="verb">What was asked.</param>
    /// <param name="failure">How it failed; null where it did not.</param>
    /// <param name="elapsed">How long it took.</param>
    public static void Called(string provider, string verb, FailureKind? failure, TimeSpan elapsed) =>
        ProviderCalls.Record(elapsed.TotalSeconds, new TagList
        {
            { "provider", provider },
            { "verb", verb },
            { "result", failure is { } kind ? Persistence.SnakeCase.Of(kind.ToString()) : "ok" },
        });

    public static void Claimed(WorkKinds kind, int rows)
    {
        if (rows > 0)
        {
            Claims.Add(rows, new KeyValuePair<string, object?>("kind", kind == WorkKinds.Disks ? "disk" : "pod"));
        }
    }

    public static void StreamOpened() => EventStreams.Add(1);

    public static void StreamEnded() => EventStreams.Add(-1);

    /// <summary>A request came with a key that was taken.</summary>
    public static void Repeated(Turn turn) => Repeats.Add(
        1, new KeyValuePair<string, object?>("first", Persistence.SnakeCase.Of(turn.ToString())));

    /// <summary>A request met a limit.</summary>
    /// <param name="limit">Which: <c>address</c>, <c>key</c>, <c>time</c> or <c>idempotency_keys</c>.</param>
    public static void Refused(string limit) => Refusals.Add(1, new KeyValuePair<string, object?>("limit", limit));

    /// <summary>Entries of the audit trail were not written.</summary>
    public static void LeftOutOfTrail(int entries) => LeftOut.Add(entries);

    public static void Queued() => WriteQueueDepth.Add(1);

    public static void TakenFromQueue(int units) => WriteQueueDepth.Add(-units);

    public static void Committing(int units) => WriteQueueBatch.Record(units);
}
