using System.Globalization;
using Mooring.Providers;
using Mooring.Server.Wallets;

namespace Mooring.Server.Ledger;

/// <summary>A stretch of time that somebody pays for, and for what and whom, by whatever says so.</summary>
internal readonly record struct Charged(
    DateTimeOffset From, DateTimeOffset? To, Money PriceHr, WalletId WalletId, ResourceKind Kind, AccountId AccountId)
{
    public static Charged Of(UsageSpan span) =>
        new(span.From, span.To, span.PriceHr, span.WalletId, span.Kind, span.AccountId);

    /// <summary>What it means for what its wallet spends over time.</summary>
    public SpendingLine Line => To is { } end
        ? SpendingLine.Turn(null, PriceHr, From) + SpendingLine.Turn(PriceHr, null, end)
        : SpendingLine.Turn(null, PriceHr, From);

    /// <summary>Every digit of it, as two that differ can differ in the last one.</summary>
    public string ToWords() => string.Create(
        CultureInfo.InvariantCulture,
        $"from {ToWords(From)} to {(To is { } end ? ToWords(end) : "now")} at {PriceHr.Usd} USD an hour by {WalletId} "
        + $"for a {Kind.ToString().ToLowerInvariant()} of account {AccountId}");

    /// <summary>The exact sum, as <see cref="Accrual"/> has it; what is open counts until now.</summary>
    public Int128 Sum(DateTimeOffset now) => Accrual.Of(From, To ?? now, PriceHr);

    private static string ToWords(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>
/// What one resource's events say of its bill, an event at a time in their order. It knows nothing of usage spans.
/// </summary>
internal sealed class BillHistory
{
    private readonly List<Charged> _charged = [];
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>How many events it has seen.</summary>
    public int Count { get; private set; }

    /// <summary>What the last of them says is paid per hour; null for nothing.</summary>
    public Money? Rate { get; private set; }

    /// <summary>Whether an event is earlier than the one before it.</summary>
    public bool RunsBackwards { get; private set; }

    /// <summary>The times that were paid for, in their order.</summary>
    public IReadOnlyList<Charged> Charged => _charged;

    public void Add(ResourceEvent happened)
    {
        Count++;
        RunsBackwards |= happened.At < _last;
        _last = happened.At;
        if (happened.Rate == Rate)
        {
            return;
        }

        if (Rate is not null)
        {
            _charged[^1] = _charged[^1] with { To = happened.At };
        }

        if (happened.Rate is { } price)
        {
            _charged.Add(new Charged(
                happened.At, null, price, happened.WalletId, happened.Kind, happened.AccountId));
        }

        Rate = happened.Rate;
    }

    /// <summary>The whole of a history at once.</summary>
    public static BillHistory Of(IEnumerable<ResourceEvent> events)
    {
        var history = new BillHistory();
        foreach (var happened in events)
        {
            history.Add(happened);
        }

        return history;
    }
}
