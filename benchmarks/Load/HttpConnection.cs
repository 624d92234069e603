using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mooring.Benchmarks.Load;

/// <summary>
/// One kept-alive HTTP/1.1 connection that sends bytes made beforehand and finds the answer's end, and does nothing
/// else: on a machine of few cores whatever the client spends is taken from the server, and hides what it costs.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;

    public static async Task<HttpConnection> OpenAsync(IPEndPoint server, CancellationToken ct)
    {
        var connection = new HttpConnection();
        try
        {
            await connection._socket.ConnectAsync(server, ct);
            return connection;
        }
        catch (SocketException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends one request and reads its answer whole.</summary>
    /// <returns>The answer's status code.</returns>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request, CancellationToken ct)
    {
        for (var sent = 0; sent < request.Length;)
        {
            sent += await _socket.SendAsync(request[sent..], ct);
        }

        _length = 0;
        var end = Expected.Unknown;
        do
        {
            if (_length == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            var read = await _socket.ReceiveAsync(_buffer.AsMemory(_length), ct);
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            _length += read;
            end = end.IsKnown ? end : Expected.Of(_buffer.AsSpan(0, _length));
        }
        while (!end.IsReached(_buffer.AsSpan(0, _length)));

        // "HTTP/1.1 200 OK"
        return ((_buffer[9] - '0') * 100) + ((_buffer[10] - '0') * 10) + (_buffer[11] - '0');
    }

    /// <summary>The last answer as it came, head and all; for the words of a failure.</summary>
    public string LastAnswer => Encoding.UTF8.GetString(_buffer, 0, _length);

    public void Dispose() => _socket.Dispose();

    // Where the answer ends: at a length, or with the last chunk. Nothing is pipelined, so what ends the answer ends
    // what was received, and JSON has no bare line breaks that could look like it.
    private readonly record struct Expected(int? Length, bool IsChunked)
    {
        public static readonly Expected Unknown = new(null, false);

        public bool IsKnown => Length is not null || IsChunked;

        public static Expected Of(ReadOnlySpan<byte> received)
        {
            var head = received.IndexOf(HeadEnd);
            if (head < 0)
            {
                return Unknown;
            }

            ReadOnlySpan<byte> name = "\r\nContent-Length: "u8;
            var at = received[..head].IndexOf(name);
            if (at < 0)
            {
                return new Expected(null, true);
            }

            var length = 0;
            foreach (var digit in received[(at + name.Length)..])
            {
                if (digit is < (byte)'0' or > (byte)'9')
                {
                    break;
                }

                length = (length * 10) + (digit - '0');
            }

            return new Expected(head + HeadEnd.Length + length, false);
        }

        public bool IsReached(ReadOnlySpan<byte> received) =>
            IsChunked ? received.EndsWith("0\r\n\r\n"u8) : received.Length >= Length;
    }
}
