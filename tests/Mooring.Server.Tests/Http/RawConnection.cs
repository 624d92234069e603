using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mooring.Server.Tests.Http;

/// <summary>An answer as it came over the wire.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Headers">Its headers, by lower-case name.</param>
/// <param name="Body">Its body, without what it was framed in.</param>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Whether nothing can follow it on its connection.</summary>
    public bool IsLast => IsEndless || Headers.GetValueOrDefault("connection") == "close";

    /// <summary>Whether it is a stream of events, which goes on for as long as anybody listens.</summary>
    public bool IsEndless => IsStream(Headers);

    public static bool IsStream(IReadOnlyDictionary<string, string> headers) =>
        headers.GetValueOrDefault("content-type") is { } type
        && type.StartsWith("text/event-stream", StringComparison.Ordinal);
}

/// <summary>
/// HTTP/1.1 by hand, over one socket: what no client library would send, and what comes back. It is opened anew when
/// the server has closed it.
/// </summary>
internal sealed class RawConnection(int port) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly byte[] _buffer = new byte[64 * 1_024];
    private Socket? _socket;
    private int _start;
    private int _end;

    /// <summary>Sends a whole request and reads its one answer.</summary>
    public async Task<RawAnswer> AskAsync(byte[] request, bool isHead, CancellationToken ct)
    {
        for (var isFresh = _socket is null; ; isFresh = true)
        {
            _socket ??= await OpenAsync(ct);
            try
            {
                // The answer may come, and the connection be closed, before all is sent: a body that is too large.
                var sending = _socket.SendAsync(request, ct).AsTask();
                var answer = await ReadAsync(isHead, ct)
                    ?? throw new IOException("The server closed the connection without an answer.");
                if (answer.IsLast || !sending.IsCompletedSuccessfully)
                {
                    Close();
                    await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                return answer;
            }
            catch (Exception exception) when (!isFresh && exception is IOException or SocketException)
            {
                // It was closed after the request before.
                Close();
            }
        }
    }

    /// <summary>Sends whatever it is, says that nothing follows, and reads all that comes until the end.</summary>
    public async Task<IReadOnlyList<RawAnswer>> ThrowAtAsync(byte[] bytes, CancellationToken ct)
    {
        Close();
        _socket = await OpenAsync(ct);
        List<RawAnswer> answers = [];
        try
        {
            await _socket.SendAsync(bytes, ct);
            _socket.Shutdown(SocketShutdown.Send);
            while (await ReadAsync(isHead: false, ct) is { } answer)
            {
                answers.Add(answer);
                if (answer.IsLast)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // To hang up is an answer, too.
        }

        Close();
        return answers;
    }

    public void Dispose() => Close();

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
        (_start, _end) = (0, 0);
    }

    private async Task<Socket> OpenAsync(CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, ct);
        return socket;
    }

    private async Task<RawAnswer?> ReadAsync(bool isHead, CancellationToken ct)
    {
        while (true)
        {
            if (await LineAsync(ct) is not { Length: > 0 } first)
            {
                return null;
            }

            var parts = first.Split(' ', 3);
            if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal))
            {
                throw new IOException($"'{first}' is no answer of HTTP/1.1.");
            }

            var status = int.Parse(parts[1], CultureInfo.InvariantCulture);
            Dictionary<string, string> headers = [];
            while (await LineAsync(ct) is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                headers[line[..colon].ToLowerInvariant()] = line[(colon + 1)..].Trim();
            }

            // 100 Continue is not the answer.
            if (status >= 200)
            {
                var isEmpty = isHead || status is 204 or 304 || RawAnswer.IsStream(headers);
                var body = isEmpty ? "" : await BodyAsync(headers, ct);
                return new RawAnswer(status, headers, body);
            }
        }
    }

    private async Task<string> BodyAsync(Dictionary<string, string> headers, CancellationToken ct)
    {
        using var body = new MemoryStream();
        if (headers.TryGetValue("content-length", out var length))
        {
            await CopyAsync(body, int.Parse(length, CultureInfo.InvariantCulture), ct);
        }
        else if (headers.GetValueOrDefault("transfer-encoding") == "chunked")
        {
            while (await LineAsync(ct) is { } size)
            {
                var bytes = int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                await CopyAsync(body, bytes, ct);
                await LineAsync(ct);
                if (bytes == 0)
                {
                    break;
                }
            }
        }
        else
        {
            while (_end > _start || await FillAsync(ct))
            {
                body.Write(_buffer, _start, _end - _start);
                _start = _end;
            }
        }

        return Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
    }

    private async Task CopyAsync(MemoryStream to, int bytes, CancellationToken ct)
    {
        while (bytes > 0)
        {
            if (_end == _start && !await FillAsync(ct))
            {
                throw new IOException("The answer was cut.");
            }

            var part = Math.Min(bytes, _end - _start);
            to.Write(_buffer, _start, part);
            _start += part;
            bytes -= part;
        }
    }

    // Null at the end of what there is.
    private async Task<string?> LineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_end == _start && !await FillAsync(ct))
            {
                return line.Length == 0 ? null : throw new IOException("The answer was cut.");
            }

            var c = (char)_buffer[_start++];
            if (c == '\n')
            {
                return line.ToString();
            }

            if (c != '\r')
            {
                line.Append(c);
            }
        }
    }

    private async Task<bool> FillAsync(CancellationToken ct)
    {
        _start = 0;
        _end = 0;
        _end = await _socket!.ReceiveAsync(_buffer, ct).AsTask().WaitAsync(Patience, TimeProvider.System, ct);
        return _end > 0;
    }
}
