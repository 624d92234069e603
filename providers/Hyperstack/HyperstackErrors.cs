using System.Net;
using System.Text;
using System.Text.Json;

namespace Mooring.Providers.Hyperstack;

/// <summary>What the cloud made of a change that it answered.</summary>
internal enum Verdict
{
    /// <summary>Accepted.</summary>
    Done,

    /// <summary>What it was about is not there: 404, or any refusal with <c>not_found</c>.</summary>
    Missing,

    /// <summary>The name is taken: 409, or any refusal with <c>already_exist</c>.</summary>
    Taken,
}

/// <summary>An HTTP answer.</summary>
/// <param name="Status">Its status code.</param>
/// <param name="Body">Its body, whatever it is.</param>
/// <param name="RetryAfter">Of the header of that name, which the vendor does not document.</param>
internal sealed record Answer(HttpStatusCode Status, string Body, TimeSpan? RetryAfter = null)
{
    public bool IsSuccess => (int)Status is >= 200 and <= 299;
}

/// <summary>
/// Every native failure, turned into one typed error (vendor docs, "Errors" and "Rate Limits"). The question is always:
/// did the call certainly change nothing? What could not be read proves nothing and is
/// <see cref="UnreachableException"/>; a change without a readable answer may have been done and is
/// <see cref="UnknownOutcomeException"/>.
/// </summary>
internal static class HyperstackErrors
{
    private const int WordsMax = 300;

    /// <summary>No capacity has no code of its own: it is a 400 with prose, so the prose is read (assumed).</summary>
    private static readonly string[] CapacityWords =
    [
        "no capacity", "not enough capacity", "insufficient capacity", "out of capacity", "out of stock",
        "not in stock", "no stock", "insufficient stock", "no valid host", "not enough resources",
        "insufficient resources", "currently unavailable",
    ];

    /// <summary>What a refusal of a change says beyond yes and no; null if it is a plain failure.</summary>
    public static Verdict? VerdictOf(Answer answer)
    {
        var error = Parse(answer.Body);
        return (answer.Status, error?.ErrorReason) switch
        {
            (HttpStatusCode.NotFound, _) when error is not null => Verdict.Missing,
            (HttpStatusCode.Conflict, _) when error is not null => Verdict.Taken,
            (HttpStatusCode.BadRequest or HttpStatusCode.OK, "not_found") => Verdict.Missing,
            (HttpStatusCode.BadRequest or HttpStatusCode.OK, "already_exist") => Verdict.Taken,
            // In case a duplicate comes as a plain refusal (assumed): whatever it is, a look follows.
            (HttpStatusCode.BadRequest, _) when error?.Message?.Contains(
                "already exist", StringComparison.OrdinalIgnoreCase) == true => Verdict.Taken,
            _ => null,
        };
    }

    /// <summary>The failure that an answer is which is no success, or says <c>status: false</c>.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="changes">Whether the request would change something.</param>
    /// <param name="throttlePause">How long to wait where the cloud throttles and does not say how long.</param>
    public static ProviderException Of(Answer answer, bool changes, TimeSpan throttlePause)
    {
        var words = WordsOf(answer);
        return (int)answer.Status switch
        {
            401 or 403 => new UnauthorizedException(words),
            429 => new ThrottledException(words, answer.RetryAfter ?? throttlePause),
            _ when Parse(answer.Body) is null => Lost(words, changes, null),
            (>= 200 and <= 299) or 400 or 402 or 404 or 405 or 406 or 409 or 422 => Refused(words, changes),
            _ => Lost(words, changes, null),
        };
    }

    /// <summary>The failure of a request that got no whole answer.</summary>
    public static ProviderException OfLoss(Exception lost, bool changes) => lost switch
    {
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        } => new UnreachableException("Hyperstack can't be reached: no connection was made.", lost),
        OperationCanceledException => Lost("Hyperstack did not answer in time.", changes, lost),
        _ => Lost("The connection to Hyperstack ended before the answer was there.", changes, lost),
    };

    /// <summary>The failure of an answer that says yes and can't be understood.</summary>
    public static ProviderException OfNonsense(bool changes, Exception? cause = null) =>
        Lost("Hyperstack's answer can't be understood.", changes, cause);

    /// <summary>The cloud's own words, as far as a user may see them.</summary>
    public static string WordsOf(Answer answer)
    {
        var message = Clean(Parse(answer.Body)?.Message);
        return message.Length > 0
            ? $"Hyperstack: {message}"
            : $"Hyperstack answered with HTTP status {(int)answer.Status}, and no words.";
    }

    private static ProviderException Refused(string words, bool changes) =>
        !changes ? new UnreachableException(words)
        : CapacityWords.Any(capacity => words.Contains(capacity, StringComparison.OrdinalIgnoreCase))
            ? new OutOfStockException(words)
            : new RefusedException(words);

    private static ProviderException Lost(string words, bool changes, Exception? inner) => changes
        ? new UnknownOutcomeException(words, inner)
        : new UnreachableException(words, inner);

    // {"status": false, "message": "...", "error_reason": "bad_request"}; of a 500 there may be the message alone.
    // What is no such object comes from somebody between the cloud and us, and proves nothing.
    private static Envelope? Parse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, WireJson.Default.Envelope) is { } error
                && (error.Message is not null || error.Status is not null || error.ErrorReason is not null)
                ? error
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Clean(string? message)
    {
        var text = new StringBuilder();
        foreach (var character in (message ?? "").Trim())
        {
            text.Append(char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character);
            if (text.Length == WordsMax)
            {
                return text.Append('…').ToString();
            }
        }

        return text.ToString();
    }
}
