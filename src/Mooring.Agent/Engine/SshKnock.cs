using System.Net;
using System.Net.Sockets;

namespace Mooring.Agent.Engine;

/// <summary>
/// Whether an SSH server answers: it speaks first, with a line that begins <c>SSH-</c> (RFC 4253, 4.2).
/// </summary>
internal static class SshKnock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<bool> IsAnsweredAsync(IPAddress address, int port, TimeProvider time, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var greeting = new byte[4];
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), both.Token);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            await stream.ReadExactlyAsync(greeting, both.Token);
            return greeting.AsSpan().SequenceEqual("SSH-"u8);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            return false;
        }
    }
}
