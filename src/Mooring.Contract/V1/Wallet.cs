using System.Text.Json.Serialization;

namespace Mooring.Contract.V1;

/// <summary>Answer of GET <c>/billing/wallet</c> (contract, section 9); snake_case as at the vendor.</summary>
public sealed record Wallet
{
    /// <summary>The wallet's id: c and 24 lower-case letters or digits.</summary>
    [JsonPropertyName("wallet_id")]
    public required string WalletId { get; init; }

    /// <summary>The team whose wallet it is; null for a user's.</summary>
    [JsonPropertyName("team_id")]
    public required string? TeamId { get; init; }

    /// <summary>
    /// What was paid in less what was used until now, USD. Nothing is paid in where costs are only shown: then it is
    /// the sum of all costs below zero.
    /// </summary>
    [JsonPropertyName("balance_usd")]
    public required decimal BalanceUsd { get; init; }

    /// <summary>USD.</summary>
    public required string Currency { get; init; }

    /// <summary>Rows in all pages.</summary>
    [JsonPropertyName("total_billings")]
    public required int TotalBillings { get; init; }

    /// <summary>This page, what was billed last first.</summary>
    [JsonPropertyName("recent_billings")]
    public required IReadOnlyList<Billing> RecentBillings { get; init; }
}

/// <summary>What one resource has cost; it grows while the resource is billed (contract, section 9).</summary>
public sealed record Billing
{
    /// <summary>The row's id: the resource's, as each resource has one row.</summary>
    public required string Id { get; init; }

    /// <summary>When the resource was first billed, UTC.</summary>
    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when the amount counts, UTC: now, while the resource is billed.</summary>
    [JsonPropertyName("updated_at")]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The same point in time.</summary>
    [JsonPropertyName("last_billed_at")]
    public required DateTimeOffset? LastBilledAt { get; init; }

    /// <summary>USD for the resource's whole life until then, exact to 1e-12.</summary>
    [JsonPropertyName("amount_usd")]
    public required decimal AmountUsd { get; init; }

    /// <summary>USD.</summary>
    public required string Currency { get; init; }

    /// <summary>disks or compute.</summary>
    [JsonPropertyName("resource_type")]
    public required string ResourceType { get; init; }

    /// <summary>The disk's or the instance's id.</summary>
    [JsonPropertyName("resource_id")]
    public required string? ResourceId { get; init; }
}
