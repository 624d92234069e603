using Mooring.Providers;

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
    /// How many of its disks are not gone: kept by the transactions that make and end them (<see cref="AccountUse"/>),
    /// as counting a million takes a database a tenth of a second.
    /// </summary>
    public int CurrentDisks { get; init; }

    /// <summary>The sizes of its disks that are not gone, in GB of 2^30 bytes; kept as that number is.</summary>
    public long CurrentGiB { get; init; }

    /// <summary>How many of its instances are not gone; kept as that number is.</summary>
    public int CurrentPods { get; init; }

    /// <summary>What all of these cost per hour at their full price; kept as those numbers are.</summary>
    public Money CurrentRate { get; init; }

    /// <summary>Disks at the most; null where there may be any number.</summary>
    public int? QuotaDisks { get; init; }

    /// <summary>GB of disks at the most; null where there may be any number.</summary>
    public long? QuotaGiB { get; init; }

    /// <summary>Instances at the most; null where there may be any number.</summary>
    public int? QuotaPods { get; init; }

    /// <summary>What all may cost per hour; null where that is not limited.</summary>
    public Money? QuotaRate { get; init; }
}

/// <summary>A person.</summary>
internal sealed record User
{
    public required UserId Id { get; init; }
    public required AccountId AccountId { get; init; }
    public required string Name { get; init; }
    public required string Email { get; init; }

    /// <summary>One of <see cref="UserRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>Since when none of the user's keys holds; null while they do.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>A short unique name; null until the user chooses one.</summary>
    public string? Slug { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a user is to the installation (contract, section 12).</summary>
internal static class UserRoles
{
    /// <summary>An operator: may do everything, everywhere.</summary>
    public const string Admin = "ADMIN";

    /// <summary>May look at everything, and change what is their own.</summary>
    public const string Manager = "MANAGER";

    /// <summary>Has their own things and those of their teams.</summary>
    public const string User = "USER";

    public static IReadOnlyList<string> All { get; } = [Admin, Manager, User];
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

    /// <summary>When a server began the last audit of the ledger that was the day's and was finished.</summary>
    public DateTimeOffset? LedgerAuditedAt { get; init; }

    /// <summary>Until when a server that has taken the day's audit has it for itself; null where none has.</summary>
    public DateTimeOffset? LedgerAuditTakenUntil { get; init; }
}
