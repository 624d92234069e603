using System.Net;
using System.Net.Sockets;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>A server that reads a request and ends the connection instead of answering.</summary>
internal sealed class CuttingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _running;
    private int _requests;

    public CuttingServer()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1/");
        _running = RunAsync();
    }

    public Uri Address { get; }

    public int Requests => Volatile.Read(ref _requests);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                if (await client.GetStream().ReadAsync(buffer, _closing.Token) > 0)
                {
                    Interlocked.Increment(ref _requests);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is closing.
        }
    }
}
