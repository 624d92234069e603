using CsCheck;
using Mooring.Providers;
using Mooring.Server.Ledger;
using Mooring.Server.Wallets;

namespace Mooring.Server.Tests.Wallets;

public class SpendingLineTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A price, when it begins, and how long it holds, in microseconds.</summary>
    private static readonly Gen<(long Price, long From, long For)> Spans = Gen.Select(
        Gen.Long[0, 1_000_000_000_000], Gen.Long[0, 315_360_000_000_000], Gen.Long[0, 315_360_000_000_000]);

    [Fact]
    public void Turns_in_any_order_add_up_to_what_the_spans_cost() => Gen.Select(Spans.Array[0, 20], Gen.Int)
        .Sample((spans, seed) =>
        {
            List<SpendingLine> turns =
            [
                .. spans.SelectMany(span => new[]
                {
                    SpendingLine.Turn(null, new Money(span.Price), At(span.From)),
                    SpendingLine.Turn(new Money(span.Price), null, At(span.From + span.For)),
                }),
            ];
            var line = turns.OrderBy(turn => HashCode.Combine(seed, turn))
                .Aggregate(default(SpendingLine), (sum, turn) => sum + turn);

            line.Rate.ShouldBe(0);
            line.At(Start.AddYears(30)).ShouldBe(spans.Aggregate(
                Int128.Zero,
                (sum, span) => sum + Accrual.Of(At(span.From), At(span.From + span.For), new Money(span.Price))));
        });

    [Fact]
    public void What_is_open_is_spent_until_now() => Spans.Sample(span =>
    {
        var line = SpendingLine.Turn(null, new Money(span.Price), At(span.From));

        line.At(At(span.From + span.For))
            .ShouldBe(Accrual.Of(At(span.From), At(span.From + span.For), new Money(span.Price)));
    });

    [Fact]
    public void A_line_is_read_back_as_it_was_stored() => Gen.Select(Gen.Long, Gen.Long, Gen.ULong)
        .Sample((rate, high, low) =>
        {
            // As far as a sum reaches: 128 bits with a sign.
            var line = new SpendingLine(rate, (((Int128)high << 64) | (Int128)low) >> 5);
            var (storedHigh, storedLow) = line.Stored();

            storedLow.ShouldBeInRange(0, 999_999_999_999_999_999);
            SpendingLine.From(rate, storedHigh, storedLow).ShouldBe(line);
        });

    private static DateTimeOffset At(long microseconds) => Start + TimeSpan.FromMicroseconds(microseconds);
}
