using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Mooring.Simulators.RunPod;

/// <summary>One call, as its handler sees it.</summary>
/// <param name="Place">The place, whose gate is held.</param>
/// <param name="Now">When it is done.</param>
/// <param name="Number">The how manyth call of its route it is.</param>
/// <param name="Route">Its route.</param>
/// <param name="Fault">What meets it, if anything.</param>
/// <param name="Id">The id in its path.</param>
/// <param name="Query">Its query.</param>
/// <param name="Body">Its body.</param>
internal sealed record Call(
    Place Place,
    DateTimeOffset Now,
    long Number,
    string Route,
    Fault? Fault,
    string? Id,
    IQueryCollection Query,
    ReadOnlyMemory<byte> Body)
{
    public bool Meets(FaultKind kind) => Fault?.Kind == kind;

    /// <summary>How long the fault makes it take, by chance between its two bounds.</summary>
    public TimeSpan FaultTime()
    {
        var fault = Fault!;
        var share = Place.Chance.Share($"seconds/{Route}/{Number}");
        return TimeSpan.FromSeconds(
            fault.Seconds + (share * ((fault.SecondsMost ?? fault.Seconds) - fault.Seconds)));
    }
}

/// <summary>What is answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The JSON; null: no body.</param>
internal sealed record Answer(int Status, JsonNode? Body)
{
    public bool IsProblem => Status >= 400;

    /// <summary>For 429.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary><c>application/problem+json</c>, the only form in which errors are told.</summary>
    public static Answer Problem(int status, string detail, params IReadOnlyList<string> errors)
    {
        var body = new JsonObject { ["title"] = TitleOf(status), ["status"] = status, ["detail"] = detail };
        if (errors.Count > 0)
        {
            body["errors"] = new JsonArray([.. errors.Select(error => (JsonNode?)error)]);
        }

        return new Answer(status, body);
    }

    private static string TitleOf(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Error",
    };
}
