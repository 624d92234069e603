namespace Mooring.Server.Offers;

/// <summary>
/// A provider's finite stock of GB, and how much of it is promised to disks that exist. A promise is made in the
/// transaction that creates the disk and given back in the one that confirms that the disk is gone.
/// </summary>
internal sealed record CapacityPool
{
    public required ProviderAccountId ProviderAccountId { get; init; }
    public required string Name { get; init; }

    /// <summary>What the provider last said that there is, GB.</summary>
    public required long CapacityGiB { get; init; }

    /// <summary>What is promised, GB. May exceed the capacity where the provider lost some.</summary>
    public required long PromisedGiB { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Our account at a provider.</summary>
internal sealed record ProviderAccount
{
    public required ProviderAccountId Id { get; init; }

    /// <summary>The provider's type as clients name it, for example <c>local</c>.</summary>
    public required string Type { get; init; }
    public required string Name { get; init; }

    /// <summary>Of accounts with the same offer, the one of highest priority is shown.</summary>
    public required int Priority { get; init; }

    /// <summary>Since when it can't be listed; null while it can.</summary>
    public DateTimeOffset? UnreadableSince { get; init; }

    /// <summary>Why it can't, in its own words.</summary>
    public string? UnreadableReason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
