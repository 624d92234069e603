using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Mooring.Server.Http;

/// <summary>
/// A request's JSON body. Bound by hand, as the framework would answer what is malformed with a 400 and no word
/// (contract, section 2).
/// </summary>
internal sealed class JsonBody<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private JsonBody(T value) => Value = value;

    public T Value { get; }

    public static async ValueTask<JsonBody<T>> BindAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentType is { Length: > 0 } && !request.HasJsonContentType())
        {
            throw new BadHttpRequestException(
                "Send the body as JSON, with the header 'Content-Type: application/json'.",
                StatusCodes.Status415UnsupportedMediaType);
        }

        var type = (JsonTypeInfo<T>)RequestJson.Reading.GetTypeInfo(typeof(T))!;
        try
        {
            var value = await JsonSerializer.DeserializeAsync(request.BodyReader, type, context.RequestAborted)
                ?? throw new InvalidRequestException([new Fault(["body"], "must be a JSON object")]);
            await KeyAuthentication.CheckSlowAsync(context);
            return new JsonBody<T>(value);
        }
        catch (JsonException exception)
        {
            throw new InvalidRequestException([FaultOf(exception)]);
        }
        catch (IOException exception)
        {
            throw RequestJson.Unreadable(exception);
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: false));
        builder.Metadata.Add(EndpointDescription.Refusal(StatusCodes.Status413PayloadTooLarge));
        builder.Metadata.Add(EndpointDescription.Refusal(StatusCodes.Status415UnsupportedMediaType));
        builder.Metadata.Add(EndpointDescription.Refusal(StatusCodes.Status422UnprocessableEntity));
    }

    // Path is "$.disk.size" or "$.pod.envVars[0].key"; the message of our own converters is fit to be shown, the
    // framework's names .NET types.
    private static Fault FaultOf(JsonException exception)
    {
        List<string> where = ["body"];
        foreach (var part in (exception.Path ?? "$").Split(['.', '['], StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            where.Add(part.TrimEnd(']').Trim('\''));
        }

        var message = exception.Message;
        return new Fault(
            where,
            message.StartsWith("must ", StringComparison.Ordinal) || message.StartsWith("is ", StringComparison.Ordinal)
                ? message.Split(" Path: ")[0].TrimEnd('.')
            : message.Contains("could not be mapped", StringComparison.Ordinal) ? "is not known here: leave it out"
            : message.Contains("duplicate", StringComparison.OrdinalIgnoreCase) ? "is given twice"
            : message.Contains("maximum configured depth", StringComparison.Ordinal)
                ? $"must be nested {RequestLimits.JsonDepthAtMost} levels deep at the most"
            : message.Contains("could not be converted", StringComparison.Ordinal) ? "has a value of the wrong type"
            : "must be well-formed JSON");
    }
}
