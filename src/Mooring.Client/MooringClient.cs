namespace Mooring.Client;

/// <summary>
/// The contract's routes as typed calls. One instance may be used by many callers at once.
/// <para>
/// Every call may throw <see cref="MooringApiException"/> (the server refused),
/// <see cref="MooringConnectionException"/> (no answer came; whether the server acted is not known),
/// <see cref="MooringResponseException"/> (an answer came that the contract does not describe) and
/// <see cref="OperationCanceledException"/> (the caller's token). Nothing is retried but inside the wait calls, and
/// the key is neither logged nor part of any message.
/// </para>
/// </summary>
public sealed partial class MooringClient
{
    private readonly ApiTransport _api;

    /// <summary>A client of one server with one key.</summary>
    /// <param name="http">
    /// Stays the caller's: its time limit holds for each call, and its default headers are left alone. Its handler
    /// should not follow redirects: the server sends none, and another address has no business with the key.
    /// </param>
    /// <param name="server">
    /// The server's http or https address, with a path prefix if it has one; a trailing <c>/api/v1</c> is ignored, as
    /// today's CLI does (contract 14.1).
    /// </param>
    /// <param name="apiKey">The key, as the server showed it once: visible ASCII characters.</param>
    /// <exception cref="ArgumentException">
    /// The address is not an absolute http or https one without query, or the key is empty or has characters that no
    /// key has.
    /// </exception>
    public MooringClient(HttpClient http, Uri server, string apiKey)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(apiKey);
        _api = new ApiTransport(http, server, apiKey);
        Server = _api.Root;
    }

    /// <summary>The server's address without <c>/api/v1</c>, ending in a slash.</summary>
    public Uri Server { get; }
}
