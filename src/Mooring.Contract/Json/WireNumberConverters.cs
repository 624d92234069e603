using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mooring.Contract.Json;

/// <summary>
/// Prices as JSON numbers, exact and without trailing zeros, but with one fraction digit at least: the vendor's page
/// (Managing Disks, "Response") writes <c>0.075</c> and <c>0.0</c>.
/// </summary>
public sealed class WirePriceConverter : JsonConverter<decimal>
{
    /// <inheritdoc/>
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var value)
            ? value
            : throw new JsonException("must be a number");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[40];
        value.TryFormat(text, out var written, "0.0###########################", CultureInfo.InvariantCulture);
        writer.WriteRawValue(text[..written], skipInputValidation: true);
    }
}

/// <summary>
/// Whole numbers. <c>500.0</c> passes, as it does at the vendor (contract, section 1); <c>1.5</c>, text and anything
/// beyond 32 bits is refused with words.
/// </summary>
public sealed class WholeNumberConverter : JsonConverter<int>
{
    /// <inheritdoc/>
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw new JsonException("must be a whole number");
        }

        if (reader.TryGetInt32(out var whole))
        {
            return whole;
        }

        if (!reader.TryGetDecimal(out var value) || value is > int.MaxValue or < int.MinValue)
        {
            throw new JsonException("is too large");
        }

        return value == decimal.Truncate(value)
            ? decimal.ToInt32(value)
            : throw new JsonException("must be a whole number");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value);
}
