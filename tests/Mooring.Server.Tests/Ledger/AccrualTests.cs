using CsCheck;
using Mooring.Providers;
using Mooring.Server.Ledger;

namespace Mooring.Server.Tests.Ledger;

public sealed class AccrualTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // from, to (seconds after noon, empty while open), USD per hour, now (seconds after noon), USD
    [InlineData("0 3600 0.075", 7200, "0.075")]
    [InlineData("0 - 0.075", 3600, "0.075")]
    [InlineData("0 1800 0; 1800 - 0.075", 5400, "0.075")]
    [InlineData("0 - 0.000000000001", 1800, "0.000000000001")]
    [InlineData("0 - 0.000000000001", 1799, "0")]
    [InlineData("600 - 1", 0, "0")]
    [InlineData("", 3600, "0")]
    public void Costs_are_time_times_price_rounded_once(string spans, int now, string usd) => Accrual
        .Usd(spans.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(SpanOf), Noon.AddSeconds(now))
        .ShouldBe(decimal.Parse(usd));

    [Fact]
    public void Ten_years_of_the_dearest_price_do_not_overflow() =>
        Accrual.Usd([Span(0, null, new Money(long.MaxValue))], Noon.AddDays(3_653))
            .ShouldBe((decimal)((Int128)long.MaxValue * 3_653 * 24) / 1_000_000_000_000m);

    [Fact]
    public void Cutting_a_span_in_two_changes_no_bill() =>
        Gen.Select(Gen.Long[0, 1_000_000_000_000], Gen.Long[0, 1_000_000_000_000], Gen.Long[0, 10_000_000_000_000])
            .Sample(
            (first, second, price) =>
            {
                var cut = Noon.AddMicroseconds(first);
                var end = cut.AddMicroseconds(second);
                var whole = Span(0, null, new Money(price)) with { To = end };

                var parts = Accrual.Usd([whole with { To = cut }, whole with { From = cut, To = end }], end);

                parts.ShouldBe(Accrual.Usd([whole], end));
            },
            iter: 1_000);

    private static UsageSpan SpanOf(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Span(
            int.Parse(parts[0]), parts[1] == "-" ? null : int.Parse(parts[1]), Money.FromUsd(decimal.Parse(parts[2])));
    }

    private static UsageSpan Span(int from, int? to, Money price) => new()
    {
        Kind = ResourceKind.Disk,
        ResourceId = "0",
        AccountId = new AccountId("account"),
        WalletId = new WalletId("wallet"),
        From = Noon.AddSeconds(from),
        To = to is { } end ? Noon.AddSeconds(end) : null,
        PriceHr = price,
        Cause = Happened.Created,
    };
}
