using System.Globalization;
using System.Net.Http.Headers;
using Mooring.Benchmarks.Hosting;
using Mooring.Benchmarks.Load;
using Mooring.Benchmarks.Records;

namespace Mooring.Benchmarks;

/// <summary>
/// What all rows of one run share: how long to measure, where to put things, and records that were filled once.
/// </summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly Dictionary<(string Engine, int Disks), Site> _sites = [];
    private readonly string _work;
    private PostgresServer? _postgres;
    private int _made;

    private Bench(Effort effort, string work, CancellationToken ct) => (Effort, _work, Ct) = (effort, work, ct);

    public Effort Effort { get; }

    public CancellationToken Ct { get; }

    /// <summary>Draws which disks are asked for: the same ones in every run.</summary>
    public Random Random { get; } = new(20251107);

    public static Bench Begin(Effort effort, CancellationToken ct)
    {
        // Not below /tmp, which may be memory: what is written is to reach a disk.
        var work = $"/var/tmp/mooring-bench-{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}";
        const UnixFileMode PassThrough = (UnixFileMode)0b111_001_001;
        Directory.CreateDirectory(work, PassThrough);
        return new Bench(effort, work, ct);
    }

    /// <summary>The path of something new in the run's directory.</summary>
    public string NewPath(string name) =>
        Path.Combine(_work, string.Create(CultureInfo.InvariantCulture, $"{name}-{++_made}"));

    /// <summary>Records with so many disks, for reading only.</summary>
    public async Task<Site> SiteAsync(string engine, int disks)
    {
        if (!_sites.TryGetValue((engine, disks), out var site))
        {
            site = await MakeAsync(engine, disks);
            _sites.Add((engine, disks), site);
        }

        return site;
    }

    /// <summary>The same records once more, for writing.</summary>
    public async Task<Site> CopyAsync(Site site)
    {
        Engine.CloseIdle();
        var data = NewPath("copy");
        Directory.CreateDirectory(data);
        File.Copy(Path.Combine(site.Data, "admin.key"), Path.Combine(data, "admin.key"));
        if (!site.Engine.IsSqlite)
        {
            return site with { Data = data, Engine = await _postgres!.MakeAsync(site.Engine, Ct) };
        }

        var records = Path.Combine(data, "mooring.db");
        File.Copy(site.Engine.Connection, records);
        return site with { Data = data, Engine = Engine.OfFile(records) };
    }

    public async ValueTask DisposeAsync()
    {
        Engine.CloseIdle();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        Directory.Delete(_work, recursive: true);
    }

    // A start waits for no provider (ADR 11), and the provider's pool, which disks are cut from, comes with its answer.
    private async Task ProviderAnswersAsync(Serving serving)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri($"http://{serving.Address}/api/v1/availability/disks"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", serving.Key);
        using var answer = await http.SendAsync(request, Ct);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<Site> MakeAsync(string name, int disks)
    {
        var data = NewPath($"{name}-{disks}");
        Directory.CreateDirectory(data, (UnixFileMode)0b111_001_001);
        var engine = Engine.OfFile(Path.Combine(data, "mooring.db"));
        if (name == Engine.PostgreSql)
        {
            _postgres ??= await PostgresServer.StartAsync(NewPath("postgres"), Ct);
            engine = await _postgres.MakeAsync(null, Ct);
        }

        // The first start makes the tables, the account and its key.
        await using (var first = await HostProcess.StartMooringAsync(engine, data, 0, Ct))
        {
            await ProviderAnswersAsync(first.Serving);
        }

        if (disks > 0)
        {
            await Seed.WriteAsync(engine, disks, Ct);
        }

        Engine.CloseIdle();
        return new Site(engine, data, disks);
    }
}
