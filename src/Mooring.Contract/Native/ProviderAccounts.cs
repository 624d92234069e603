using System.ComponentModel.DataAnnotations;
using Mooring.Contract.V1;

namespace Mooring.Contract.Native;

/// <summary>Answer of GET <c>/api/mooring/v1/providers</c>.</summary>
/// <param name="Data">Every provider account, those of one type together, oldest first.</param>
public sealed record ProviderAccountList(IReadOnlyList<ProviderAccount> Data);

/// <summary>An account at a provider, without its credential: that is shown to nobody.</summary>
public sealed record ProviderAccount
{
    /// <summary>Its id here.</summary>
    public required string Id { get; init; }

    /// <summary>The provider's type, as offers and requests name it, for example <c>hyperstack</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The operator's name for it, one among those of its type.</summary>
    public required string Name { get; init; }

    /// <summary>Of accounts with the same offer, the one of highest priority is shown.</summary>
    public required int Priority { get; init; }

    /// <summary>What its type can be told besides, by name; no secrets.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>When it was added, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its credential was last given, UTC; null where mooringd's own options set it up.</summary>
    public required DateTimeOffset? CredentialSetAt { get; init; }

    /// <summary>Since when nothing new is made there, UTC; null while it is.</summary>
    public required DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Since when it can't be listed, UTC; null while it can.</summary>
    public required DateTimeOffset? UnreadableSince { get; init; }

    /// <summary>Why it can't, in the provider's own words.</summary>
    public required string? UnreadableReason { get; init; }
}

/// <summary>Body of POST <c>/api/mooring/v1/providers</c>.</summary>
public sealed record AddProviderAccountRequest
{
    /// <summary>The provider's type. Required.</summary>
    [Required]
    public string? Type { get; init; }

    /// <summary>1 to 255 characters, one among those of its type. Required.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>What lets Mooring in there, 1 to 4,096 characters; kept encrypted, shown to nobody. Required.</summary>
    [Required]
    public string? Credential { get; init; }

    /// <summary>-1,000 to 1,000; 0 when null or absent.</summary>
    public int? Priority { get; init; }

    /// <summary>What its type can be told besides, by name.</summary>
    public IReadOnlyDictionary<string, string?>? Settings { get; init; }

    /// <summary>Whether it is tried first, and stored only if it lets us in; true when null or absent.</summary>
    public bool? Test { get; init; }
}

/// <summary>Body of POST <c>/api/mooring/v1/providers/{id}/rotate</c>.</summary>
public sealed record RotateCredentialRequest
{
    /// <summary>The new credential, 1 to 4,096 characters. Required.</summary>
    [Required]
    public string? Credential { get; init; }

    /// <summary>Whether it is tried first, and stored only if it lets us in; true when null or absent.</summary>
    public bool? Test { get; init; }
}

/// <summary>Answer of POST <c>/api/mooring/v1/providers/{id}/test</c>.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="Calls">What was asked, and how that went. All of it only reads.</param>
public sealed record ProviderAccountTrial(string Id, IReadOnlyList<TriedCall> Calls);

/// <summary>One call of a trial.</summary>
/// <param name="About">What was asked for, for example <c>disks</c>.</param>
/// <param name="Succeeded">Whether it was answered.</param>
/// <param name="Words">What was found, or why it was not answered, in the provider's words.</param>
public sealed record TriedCall(string About, bool Succeeded, string Words);

/// <summary>Answer of GET <c>/api/mooring/v1/offers</c>.</summary>
/// <param name="Data">Every provider account's part.</param>
public sealed record AccountOffersList(IReadOnlyList<AccountOffers> Data);

/// <summary>What one provider account offers, as of its last answer.</summary>
public sealed record AccountOffers
{
    /// <summary>The account's id.</summary>
    public required string ProviderAccountId { get; init; }

    /// <summary>The provider's type.</summary>
    public required string Type { get; init; }

    /// <summary>When it last said what it offers, UTC; null where it has not since the server was started.</summary>
    public required DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Seconds since then; null where it has not answered.</summary>
    public required long? AgeSeconds { get; init; }

    /// <summary>Why its last answer did not come, in its own words; null where it did.</summary>
    public required string? Reason { get; init; }

    /// <summary>Its disks.</summary>
    public required IReadOnlyList<DiskOffer> Disks { get; init; }

    /// <summary>Its instances.</summary>
    public required IReadOnlyList<GpuOffer> Gpus { get; init; }
}
