using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Clouds;

/// <summary>Something in a simulated cloud's books.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="IsThere">Whether it is there; else it was once.</param>
internal sealed record Booked(string Name, bool IsThere);

/// <summary>What a simulated cloud has and had: the truth, past the server.</summary>
/// <param name="Disks">Every disk there ever was, the first first.</param>
/// <param name="Instances">Every instance.</param>
/// <param name="Faults">What went wrong, by its names in scripts.</param>
/// <param name="CostUsd">What all of it has cost.</param>
internal sealed record CloudBooks(
    IReadOnlyList<Booked> Disks, IReadOnlyList<Booked> Instances, IReadOnlyList<string> Faults, decimal CostUsd)
{
    public IEnumerable<string> DisksThere => Disks.Where(disk => disk.IsThere).Select(disk => disk.Name);

    public IEnumerable<string> InstancesThere => Instances.Where(one => one.IsThere).Select(one => one.Name);
}

/// <summary>A cloud that is simulated by a process of its own, as operators run it to rehearse.</summary>
internal sealed class SimulatedCloud : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Uri _books;

    private SimulatedCloud(string provider, Process process, Uri address, Uri books)
    {
        Provider = provider;
        _process = process;
        _books = books;
        Address = address;
    }

    /// <summary>The provider's type, which is also the simulator's name for it.</summary>
    public string Provider { get; }

    /// <summary>The account at it, once it is added.</summary>
    public string Account { get; set; } = "";

    /// <summary>Its API, as an account is told it.</summary>
    public Uri Address { get; }

    /// <summary>Starts one on free ports.</summary>
    /// <param name="provider">Which.</param>
    /// <param name="seed">Where its chance begins.</param>
    /// <param name="script">The path of what goes wrong.</param>
    public static async Task<SimulatedCloud> StartAsync(string provider, int seed, string script)
    {
        var start = new ProcessStartInfo(Programs.Simulator)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        List<string> arguments =
        [
            provider, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
            "--seed", seed.ToString(CultureInfo.InvariantCulture), "--faults", script,
        ];
        arguments.ForEach(start.ArgumentList.Add);
        var process = Process.Start(start)!;
        try
        {
            using var over = new CancellationTokenSource(Until.Patience, TimeProvider.System);
            var address = await ReadAddressAsync(process, " is simulated at ", over.Token);
            var books = await ReadAddressAsync(process, "its books: ", over.Token);
            return new SimulatedCloud(provider, process, address, books);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Its books, as its operator reads them.</summary>
    public async Task<CloudBooks> ReadBooksAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        using var books = JsonDocument.Parse(await _http.GetStringAsync(_books, ct));
        var root = books.RootElement;
        // Each cloud has its own words, and so have its books.
        var (disks, instances) =
            (root.GetProperty("volumes"), root.GetProperty(Provider == "runpod" ? "pods" : "machines"));
        return new CloudBooks(
            Read(disks),
            Read(instances),
            [.. root.GetProperty("faults").EnumerateArray().Select(fault => fault.GetProperty("kind").GetString()!)],
            disks.EnumerateArray().Concat(instances.EnumerateArray())
                .Sum(thing => thing.GetProperty("costUsd").GetDecimal()));
    }

    /// <summary>
    /// Makes a disk behind Mooring's back, as something long forgotten would be there. On a bad day this may fail, too.
    /// </summary>
    /// <exception cref="HttpRequestException">It may be there, or not.</exception>
    public async Task PlantDiskAsync(string name)
    {
        if (Provider == "runpod")
        {
            await PostAsync("v2/network-volumes", $$"""{ "name": "{{name}}", "size": 10, "dataCenter": "EU-RO-1" }""");
            return;
        }

        const string Environment = "mooring-us-1";
        try
        {
            await PostAsync("core/environments", $$"""{ "name": "{{Environment}}", "region": "US-1" }""");
        }
        catch (HttpRequestException)
        {
            // Where Mooring has made a disk it is there already.
        }

        await PostAsync("core/volumes", $$"""
            { "name": "{{name}}", "environment_name": "{{Environment}}", "volume_type": "Cloud-SSD", "size": 10 }
            """);
    }

    /// <summary>Asks it to end, as a service manager does; its exit code.</summary>
    public async Task<int> StopAsync()
    {
        (await Tool.RunAsync("kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)))
            .OrFail("the simulator can't be signalled");
        await Until.HoldsAsync(() => _process.HasExited, "the simulator has ended");
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _http.Dispose();
    }

    private static async Task<Uri> ReadAddressAsync(Process process, string words, CancellationToken ct)
    {
        var line = await process.StandardOutput.ReadLineAsync(ct)
            ?? throw new InvalidOperationException("the simulator ended");
        line.ShouldContain(words);
        return new Uri(line[(line.IndexOf(words, StringComparison.Ordinal) + words.Length)..]);
    }

    private static IReadOnlyList<Booked> Read(JsonElement things) =>
    [
        .. things.EnumerateArray().Select(thing => new Booked(
            thing.GetProperty("name").GetString()!,
            thing.TryGetProperty("isThere", out var isThere)
                ? isThere.GetBoolean()
                : thing.GetProperty("goneAt").ValueKind == JsonValueKind.Null)),
    ];

    private async Task PostAsync(string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path)) { Content = content };
        request.Headers.Add(Provider == "runpod" ? "Authorization" : "api_key", "Bearer any");
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
