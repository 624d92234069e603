using Mooring.Client;

namespace Mooring.Cli;

/// <summary>The HTTP connection to a server.</summary>
internal static class Connection
{
    // Any answer of the contract is far smaller; a server that sends more has gone wrong.
    private const int AnswerBytesMax = 64 << 20;

    private static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(30);

    public static HttpClient To(Uri server, TimeSpan? limit = null)
    {
        var handler = new SocketsHttpHandler
        {
            // The key goes to this address and to no other.
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A proxy from the environment has no way to our own loopback.
            UseProxy = !server.IsLoopback,
        };
        return new HttpClient(handler)
        {
            Timeout = limit ?? AnswerTimeMax,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    /// <exception cref="CommandFailedException">The key is none.</exception>
    public static MooringClient Client(HttpClient http, Uri server, string key)
    {
        try
        {
            return new MooringClient(http, server, key);
        }
        catch (ArgumentException e) when (e.ParamName == "apiKey")
        {
            throw new CommandFailedException("the API key is empty or has characters that no key has", e)
            {
                Code = ExitCode.NotAllowed,
            };
        }
    }
}
