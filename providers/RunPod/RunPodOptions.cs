namespace Mooring.Providers.RunPod;

/// <summary>How an account at RunPod is reached, and what its API does not tell: prices of storage, images.</summary>
public sealed record RunPodOptions
{
    /// <summary>The address below which <c>/v2</c> is; https, or http to this machine itself.</summary>
    public Uri BaseAddress { get; init; } = new("https://api.runpod.io");

    /// <summary>How long a request that reads may take, its answer included; 8 s.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a request that changes something may take; 20 s.</summary>
    public TimeSpan ChangeTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long after a create call of unknown outcome the thing may still appear; 60 s.</summary>
    public TimeSpan SettlingTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests that are under way at once, at most; 8.</summary>
    public int RequestsAtOnce { get; init; } = 8;

    /// <summary>Bytes in an answer, at most; 16 MiB.</summary>
    public int AnswerBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>When the prices below were read from RunPod's pages.</summary>
    public DateOnly PricesAsOf { get; init; } = new(2026, 8, 20);

    /// <summary>What the tier STANDARD costs.</summary>
    public StoragePrice Standard { get; init; } = new(0.07m, 0.05m);

    /// <summary>
    /// What the tier HIGH_PERFORMANCE costs where <see cref="HighPerformanceIn"/> says nothing else. Null, the default:
    /// RunPod publishes no price for it ("varies by data center"), and what has no price is not offered.
    /// </summary>
    public StoragePrice? HighPerformance { get; init; }

    /// <summary>What HIGH_PERFORMANCE costs, by data center.</summary>
    public IReadOnlyDictionary<string, StoragePrice> HighPerformanceIn { get; init; } =
        new Dictionary<string, StoragePrice>();

    /// <summary>How many GPUs a pod may have; each number is a question of its own to the catalogue.</summary>
    public IReadOnlyList<int> GpuCounts { get; init; } = [1, 2, 4, 8];

    /// <summary>Size of a pod's container disk in RunPod's GB, 1 or more; 50. It is wiped when the pod stops.</summary>
    public int ContainerDiskGb { get; init; } = 50;

    /// <summary>
    /// Virtual CPUs for each GPU, as offers state them. The catalogue does not say; 2 is what version 1 of the API
    /// asked for at the least.
    /// </summary>
    public int VcpusPerGpu { get; init; } = 2;

    /// <summary>GB (2^30 bytes) of memory for each GPU, as offers state them; 8, for the same reason.</summary>
    public int MemoryGiBPerGpu { get; init; } = 8;

    /// <summary>Which image each of the contract's names stands for.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>
    {
        ["cuda_11_8_pytorch_2_1"] = "runpod/pytorch:2.1.0-py3.10-cuda11.8.0-devel-ubuntu22.04",
        ["cuda_12_1_pytorch_2_2"] = "runpod/pytorch:2.2.0-py3.10-cuda12.1.1-devel-ubuntu22.04",
        ["cuda_12_4_pytorch_2_4"] = "runpod/pytorch:2.4.0-py3.11-cuda12.4.1-devel-ubuntu22.04",
    };

    /// <summary>Stops options that make no sense.</summary>
    /// <exception cref="ArgumentException">They don't; the message says which and why.</exception>
    internal static void Check(RunPodOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Breaches(options).FirstOrDefault() is { } words)
        {
            throw new ArgumentException(words, nameof(options));
        }
    }

    private static IEnumerable<string> Breaches(RunPodOptions options)
    {
        var address = options.BaseAddress;
        (bool Holds, string Words)[] rules =
        [
            (IsAllowed(address), $"'{address}' is no address for RunPod's API: https, or http to this machine itself, "
                + "with no user, query or fragment."),
            (options.ReadTimeout > TimeSpan.Zero && options.ChangeTimeout > TimeSpan.Zero
                && (3 * options.ReadTimeout) + options.ChangeTimeout <= TimeSpan.FromSeconds(45),
                "Three reads and a change may take 45 s together: so long a call may take to answer."),
            (options.SettlingTime > TimeSpan.Zero && options.SettlingTime <= TimeSpan.FromMinutes(15),
                "The settling time is more than nothing and at most 15 minutes."),
            (options.RequestsAtOnce is >= 1 and <= 100, "From 1 to 100 requests may be under way at once."),
            (options.AnswerBytesMax >= 64 * 1024, "An answer must be allowed 64 KiB at least."),
            (options.GpuCounts.Count > 0 && options.GpuCounts.All(count => count is >= 1 and <= 64)
                && options.GpuCounts.Distinct().Count() == options.GpuCounts.Count,
                "The numbers of GPUs are different and from 1 to 64."),
            (options.ContainerDiskGb is >= 1 and <= 10_000, "A container disk has from 1 to 10000 GB."),
            (options is { VcpusPerGpu: >= 1, MemoryGiBPerGpu: >= 1 },
                "A GPU comes with a virtual CPU and a GB of memory at least."),
            (options.Images.Count > 0 && options.Images.All(image => image is { Key.Length: > 0, Value.Length: > 0 }),
                "At least one image is needed, each with its name and reference."),
            (options.HighPerformanceIn.Values.Append(options.Standard).Append(options.HighPerformance)
                .All(price => price is null or { UsdPerGbMonth: >= 0, UsdPerGbMonthAbove: null or >= 0 }),
                "Prices are zero or more."),
            (options.HighPerformanceIn.Keys.All(DataCenters.IsId),
                "Data centers are in capitals, as RunPod names them: US-KS-2."),
        ];
        return rules.Where(rule => !rule.Holds).Select(rule => rule.Words);
    }

    private static bool IsAllowed(Uri address) =>
        address.IsAbsoluteUri
        && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback))
        && address is { UserInfo: "", Query: "", Fragment: "" };
}

/// <summary>What storage costs. RunPod's tier is marginal: only what is above 1000 GB costs the lower price.</summary>
/// <param name="UsdPerGbMonth">USD per GB and month (730 hours) for the first 1000 GB.</param>
/// <param name="UsdPerGbMonthAbove">USD per GB and month for what is above; null where it is the same.</param>
public sealed record StoragePrice(decimal UsdPerGbMonth, decimal? UsdPerGbMonthAbove = null)
{
    /// <summary>Hours that a month has in RunPod's prices, as everybody reckons it.</summary>
    public const int HoursPerMonth = 730;

    /// <summary>GB up to which the first price holds: its "1 TB".</summary>
    public const int FirstGb = 1000;

    /// <summary>The first price for an hour, to 1e-12 USD: it seldom is a whole number of these.</summary>
    public Money PerGbHour => Money.FromUsd(decimal.Round(UsdPerGbMonth / HoursPerMonth, 12));

    /// <summary>USD that a volume of this size costs in a month.</summary>
    public decimal UsdPerMonth(int sizeGb) =>
        (Math.Min(sizeGb, FirstGb) * UsdPerGbMonth)
        + (Math.Max(0, sizeGb - FirstGb) * (UsdPerGbMonthAbove ?? UsdPerGbMonth));
}
