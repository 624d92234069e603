namespace Mooring.Cli;

/// <summary>The HTTP connection to a server.</summary>
internal static class Connection
{
    // Any answer of the contract is far smaller; a server that sends more has gone wrong.
    private const int AnswerBytesMax = 64 << 20;

    public static HttpClient To(Uri server)
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
            Timeout = TimeSpan.FromSeconds(30),
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }
}
