using System.Globalization;
using System.Numerics;
using Mooring.Providers;
using Mooring.Server.Ledger;

namespace Mooring.Server.Tests.Ledger;

/// <summary>What calendars, clocks and large numbers do to bills: nothing. A table each.</summary>
public sealed class ExactnessTests
{
    [Theory]
    // Clocks that are put forward and back: Berlin's 29 March 2026 has 23 hours, New York's 1 November 25.
    [InlineData("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", "1", "23")]
    [InlineData("2026-03-29T01:59:59.999999+01:00", "2026-03-29T03:00:00+02:00", "3600", "0.000001")]
    [InlineData("2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", "1", "25")]
    [InlineData("2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "1", "1")]
    // Leap days: there is one in 2028 and in 2000, none in 2026 and in 2100.
    [InlineData("2028-02-28T12:00:00Z", "2028-03-01T12:00:00Z", "1", "48")]
    [InlineData("2026-02-28T12:00:00Z", "2026-03-01T12:00:00Z", "1", "24")]
    [InlineData("2000-02-28T00:00:00Z", "2000-03-01T00:00:00Z", "0.5", "24")]
    [InlineData("2100-02-28T00:00:00Z", "2100-03-01T00:00:00Z", "0.5", "12")]
    [InlineData("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z", "0.001", "8.784")]
    // The year's end, with and without what was once a leap second.
    [InlineData("2026-12-31T23:59:59.999999Z", "2027-01-01T00:00:00.000001Z", "1800", "0.000001")]
    [InlineData("2016-12-31T23:59:59Z", "2017-01-01T00:00:00Z", "3600", "1")]
    // Microseconds: a half of 1e-12 USD counts, what is less does not.
    [InlineData("2026-06-01T00:00:00Z", "2026-06-01T00:00:00.000001Z", "3.6", "0.000000001")]
    [InlineData("2026-06-01T00:00:00Z", "2026-06-01T00:00:00.000001Z", "0.0018", "0.000000000001")]
    [InlineData("2026-06-01T00:00:00Z", "2026-06-01T00:00:00.000001Z", "0.001799999999", "0")]
    [InlineData("2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z", "9000000", "0")]
    // Ten years, with their three leap days.
    [InlineData("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "0.15", "13150.8")]
    [InlineData("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "9223372.036854775807", "808631473215.131904551304")]
    // Prices of 12 decimals.
    [InlineData("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "0.000000000001", "0.00000000876")]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "0.123456789012", "0.123456789012")]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "0.123456789012", "0.000034293553")]
    // A clock that was put back: an end before the beginning costs nothing, and earns nothing.
    [InlineData("2026-06-01T12:00:00Z", "2026-06-01T11:00:00Z", "1", "0")]
    public void One_span_costs_its_true_time(string from, string to, string priceHr, string usd)
    {
        var span = Span(At(from), At(to), decimal.Parse(priceHr, CultureInfo.InvariantCulture));

        Accrual.Usd([span], At(to)).ShouldBe(decimal.Parse(usd, CultureInfo.InvariantCulture));
        // And the same while it is open, or seen through a window that is wider.
        Accrual.Usd([span with { To = null }], At(to)).ShouldBe(Accrual.Usd([span], At(to)));
        Accrual.UsdWithin([span], At(from).AddYears(-1), At(to).AddYears(1)).ShouldBe(Accrual.Usd([span], At(to)));
    }

    [Theory]
    // disks, years of 365 days, USD per hour
    [InlineData(1L << 31, 1, "0.015")]
    [InlineData(1L << 31, 10, "0.000000000001")]
    [InlineData(1L << 31, 10, "249.999999999999")]
    [InlineData(1_000_000, 10, "400000.000000000001")]
    [InlineData(3_000_001, 100, "0.123456789012")]
    public void The_sum_of_many_disks_is_exact(long disks, int years, string priceHr)
    {
        var price = Money.FromUsd(decimal.Parse(priceHr, CultureInfo.InvariantCulture));
        var seconds = years * 365L * 86_400;

        // Each runs a microsecond longer than whole seconds.
        var sum = new TimeAtPrice(price.PicoUsd, disks * seconds, disks).Sum;

        var exact = ((BigInteger)seconds * 1_000_000 + 1) * disks * price.PicoUsd;
        ((BigInteger)sum).ShouldBe(exact);
        Accrual.Usd(sum).ShouldBe(Rounded(exact));
    }

    [Fact]
    public void What_can_not_be_held_is_refused_and_never_wrong()
    {
        var most = new TimeAtPrice(long.MaxValue, long.MaxValue / 1_000_000, 0);

        Should.Throw<OverflowException>(() => TimeAtPrice.SumOf([most, most, most]));
        Should.Throw<OverflowException>(() => new TimeAtPrice(long.MaxValue, long.MaxValue, 0).Sum);
        Should.Throw<OverflowException>(() => Accrual.Usd(Int128.MaxValue));
    }

    private static decimal Rounded(BigInteger sum)
    {
        var pico = (sum + 1_800_000_000) / 3_600_000_000;
        return (decimal)pico / 1_000_000_000_000m;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static UsageSpan Span(DateTimeOffset from, DateTimeOffset to, decimal priceHr) => new()
    {
        Kind = ResourceKind.Disk,
        ResourceId = "0",
        AccountId = new AccountId("account"),
        WalletId = new WalletId("wallet"),
        From = from,
        To = to,
        PriceHr = Money.FromUsd(priceHr),
        Cause = Happened.Created,
    };
}
