using System.Text;
using Mooring.Benchmarks.Load;
using Mooring.Benchmarks.Machine;
using Mooring.Benchmarks.Records;
using Mooring.Benchmarks.Statistics;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Local;
using Mooring.Providers.Simulated;

namespace Mooring.Benchmarks.Rows;

/// <summary>From POST to ACTIVE against the provider's own time, on local and simulated.</summary>
internal sealed class CreateRow : IRow
{
    private const string Installation = "bench000";
    private const int SizeGb = 10;
    private const double OverheadMsAtMost = 50;

    private const string Script = """
        {
          "provider": "hyperstack",
          "account": "bench",
          "seed": 1,
          "disks": [{ "dataCenter": "US-1", "country": "US", "region": "united_states", "stockGb": 100000 }]
        }
        """;

    public string Name => "create";

    public async IAsyncEnumerable<Result> MeasureAsync(Bench bench)
    {
        var script = bench.NewPath("script");
        await File.WriteAllTextAsync(script, Script, bench.Ct);
        await using var daemon = await Mooringd.StartAsync(bench.NewPath("create"), bench.Ct, ["--simulate", script]);
        var local = new LocalDisks(
            new LocalOptions { InstallationId = Installation, Directory = bench.NewPath("disks") });
        await local.InitializeAsync(bench.Ct);
        using var simulated = SimulatedProvider.Open(
            Simulation.Parse(Script), bench.NewPath("books"), Installation, TimeProvider.System);
        (string Provider, IDiskProvider Alone, string Body)[] parts =
        [
            ("simulated", simulated.Disks, Body("hyperstack", "null")),
            ("local", local, Body("local", "\"block\"")),
        ];
        foreach (var (provider, alone, body) in parts)
        {
            yield return await MeasureAsync(bench, daemon.Serving, provider, alone, body);
        }
    }

    private static async Task<Result> MeasureAsync(
        Bench bench, Serving server, string provider, IDiskProvider alone, string body)
    {
        using var connection = await HttpConnection.OpenAsync(server.Address, bench.Ct);
        List<(double Ours, double Alone)> samples = [];
        // The first few are compiled while they run.
        var warmUp = bench.Effort.Samples / 3;
        for (var sample = 0; sample < warmUp + (3 * bench.Effort.Samples); sample++)
        {
            var pair = (
                await CreateAsync(connection, server, body, bench.Ct), await CreateAloneAsync(alone, sample, bench.Ct));
            if (sample >= warmUp)
            {
                samples.Add(pair);
            }
        }

        return Result.OfDifference(
            "create to ACTIVE",
            provider,
            "ms",
            new Budget.AtMost(OverheadMsAtMost, "the provider's own time + 50 ms"),
            Interval.Median([.. samples.Select(pair => pair.Ours)]),
            Interval.Median([.. samples.Select(pair => pair.Alone)]),
            Interval.OfMedian([.. samples.Select(pair => pair.Ours - pair.Alone)]));
    }

    private static string Body(string type, string cloudId) =>
        $$"""
        {"disk": {"size": {{SizeGb}}, "cloudId": {{cloudId}} }, "provider": {"type": "{{type}}"} }
        """;

    // As a client sees it that asks again at once whenever it has an answer.
    private static async Task<double> CreateAsync(
        HttpConnection connection, Serving server, string body, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        await ExpectAsync(connection, Requests.Post(server, body), 201, ct);
        const string Member = "\"id\":\"";
        var answer = connection.LastAnswer;
        var id = answer.Substring(answer.IndexOf(Member, StringComparison.Ordinal) + Member.Length, 32);
        var get = Requests.Get(server, $"/api/v1/disks/{id}");
        do
        {
            await ExpectAsync(connection, get, 200, ct);
            if (connection.LastAnswer.Contains("\"ERROR\"", StringComparison.Ordinal))
            {
                throw new BenchmarkException($"A disk failed: {connection.LastAnswer}");
            }
        }
        while (!connection.LastAnswer.Contains("\"ACTIVE\"", StringComparison.Ordinal));

        var elapsed = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
        await ExpectAsync(
            connection,
            Encoding.ASCII.GetBytes(
                $"DELETE /api/v1/disks/{id} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.Key}\r\n\r\n"),
            200,
            ct);
        return elapsed;
    }

    private static async Task<double> CreateAloneAsync(IDiskProvider provider, int number, CancellationToken ct)
    {
        var name = RemoteName.For(Installation, Seed.DiskId(number));
        var isLocal = provider is LocalDisks;
        var spec = new DiskSpec(
            name, ByteSize.FromGiB(SizeGb), isLocal ? "block" : null, isLocal ? null : "US-1", false);
        var began = TimeProvider.System.GetTimestamp();
        var made = await provider.EnsureCreatedAsync(spec, ct);
        while (made.State != RemoteDiskState.Ready)
        {
            made = await provider.ObserveAsync(new DiskRef(name, made.RemoteId), ct);
        }

        var elapsed = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
        await provider.EnsureDeletedAsync(new DiskRef(name, made.RemoteId), ct);
        return elapsed;
    }

    private static async Task ExpectAsync(
        HttpConnection connection, ReadOnlyMemory<byte> request, int status, CancellationToken ct)
    {
        if (await connection.SendAsync(request, ct) != status)
        {
            throw new BenchmarkException($"An answer was not {status}: {connection.LastAnswer}");
        }
    }
}
