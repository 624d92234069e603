namespace Mooring.Server.Accounts;

/// <summary>Who pays: a user or a team. Every resource has an account.</summary>
internal sealed record Account
{
    public required AccountId Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The user whose personal account it is; null for a team's.</summary>
    public UserId? UserId { get; init; }

    /// <summary>The team whose account it is; null for a user's.</summary>
    public TeamId? TeamId { get; init; }
    public required WalletId WalletId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// How many of its disks are not gone: kept by the transactions that make and end them (<c>DiskCounts</c>), as
    /// counting a million takes a database a tenth of a second.
    /// </summary>
    public int CurrentDisks { get; init; }
}

/// <summary>A person.</summary>
internal sealed record User
{
    public required UserId Id { get; init; }
    public required AccountId AccountId { get; init; }
    public required string Name { get; init; }
    public required string Email { get; init; }

    /// <summary>ADMIN, MANAGER or USER.</summary>
    public required string Role { get; init; }

    /// <summary>A short unique name; null until the user chooses one.</summary>
    public string? Slug { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What an account's costs are drawn from, or shown against.</summary>
internal sealed record Wallet
{
    public required WalletId Id { get; init; }
    public required AccountId AccountId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// This installation: made once, at the first start. Its id is part of every name at providers, so that two
/// installations on one provider account never touch each other's disks.
/// </summary>
internal sealed record Installation
{
    /// <summary>8 lower-case letters and digits.</summary>
    public required string Id { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a server last took the day's audit of the ledger; null where none has.</summary>
    public DateTimeOffset? LedgerAuditedAt { get; init; }
}
