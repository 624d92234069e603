using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Mooring.Client;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>
/// One installation of Mooring: a data directory on a real file system, a port, and the mooringd that serves it now.
/// </summary>
public sealed class Installation : IAsyncDisposable
{
    private static int _lastPort = RandomNumberGenerator.GetInt32(16_000, 30_000);

    private readonly string _root;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    private Mooringd? _daemon;
    private MooringClient? _client;

    private Installation(string root, int port)
    {
        _root = root;
        Port = port;
    }

    public int Port { get; }

    public Uri Server => new($"http://127.0.0.1:{Port}/");

    /// <summary>What <c>--data</c> names.</summary>
    public string Data => Path.Combine(_root, "data");

    /// <summary>For files of the tests.</summary>
    public string Scratch => Path.Combine(_root, "scratch");

    public string KeyFile => Path.Combine(Data, "admin.key");

    public string ApiKey => File.ReadAllText(KeyFile).Trim();

    /// <summary>The 8 characters in all its names at providers.</summary>
    public string Id => Records.Installation();

    public MooringClient Client => _client ?? throw new InvalidOperationException("mooringd was not started yet");

    /// <summary>Whether a mooringd of it was ready once.</summary>
    public bool HasServed => _client is not null;

    public HttpClient Http => _http;

    public Mooringd Daemon => _daemon ?? throw new InvalidOperationException("mooringd does not run");

    public bool IsRunning => _daemon is { HasEnded: false };

    public Records Records => new(Path.Combine(Data, "mooring.db"));

    public Engine Engine => new(Id);

    /// <summary>Path of its mooringd.</summary>
    public string Program { get; set; } = Programs.Daemon;

    /// <summary>Put before mooringd's command line; see <see cref="Mooringd.Start"/>.</summary>
    public IReadOnlyList<string> Launcher { get; set; } = [];

    /// <summary>Settings in the form of environment variables.</summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // Tests want several pods at once, also on a machine of two cores.
        ["MOORING__Instances__CpuOvercommit"] =
            Math.Max(1, 8.0 / Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture),
        ["MOORING__Instances__MemoryReserveGb"] = "1",
    };

    /// <summary>Options of mooringd at each of its starts.</summary>
    public IReadOnlyList<string> Options { get; set; } = [];

    /// <summary>Makes the directories; nothing is started.</summary>
    public static Installation Prepare() =>
        // Not below /tmp, which may be memory: disks are to lie on a real file system.
        Prepare($"/var/tmp/mooring-e2e-{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}");

    /// <summary>The same in a directory that does not exist yet.</summary>
    public static Installation Prepare(string root)
    {
        // Pods' users pass through on the way to what is mounted below.
        Directory.CreateDirectory(root, (UnixFileMode)0b111_001_001);
        return new Installation(root, FreePort());
    }

    public Task ProvideImageAsync() => InstanceImage.ProvideAsync(Path.Combine(Data, "images"));

    public string NameOf(string id) => $"mrg-{Id}-{id}";

    public string ImageOf(string diskId) => Path.Combine(Data, "disks", NameOf(diskId) + ".img");

    public async Task<Remains> RemainsAsync() => new(Data, Id, await Records.AccountsAsync());

    /// <summary>Starts mooringd and waits until it serves.</summary>
    public async Task StartAsync(params string[] arguments)
    {
        IsRunning.ShouldBeFalse("it runs already");
        // Others may be looking at it: it is exchanged whole.
        var before = _daemon;
        _daemon = Launch(arguments);
        before?.Dispose();
        await _daemon.WaitUntilReadyAsync(_http, Server);
        _client ??= new MooringClient(_http, Server, ApiKey);
    }

    /// <summary>Starts a mooringd on this installation's data; how far it gets is the caller's to see.</summary>
    public Mooringd Launch(params string[] arguments)
    {
        string[] listen = arguments.Contains("--listen") ? [] : ["--listen", $"127.0.0.1:{Port}"];
        return Mooringd.Start(Launcher, Program, ["--data", Data, .. listen, .. Options, .. arguments], Settings);
    }

    /// <summary>Asks it to end, and waits for that.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(string signal = "TERM")
    {
        await Daemon.SignalAsync(signal);
        return await Daemon.WaitForEndAsync();
    }

    /// <summary>As a crash: it has no time for anything.</summary>
    public async Task KillAsync()
    {
        await Daemon.SignalAsync("KILL");
        await Daemon.WaitForEndAsync();
    }

    /// <summary>Waits until an instance with an image can be had.</summary>
    public Task WaitForInstancesAsync() => Until.HoldsAsync(
        async () => await Client.ListGpuOffersAsync().AnyAsync(offer => offer.Images.Count > 0),
        "instances are offered, with an image",
        TimeSpan.FromMinutes(4));

    /// <summary>
    /// Ends everything of it in the orderly way, demands that nothing is left on the machine, and removes its files.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_client is not null)
            {
                await DrainAsync();
            }
        }
        finally
        {
            await ClearAwayAsync();
            _daemon?.Dispose();
            _http.Dispose();
        }
    }

    /// <summary>
    /// A port that nobody else gets here, and that no outgoing connection takes while the server is killed and started
    /// again: those begin at 32768 (ip(7), ip_local_port_range).
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _lastPort);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one, then.
            }
        }
    }

    /// <summary>
    /// How long all that a failed test has left may take to go: if it takes longer, that hides why the test failed.
    /// </summary>
    public TimeSpan DrainPatience { get; set; } = Until.Patience;

    // One that serves simulated places alone has nothing on this machine but its files.
    private bool HasOwnDisks => File.Exists(Path.Combine(Data, "disks", ".mooring-installation"));

    private async Task DrainAsync()
    {
        if (IsRunning)
        {
            (await StopAsync()).ShouldBe(0, Daemon.LastWords);
        }

        await StartAsync("--drain");
        await new Tenant(this).RemoveEverythingAsync(DrainPatience);
        (await StopAsync()).ShouldBe(0, Daemon.LastWords);
        if (HasOwnDisks)
        {
            await (await RemainsAsync()).AssertNoneAsync();
        }
    }

    // Whatever a failed test has left: the next run is to find a clean machine.
    private async Task ClearAwayAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        if (HasOwnDisks)
        {
            await (await RemainsAsync()).CutPowerAsync();
            RemoveIfThere($"/run/mooring/{Id}");
        }

        // Mount points are immutable, lest anything is written where a mount is missing.
        await Tool.RunAsync("chattr", "-R", "-f", "-i", Path.Combine(Data, "mnt"));
        Directory.Delete(_root, recursive: true);
    }

    private static void RemoveIfThere(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
