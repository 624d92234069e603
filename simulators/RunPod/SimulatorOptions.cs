using System.Net;

namespace Mooring.Simulators.RunPod;

/// <summary>What kind of RunPod is played.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Where the API listens; by default a free port of this machine.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Where <c>/_admin</c> listens; null, the default: nowhere. It asks for no key.</summary>
    public IPEndPoint? AdminListen { get; init; }

    /// <summary>The one key that is accepted; null: any.</summary>
    public string? ApiKey { get; init; }

    /// <summary>What chance is drawn from: the same seed and the same calls have the same faults and ids.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>What goes wrong from the start on; a script (<see cref="FaultScript.Parse"/>).</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>What there is to be had.</summary>
    public Catalog Catalog { get; init; } = Catalog.Sample;

    /// <summary>How what nobody has tried at the real place is played.</summary>
    public Assumptions Assumptions { get; init; } = new();

    /// <summary>How long a new pod is PROVISIONING.</summary>
    public TimeSpan Provisioning { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long it is STARTING then.</summary>
    public TimeSpan Starting { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>
    /// Calls allowed in each window, told in <c>RateLimit</c> headers; empty: as a caller who is exempt. The
    /// documentation's numbers are examples that contradict each other; these lie among them.
    /// </summary>
    public IReadOnlyList<RateWindow> RateLimits { get; init; } =
    [
        new("minute", 200, TimeSpan.FromMinutes(1)),
        new("hour", 3000, TimeSpan.FromHours(1)),
        new("day", 50_000, TimeSpan.FromDays(1)),
    ];
}

/// <summary>A number of calls in a time, for a user.</summary>
/// <param name="Name">As headers name it.</param>
/// <param name="Quota">Calls.</param>
/// <param name="Length">The time; the next one begins when it is over.</param>
public sealed record RateWindow(string Name, long Quota, TimeSpan Length);

/// <summary>Which answer is played where RunPod's documents leave a question open; by default the likelier.</summary>
public sealed record Assumptions
{
    /// <summary>The status of a refusal to delete a volume that a pod mounts: 400, 409 or 500.</summary>
    public int StatusOfDeleteInUse { get; init; } = 400;

    /// <summary>Whether such a delete is refused at all. False: it is done, and the pod loses its data.</summary>
    public bool DeleteInUseIsRefused { get; init; } = true;

    /// <summary>How long a deleted pod still stands in the list, TERMINATED and mounting its volume.</summary>
    public TimeSpan DeletedPodsLinger { get; init; } = TimeSpan.Zero;

    /// <summary>How long what was just made is missing in lists.</summary>
    public TimeSpan ListsLag { get; init; } = TimeSpan.Zero;

    /// <summary>Whether it is found by its id meanwhile.</summary>
    public bool IdsAreFoundAtOnce { get; init; } = true;

    /// <summary>Whether a field that is null is refused like one of a wrong type.</summary>
    public bool NullsAreRefused { get; init; } = true;

    /// <summary>
    /// Whether a data center in lower case is taken, as the old API did; no pod can mount what is made there then.
    /// </summary>
    public bool LowerCaseDataCentersAreTaken { get; init; }

    /// <summary>Whether a stopped pod still counts among those that mount a volume.</summary>
    public bool StoppedPodsHoldVolumes { get; init; } = true;
}
