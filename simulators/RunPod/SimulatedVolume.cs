namespace Mooring.Simulators.RunPod;

/// <summary>A network volume: it is there from its creation on, and has no state.</summary>
internal sealed class SimulatedVolume(
    string id, string name, int sizeGb, string dataCenter, string tier, DateTimeOffset createdAt, TierPrice price)
{
    private readonly Meter _meter = new();
    private DateTimeOffset _meteredUntil = createdAt;

    public string Id => id;

    public string Name { get; set; } = name;

    public int SizeGb { get; private set; } = sizeGb;

    public string DataCenter => dataCenter;

    public string Tier => tier;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>Since when it is gone.</summary>
    public DateTimeOffset? GoneAt { get; private set; }

    /// <summary>Whether it went without anybody's call.</summary>
    public bool Disappeared { get; private set; }

    /// <summary>Until when it counts as mounted, whatever the pods say.</summary>
    public DateTimeOffset StuckUntil { get; set; }

    public bool IsThereAt(DateTimeOffset now) => GoneAt is not { } gone || gone > now;

    public void Grow(int to, DateTimeOffset now)
    {
        Bill(now);
        SizeGb = to;
    }

    public void End(DateTimeOffset now, bool disappears)
    {
        Bill(now);
        GoneAt = now;
        Disappeared = disappears;
    }

    /// <summary>What it has cost up to a time: the books as they stood, or will stand, then.</summary>
    public decimal CostUntil(DateTimeOffset time) => _meter.CostUntil(time) + CostSinceMetered(time);

    public BookedVolume Book(DateTimeOffset now) => new(
        id, Name, SizeGb, dataCenter, tier, CreatedAt, GoneAt, Disappeared, CostUntil(now));

    private void Bill(DateTimeOffset now)
    {
        if (GoneAt is null)
        {
            _meter.Add(_meteredUntil, now, price.UsdPerHour(SizeGb));
        }

        _meteredUntil = now;
    }

    private decimal CostSinceMetered(DateTimeOffset time) =>
        GoneAt is null ? Meter.Cost(_meteredUntil, time, price.UsdPerHour(SizeGb)) : 0;
}
