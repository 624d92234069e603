namespace Mooring.Simulators.RunPod;

/// <summary>What a pod was ordered with; of its environment only the names.</summary>
internal sealed record PodOrder(
    string Name,
    string Image,
    SimulatedGpu Gpu,
    int GpuCount,
    string DataCenter,
    string? VolumeId,
    string? Path,
    int DiskGb,
    IReadOnlyList<string> Ports,
    IReadOnlyList<string> EnvironmentNames);

/// <summary>A pod. Its status at a time follows from its times, so that nothing runs for time to pass.</summary>
internal sealed class SimulatedPod(
    string id, PodOrder order, DateTimeOffset createdAt, TimeSpan provisioning, TimeSpan starting)
{
    private DateTimeOffset _startsAt = createdAt + provisioning;
    private DateTimeOffset _runsAt = createdAt + provisioning + starting;
    private readonly Meter _meter = new();
    private DateTimeOffset _meteredUntil = createdAt;

    public string Id => id;

    public string Name { get; set; } = order.Name;

    public string? Path { get; set; } = order.Path;

    public PodOrder Order => order;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset? StartedAt => _startsAt;

    public DateTimeOffset? EndsAt { get; set; }

    public DateTimeOffset? FailsAt { get; set; }

    public DateTimeOffset? DeletedAt { get; private set; }

    public DateTimeOffset? GoneAt { get; private set; }

    public int SshPort => 20_000 + (id.Sum(letter => letter) % 20_000);

    public bool IsThereAt(DateTimeOffset now) => GoneAt is not { } gone || gone > now;

    public string StatusAt(DateTimeOffset now) =>
        DeletedAt <= now ? "TERMINATED"
        : FailsAt <= now ? "ERROR"
        : EndsAt <= now ? "EXITED"
        : now < _startsAt ? "PROVISIONING"
        : now < _runsAt ? "STARTING"
        : "RUNNING";

    /// <summary>What may be done with it now.</summary>
    public IReadOnlyList<string> ActionsAt(DateTimeOffset now) => StatusAt(now) switch
    {
        "RUNNING" => ["stop", "restart", "terminate"],
        "EXITED" or "ERROR" => ["start", "terminate"],
        "PROVISIONING" or "STARTING" => ["stop", "terminate"],
        _ => [],
    };

    public bool Holds(string volumeId, DateTimeOffset now, Assumptions assumptions) =>
        order.VolumeId == volumeId && IsThereAt(now)
        && (assumptions.StoppedPodsHoldVolumes || StatusAt(now) != "EXITED");

    public void Delay(TimeSpan by) => _runsAt += by;

    public void Stop(DateTimeOffset now)
    {
        Bill(now);
        EndsAt = now;
    }

    public void Start(DateTimeOffset now)
    {
        Bill(now);
        (EndsAt, FailsAt) = (null, null);
        _startsAt = now;
        _runsAt = now + starting;
    }

    public void Delete(DateTimeOffset now, TimeSpan lingers)
    {
        Bill(now);
        (DeletedAt, GoneAt) = (now, now + lingers);
    }

    /// <summary>What it has cost up to a time: the books as they stood, or will stand, then.</summary>
    public decimal CostUntil(DateTimeOffset time) =>
        _meter.CostUntil(time) + Meter.Cost(_meteredUntil, EndOfCost(time), UsdPerHour);

    public BookedPod Book(DateTimeOffset now) => new(
        id,
        Name,
        order.Gpu.Id,
        order.GpuCount,
        order.DataCenter,
        order.VolumeId,
        StatusAt(now),
        CreatedAt,
        DeletedAt,
        GoneAt <= now ? GoneAt : null,
        CostUntil(now));

    private decimal UsdPerHour => order.Gpu.UsdPerHour * order.GpuCount;

    private void Bill(DateTimeOffset now)
    {
        _meter.Add(_meteredUntil, EndOfCost(now), UsdPerHour);
        _meteredUntil = now;
    }

    // GPUs cost from the creation on until the pod is stopped, exits, fails or is deleted.
    private DateTimeOffset EndOfCost(DateTimeOffset time) =>
        new[] { time, DeletedAt ?? time, EndsAt ?? time, FailsAt ?? time }.Min();
}
