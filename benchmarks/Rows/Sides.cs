using Mooring.Benchmarks.Hosting;
using Mooring.Benchmarks.Load;
using Mooring.Benchmarks.Records;
using Mooring.Benchmarks.Statistics;

namespace Mooring.Benchmarks.Rows;

/// <summary>Our server and its bare reference, both running.</summary>
internal sealed class Sides(HostProcess ours, HostProcess bare) : IAsyncDisposable
{
    public Serving Ours => ours.Serving;

    /// <summary>Over the same records; or each over its own, where they write.</summary>
    public static async Task<Sides> StartAsync(Site ours, Site bare, CancellationToken ct)
    {
        var first = await HostProcess.StartMooringAsync(ours.Engine, ours.Data, ours.Disks, ct);
        try
        {
            return new Sides(first, await HostProcess.StartBareAsync(bare.Engine, bare.Data, ct));
        }
        catch
        {
            await first.DisposeAsync();
            throw;
        }
    }

    /// <summary>Demands that both answer the same: otherwise they are no pair.</summary>
    public async Task CompareAsync(IEnumerable<string> paths, CancellationToken ct)
    {
        foreach (var path in paths)
        {
            var (mine, other) = (await BodyAsync(ours.Serving, path, ct), await BodyAsync(bare.Serving, path, ct));
            if (mine != other)
            {
                throw new BenchmarkException($"The answers to {path} differ:\n{mine}\n{other}");
            }
        }
    }

    /// <summary>Requests a second, ours to the reference's.</summary>
    public async Task<PairedEstimate> RatesAsync(
        Bench bench, Budget budget, IReadOnlyList<ReadOnlyMemory<byte>> requests, int connections, int status = 200)
    {
        await RateAsync(ours, bench.Effort.WarmUp);
        await RateAsync(bare, bench.Effort.WarmUp);
        return await Pairs.MeasureAsync(
            bench.Effort, budget, () => RateAsync(ours, bench.Effort.Slice), () => RateAsync(bare, bench.Effort.Slice));

        // Both take the same key, so the same bytes do for both; the host's name is not looked at.
        Task<double> RateAsync(HostProcess side, TimeSpan time) =>
            HttpLoad.RateAsync(side.Serving.Address, requests, connections, time, status, bench.Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await ours.DisposeAsync();
        await bare.DisposeAsync();
    }

    private static async Task<string> BodyAsync(Serving server, string path, CancellationToken ct)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{server.Address}{path}"));
        request.Headers.Authorization = new("Bearer", server.Key);
        using var answer = await http.SendAsync(request, ct);
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}";
    }
}
