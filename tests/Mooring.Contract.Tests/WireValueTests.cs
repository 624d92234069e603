using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Mooring.Contract.Json;
using Mooring.Contract.V1;

namespace Mooring.Contract.Tests;

/// <summary>Timestamps and prices (contract, section 1) and the error body of section 2.</summary>
public sealed class WireValueTests
{
    private static readonly Gen<DateTimeOffset> Microseconds =
        Gen.Long[0, 4_102_444_800_000_000].Select(us => DateTimeOffset.UnixEpoch.AddMicroseconds(us));

    private static readonly Gen<decimal> Prices =
        Gen.Decimal[0m, 9_000_000m].Select(usd => decimal.Round(usd, 12));

    [Theory]
    [InlineData("2025-11-07T21:07:15.183000")]
    [InlineData("2025-11-07T21:07:15.183")]
    [InlineData("2025-11-07T21:07:15.183000Z")]
    [InlineData("2025-11-07T21:07:15.1830000+00:00")]
    [InlineData("2025-11-07T22:07:15.183000+01:00")]
    public void Timestamps_are_read_with_and_without_an_offset_and_written_in_one_form(string text)
    {
        var created = Wire.Read<SshKey>(KeyCreatedAt($"\"{text}\"")).CreatedAt;

        created.ShouldBe(new DateTimeOffset(2025, 11, 7, 21, 7, 15, 183, TimeSpan.Zero));
        WireTimestampConverter.ToWire(created).ShouldBe("2025-11-07T21:07:15.183000");
    }

    [Theory]
    [InlineData("1762549635")]
    [InlineData("\"yesterday\"")]
    [InlineData("null")]
    public void Other_timestamps_are_refused(string json) =>
        Should.Throw<JsonException>(() => Wire.Read<SshKey>(KeyCreatedAt(json)));

    [Fact]
    public void Any_microsecond_survives_the_wire() => Microseconds.Sample(at =>
    {
        var key = Wire.Read<SshKey>(KeyCreatedAt("\"2025-11-07T21:07:15.183000\"")) with { CreatedAt = at };
        var written = Wire.Write(key);

        written.ShouldContain($"\"createdAt\":\"{WireTimestampConverter.ToWire(at)}\"");
        Wire.Read<SshKey>(written).CreatedAt.ShouldBe(at);
    });

    [Theory]
    [InlineData("0", "0.0")]
    [InlineData("0.075", "0.075")]
    [InlineData("0.0750", "0.075")]
    [InlineData("0.00015", "0.00015")]
    [InlineData("12", "12.0")]
    [InlineData("0.000000000001", "0.000000000001")]
    [InlineData("123456789.123456789012", "123456789.123456789012")]
    public void Prices_are_numbers_with_one_fraction_digit_at_least_and_no_trailing_zeros(string price, string wire)
    {
        var value = decimal.Parse(price, CultureInfo.InvariantCulture);

        Wire.Write(new GpuPrices(value, null, false, "USD"))
            .ShouldBe($$"""{"onDemand":{{wire}},"communityPrice":null,"isVariable":false,"currency":"USD"}""");
    }

    [Fact]
    public void Any_price_survives_the_wire() => Prices.Sample(usd =>
        Wire.Read<GpuPrices>(Wire.Write(new GpuPrices(usd, null, null, "USD"))).OnDemand.ShouldBe(usd));

    [Fact]
    public void A_price_in_quotes_is_refused() =>
        Should.Throw<JsonException>(() => Wire.Read<GpuPrices>("""{"onDemand":"1.9","currency":"USD"}"""));

    [Fact]
    public void A_refused_requests_body_carries_both_forms()
    {
        var body = new ValidationErrorBody(
            [new ValidationDetail(["body", "disk", "size"], "must be between 1 and 100000", "value_error")],
            [new ParamError("disk.size", "must be between 1 and 100000")]);

        Wire.ShouldBe(
            JsonNode.Parse(Wire.Write(body))!,
            """
            {"detail":[{"loc":["body","disk","size"],"msg":"must be between 1 and 100000","type":"value_error"}],
             "errors":[{"param":"disk.size","details":"must be between 1 and 100000"}]}
            """);
    }

    [Fact]
    public void A_list_of_pods_carries_both_totals()
    {
        var list = new ListPage<Pod> { TotalCount = 7, Offset = 0, Limit = 100, Data = [] };

        var written = JsonNode.Parse(Wire.Write(list))!;

        Wire.ShouldBe(written, """{"total_count":7,"totalCount":7,"offset":0,"limit":100,"data":[]}""");
    }

    private static string KeyCreatedAt(string json) => $$"""
        {"id":"k","userId":"u","name":"n","publicKey":"ssh-ed25519 A","isPrimary":true,"isUserKey":true,
         "createdAt":{{json}},"updatedAt":"2025-11-07T21:07:15.183000"}
        """;
}
