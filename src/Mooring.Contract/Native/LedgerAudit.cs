namespace Mooring.Contract.Native;

/// <summary>
/// Answer of GET <c>/api/mooring/v1/audit/ledger</c>: whether usage spans, what they add up to and the wallets'
/// balances are what the events alone say.
/// </summary>
public sealed record LedgerAudit
{
    /// <summary>Until when what is still billed was counted, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How many disks and pods were compared, past ones included.</summary>
    public required long Resources { get; init; }

    /// <summary>How many events were read.</summary>
    public required long Events { get; init; }

    /// <summary>How many usage spans were read.</summary>
    public required long UsageSpans { get; init; }

    /// <summary>How many wallets were compared.</summary>
    public required long Wallets { get; init; }

    /// <summary>How many differences there are; 0 where the ledger is right.</summary>
    public required long TotalCount { get; init; }

    /// <summary>The first 100 of them.</summary>
    public required IReadOnlyList<LedgerDifference> Differences { get; init; }
}

/// <summary>Something that the ledger says otherwise than the events do.</summary>
/// <param name="Id">The disk, pod or wallet.</param>
/// <param name="Words">What differs, in a sentence.</param>
public sealed record LedgerDifference(string Id, string Words);
