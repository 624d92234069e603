namespace Mooring.Providers.Hyperstack;

/// <summary>How one account at Hyperstack is used.</summary>
public sealed record HyperstackOptions
{
    /// <summary>Where the API is. HTTPS, or HTTP on this machine only, for a simulator.</summary>
    public Uri BaseAddress { get; init; } = new("https://infrahub-api.nexgencloud.com/v1/");

    /// <summary>How long one request may take; a verb makes several, and has 45 seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a create without an answer may still take effect; up to 15 minutes.</summary>
    public TimeSpan SettlingTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Requests a minute in the long run. The cloud allows 500 from one address, all accounts together.
    /// </summary>
    public int CallsPerMinute { get; init; } = 360;

    /// <summary>Requests at once after a quiet time.</summary>
    public int CallBurst { get; init; } = 60;

    /// <summary>How long a request waits for its turn before the call is put off.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long to leave the cloud alone when it throttles: it does so until a minute's end.</summary>
    public TimeSpan ThrottlePause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Items on a page of a list, 1 to 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>
    /// USD per GB and hour by volume type, for types that the cloud's price book does not name. The published rate of
    /// Cloud-SSD, as of August 2026.
    /// </summary>
    public IReadOnlyDictionary<string, decimal> VolumePrices { get; init; } =
        new Dictionary<string, decimal>(StringComparer.OrdinalIgnoreCase) { ["Cloud-SSD"] = 0.000096774m };

    /// <summary>The contract's images, and what each is called at the cloud.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>
    {
        ["ubuntu_22_cuda_12"] = "Ubuntu Server 22.04 LTS R550 CUDA 12.4",
    };

    /// <summary>
    /// OpenSSH public key that the cloud puts into every virtual machine, beside those of its users. Null: a key whose
    /// private half nobody has, as the cloud demands one.
    /// </summary>
    public string? PublicKey { get; init; }

    /// <summary>Why these options can't be used: which one, and what it may be. Null where they can.</summary>
    public string? FindFlaw()
    {
        (bool Holds, string Words)[] rules =
        [
            (BaseAddress is { IsAbsoluteUri: true } && IsSafe(BaseAddress),
                "BaseAddress is an https address; http only for this machine itself."),
            (BaseAddress is { IsAbsoluteUri: true, Query: "", Fragment: "", UserInfo: "" },
                "BaseAddress has no query, no fragment and no user."),
            (IsBetween(RequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
                "RequestTimeout is 1 second to 1 hour."),
            (IsBetween(SettlingTime, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15)),
                "SettlingTime is 1 second to 15 minutes."),
            (CallsPerMinute is >= 1 and <= 1_000_000, "CallsPerMinute is 1 to 1000000."),
            (CallBurst is >= 1 and <= 1_000_000, "CallBurst is 1 to 1000000."),
            (IsBetween(Patience, TimeSpan.Zero, TimeSpan.FromMinutes(1)), "Patience is 0 to 60 seconds."),
            (IsBetween(ThrottlePause, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15)),
                "ThrottlePause is 1 second to 15 minutes."),
            (PageSize is >= 1 and <= 100, "PageSize is 1 to 100."),
            (VolumePrices.All(price => price.Key.Length > 0 && price.Value is >= 0 and < 1000),
                "VolumePrices are 0 or more and less than 1000 USD per GB and hour, each under a volume type."),
            (Images.Count > 0 && Images.All(image => image.Key.Length > 0 && image.Value.Length > 0),
                "Images has an image at least, and a name at the cloud for each."),
            (PublicKey is null || UserData.IsKey(PublicKey), "PublicKey is one line of OpenSSH's form."),
        ];
        return rules.FirstOrDefault(rule => !rule.Holds).Words;
    }

    private static bool IsSafe(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    private static bool IsBetween(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;
}
