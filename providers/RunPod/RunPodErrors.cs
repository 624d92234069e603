using System.Text;
using System.Text.Json;

namespace Mooring.Providers.RunPod;

/// <summary>
/// Every failure of RunPod's API becomes exactly one typed error; this is the only place that decides which. What is
/// asked of each: did the call certainly change nothing? RunPod has no error codes beside the HTTP status, so that one
/// decision rests on its prose (<see cref="SaysThatNothingIsLeft"/>).
/// </summary>
internal static class RunPodErrors
{
    private const int WordsMax = 600;

    /// <summary>Prose of a 400 that is about stock and not about the request.</summary>
    private static readonly string[] NothingLeft =
    [
        "no longer any instances available", "no instances available", "no available instances", "out of stock",
        "not enough capacity", "insufficient capacity", "no capacity", "no storage capacity", "not enough storage",
    ];

    /// <summary>The typed error for an answer that is no success.</summary>
    /// <param name="reply">What RunPod answered.</param>
    /// <param name="isChange">Whether the request was to change something.</param>
    public static ProviderException From(Reply reply, bool isChange)
    {
        var words = WordsOf(reply);
        return reply.Status switch
        {
            // 403: keys are scoped, so that a good key may still lack a right.
            401 or 403 => new UnauthorizedException(words),
            429 => new ThrottledException(words, reply.RetryAfter),
            // What can't be read proves nothing, whatever the reason.
            _ when !isChange => new UnreachableException(words),
            400 when SaysThatNothingIsLeft(words) => new OutOfStockException(words),
            // The server gave up waiting for the rest of a request, which it may have acted on all the same.
            408 => new UnknownOutcomeException(words),
            >= 400 and < 500 => new RefusedException(words),
            _ => new UnknownOutcomeException(words),
        };
    }

    /// <summary>The typed error for a request to which no whole answer came.</summary>
    public static ProviderException From(Exception failure, bool isChange)
    {
        var wasNeverSent = failure is HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        };
        return wasNeverSent || !isChange
            ? new UnreachableException($"RunPod can't be reached ({failure.Message}).", failure)
            : new UnknownOutcomeException($"RunPod's answer was lost ({failure.Message}).", failure);
    }

    /// <summary>The typed error for a request that took too long.</summary>
    public static ProviderException Late(TimeSpan limit, bool isChange, OperationCanceledException cause)
    {
        var words = $"RunPod did not answer within {limit.TotalSeconds:0.#} s.";
        return isChange ? new UnknownOutcomeException(words, cause) : new UnreachableException(words, cause);
    }

    /// <summary>The typed error for a success that can't be read.</summary>
    public static ProviderException Unreadable(Reply reply, bool isChange, Exception? cause)
    {
        var words = $"RunPod's answer can't be read (HTTP {reply.Status}).";
        return isChange ? new UnknownOutcomeException(words, cause) : new UnreachableException(words, cause);
    }

    /// <summary>
    /// RunPod's words, fit to be shown. Validation is told in <c>errors</c>:
    /// <c>{"title": "Unprocessable Entity", "status": 422, "detail": "Request validation failed.", "errors":
    /// ["$: missing property 'dataCenter'"]}</c>. A proxy's page is none of its words.
    /// </summary>
    internal static string WordsOf(Reply reply)
    {
        var problem = ProblemIn(reply.Body);
        var text = new StringBuilder(problem?.Detail ?? problem?.Title);
        foreach (var error in problem?.Errors ?? [])
        {
            text.Append(text.Length == 0 ? "" : " ").Append(error);
        }

        if (text.Length == 0)
        {
            return $"RunPod answered with HTTP {reply.Status} and no words.";
        }

        for (var i = 0; i < text.Length; i++)
        {
            text[i] = char.IsControl(text[i]) ? ' ' : text[i];
        }

        var words = text.Length > WordsMax ? text.ToString(0, WordsMax) + "…" : text.ToString();
        return $"RunPod: {words} (HTTP {reply.Status})";
    }

    private static bool SaysThatNothingIsLeft(string words) =>
        NothingLeft.Any(phrase => words.Contains(phrase, StringComparison.OrdinalIgnoreCase));

    private static Problem? ProblemIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            return body.IsEmpty ? null : JsonSerializer.Deserialize(body.Span, RunPodJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What RunPod answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body, whole.</param>
/// <param name="RetryAfter">How long it asks to be left alone.</param>
internal sealed record Reply(int Status, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
