using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Mooring.Contract.Json;

namespace Mooring.Server.Http;

/// <summary>How bodies of requests are read: as the contract has it, and without any NUL.</summary>
internal static class RequestJson
{
    public static readonly ContractJson Reading =
        new(new JsonSerializerOptions(ContractJson.Default.Options)
        {
            Converters = { new TextWithoutNul() },
            MaxDepth = RequestLimits.JsonDepthAtMost,
        });

    /// <summary>
    /// A body that breaks off or is framed wrongly is the client's fault, whichever exception Kestrel has for it: for a
    /// chunk of more bytes than there are numbers it is none of its own for requests.
    /// </summary>
    public static BadHttpRequestException Unreadable(IOException exception) =>
        exception as BadHttpRequestException
        ?? new BadHttpRequestException("The body can't be read.", StatusCodes.Status400BadRequest, exception);

    // No text of a user's has a place for a NUL, and PostgreSQL takes none, neither to store nor to compare with
    // (https://www.postgresql.org/docs/current/datatype-character.html): it is refused before anybody sees it.
    private sealed class TextWithoutNul : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            {
                throw new JsonException("must be text");
            }

            var text = reader.GetString();
            return text?.Contains('\0', StringComparison.Ordinal) is true
                ? throw new JsonException("must be text without NUL")
                : text;
        }

        public override string ReadAsPropertyName(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Read(ref reader, typeToConvert, options)!;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
}
