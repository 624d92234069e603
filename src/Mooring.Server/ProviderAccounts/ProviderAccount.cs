namespace Mooring.Server.ProviderAccounts;

/// <summary>
/// Our account at a provider. Those of this machine and of simulations are set up by the process's settings at each
/// start; those of clouds are added while the server runs, and have a credential here.
/// </summary>
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

    /// <summary>
    /// What lets us in there, encrypted (<see cref="Credentials"/>); null where the process's settings set it up.
    /// </summary>
    public string? Credential { get; init; }

    /// <summary>When the credential was last given; null where there is none.</summary>
    public DateTimeOffset? CredentialSetAt { get; init; }

    /// <summary>What its kind can be told besides (<see cref="ProviderKind.Settings"/>); no secrets.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>When what it charges was last read; null where it never was.</summary>
    public DateTimeOffset? ChargesReadAt { get; init; }

    /// <summary>Why that could not be read the last time, in its own words; null where it could.</summary>
    public string? ChargesReason { get; init; }

    /// <summary>Since when nothing new is made there; null while it is. What is there goes on.</summary>
    public DateTimeOffset? DisabledAt { get; init; }
}
