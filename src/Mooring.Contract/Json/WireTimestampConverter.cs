using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mooring.Contract.Json;

/// <summary>
/// Timestamps as the vendor's page shows them: UTC, no offset, six fraction digits (contract, section 1), for example
/// <c>2025-11-07T21:07:15.183000</c>. One list must not mix forms: today's CLI fails on it. Reading takes a missing
/// offset as UTC.
/// </summary>
public sealed class WireTimestampConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff";

    /// <summary>The wire form of a point in time; digits below a microsecond are cut.</summary>
    public static string ToWire(DateTimeOffset value) =>
        value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
        && DateTimeOffset.TryParse(
            reader.GetString(),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var value)
            ? value
            : throw new JsonException("must be a timestamp such as 2025-11-07T21:07:15.183000");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[26];
        value.UtcDateTime.TryFormat(text, out var written, Format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }
}
