using System.Net;

namespace Mooring.Client;

/// <summary>
/// A call that brought no usable answer. <see cref="Exception.Message"/> is fit to be shown to a user.
/// </summary>
public abstract class MooringException : Exception
{
    private protected MooringException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>Whether the same call may succeed a little later without anything being changed.</summary>
    public virtual bool IsTransient => false;
}

/// <summary>The server answered with an error status (contract, section 2).</summary>
public sealed class MooringApiException : MooringException
{
    internal MooringApiException(
        HttpStatusCode statusCode,
        string detail,
        IReadOnlyList<string> faults,
        TimeSpan? retryAfter)
        : base($"The server answered {(int)statusCode}: {detail}")
    {
        StatusCode = statusCode;
        Detail = detail;
        Faults = faults;
        RetryAfter = retryAfter;
    }

    /// <summary>The answer's status code.</summary>
    public HttpStatusCode StatusCode { get; }

    /// <summary>The server's words; where it named several faults, they are joined by <c>; </c>. Never empty.</summary>
    public string Detail { get; }

    /// <summary>
    /// The faults of a refused request, each as <c>disk.size: must be …</c>; empty where the server named none.
    /// </summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>How long the server asks to wait before the next try; null if it did not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <inheritdoc/>
    public override bool IsTransient =>
        StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)StatusCode >= 500;
}

/// <summary>
/// No answer came: the server could not be reached, hung up, or was silent beyond the time limit. For a call that
/// changes something the outcome is unknown: it may have happened.
/// </summary>
public sealed class MooringConnectionException : MooringException
{
    internal MooringConnectionException(string message, Exception inner) : base(message, inner) { }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>
/// An answer that the contract does not describe, for example from something that is no Mooring server.
/// </summary>
public sealed class MooringResponseException : MooringException
{
    internal MooringResponseException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>A wait that reached its deadline.</summary>
public sealed class MooringWaitException : MooringException
{
    internal MooringWaitException(string message, Exception? inner = null) : base(message, inner) { }
}
