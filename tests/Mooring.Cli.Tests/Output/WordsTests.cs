using System.Globalization;
using Mooring.Cli.Output;

namespace Mooring.Cli.Tests.Output;

public sealed class WordsTests
{
    [Theory]
    [InlineData("-00:00:05", "0s")]
    [InlineData("00:00:00", "0s")]
    [InlineData("00:01:59", "119s")]
    [InlineData("00:02:00", "2m")]
    [InlineData("00:09:30", "9m30s")]
    [InlineData("01:30:00", "90m")]
    [InlineData("02:05:00", "2h5m")]
    [InlineData("1.23:00:00", "47h")]
    [InlineData("3.04:00:00", "3d4h")]
    [InlineData("400.01:00:00", "400d")]
    public void A_length_of_time_is_short(string time, string words) =>
        Words.Duration(TimeSpan.Parse(time, CultureInfo.InvariantCulture)).ShouldBe(words);

    [Theory]
    [InlineData("0.00015", "0.00015")]
    [InlineData("1.9", "1.90")]
    [InlineData("0", "0.00")]
    [InlineData("0.000174656422", "0.000174656422")]
    [InlineData("12.50", "12.50")]
    public void A_price_keeps_every_digit(string price, string words) =>
        Words.Price(decimal.Parse(price, CultureInfo.InvariantCulture)).ShouldBe(words);

    [Fact]
    public void No_price_is_a_dash() => Words.Price(null).ShouldBe("-");
}
