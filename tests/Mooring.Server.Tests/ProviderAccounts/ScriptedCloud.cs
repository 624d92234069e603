using System.Collections.Concurrent;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.ProviderAccounts;
using Mooring.Server.Tests.Charges;
using Mooring.Server.Tests.Offers;

namespace Mooring.Server.Tests.ProviderAccounts;

/// <summary>A kind of cloud whose accounts are what their credentials say.</summary>
internal sealed class ScriptedCloud
{
    public const string Type = "cloudy";
    public const string Good = "good-credential";
    public const string Better = "better-credential";
    public const string Bad = "bad-credential";

    /// <summary>What no credential of this cloud looks like.</summary>
    public const string Short = "short";

    /// <summary>Of a place that can't be reached.</summary>
    public const string Lost = "lost-credential";

    /// <summary>The credentials that accounts were opened with, the last one last.</summary>
    public ConcurrentQueue<string> Opened { get; } = [];

    /// <summary>What every account has that is opened from then on; null if each has disks of its own.</summary>
    public ScriptedDisks? Shared { get; set; }

    /// <summary>What its accounts are charged.</summary>
    public ScriptedBilling Billing { get; } = new();

    public ProviderKind Kind => new(
        Type,
        "a word",
        new Dictionary<string, string> { ["place"] = "Where it is." },
        Open);

    private ProviderParts Open(ProviderOpening opening)
    {
        if (opening.Settings.GetValueOrDefault("place") == "nowhere")
        {
            throw new FormatException("there is no place nowhere");
        }

        if (opening.Credential == Short)
        {
            throw new CredentialFormatException("a credential is longer than that");
        }

        Opened.Enqueue(opening.Credential);
        var disks = Shared ?? new ScriptedDisks
        {
            Offers = opening.Settings.GetValueOrDefault("place") is { } place
                ? [ScriptedDisks.PageOffer with { Place = new Place(place, "NO", "eu_north") }]
                : [],
        };
        Func<ProviderException>? failure = opening.Credential switch
        {
            Bad => () => new UnauthorizedException("Who are you?"),
            Lost => () => new UnreachableException("There is nobody."),
            _ => null,
        };
        return new ProviderParts(
            new Place(null, null, null),
            failure is null ? disks : new ClosedDisks(failure),
            null,
            Billing: failure is null ? Billing : null);
    }

    private sealed class ClosedDisks(Func<ProviderException> failure) : IDiskProvider
    {
        public TimeSpan SettlingTime => TimeSpan.Zero;

        public Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct) => throw failure();

        public Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct) => throw failure();

        public Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) => throw failure();

        public Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct) => throw failure();

        public IAsyncEnumerable<RemoteDisk> ListAsync(CancellationToken ct) => throw failure();
    }
}
