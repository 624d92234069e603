using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mooring.Server.Tests.Http;

/// <summary>What an instrument counts, by its tags.</summary>
internal sealed class Counted : IDisposable
{
    private readonly MeterListener _listener = new();

    public Counted(string name)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
            {
                Tags.Enqueue($"{tag.Key}={tag.Value}");
            }
        });
        _listener.Start();
    }

    public ConcurrentQueue<string> Tags { get; } = new();

    public void Dispose() => _listener.Dispose();
}
