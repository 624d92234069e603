using System.Net;

namespace Mooring.Benchmarks.Load;

/// <summary>Requests as fast as they are answered, on a number of connections.</summary>
internal static class HttpLoad
{
    /// <summary>Answered requests a second.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="requests">Sent in turn; each connection begins elsewhere.</param>
    /// <param name="connections">Each has one request under way at a time.</param>
    /// <param name="time">How long.</param>
    /// <param name="status">What each answer must be.</param>
    /// <param name="ct">Cancellation.</param>
    /// <exception cref="BenchmarkException">An answer was another one.</exception>
    public static async Task<double> RateAsync(
        IPEndPoint server,
        IReadOnlyList<ReadOnlyMemory<byte>> requests,
        int connections,
        TimeSpan time,
        int status,
        CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(
            () => SendUntilAsync(server, requests, number * requests.Count / connections, began, time, status, ct),
            ct)));
        return counts.Sum() / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>How long each request took, one after the other on one connection; in milliseconds.</summary>
    public static async Task<IReadOnlyList<double>> LatenciesAsync(
        IPEndPoint server, IEnumerable<ReadOnlyMemory<byte>> requests, CancellationToken ct)
    {
        using var connection = await HttpConnection.OpenAsync(server, ct);
        List<double> latencies = [];
        foreach (var request in requests)
        {
            var began = TimeProvider.System.GetTimestamp();
            Check(await connection.SendAsync(request, ct), 200, connection);
            latencies.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        return latencies;
    }

    private static async Task<long> SendUntilAsync(
        IPEndPoint server,
        IReadOnlyList<ReadOnlyMemory<byte>> requests,
        int first,
        long began,
        TimeSpan time,
        int status,
        CancellationToken ct)
    {
        using var connection = await HttpConnection.OpenAsync(server, ct);
        var count = 0L;
        for (var next = first; TimeProvider.System.GetElapsedTime(began) < time; next++)
        {
            Check(await connection.SendAsync(requests[next % requests.Count], ct), status, connection);
            count++;
        }

        return count;
    }

    private static void Check(int status, int wanted, HttpConnection connection)
    {
        if (status != wanted)
        {
            throw new BenchmarkException($"An answer was not {wanted}: {connection.LastAnswer}");
        }
    }
}
