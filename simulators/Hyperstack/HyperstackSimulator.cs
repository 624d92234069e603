using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mooring.Simulators.Hyperstack;

/// <summary>
/// A running simulator: an HTTP server that behaves as Hyperstack's Infrahub API is documented, faults included, and
/// keeps books of its own. Time is its <see cref="TimeProvider"/>'s; nothing is kept when it ends.
/// </summary>
public sealed class HyperstackSimulator : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly FaultBook _faults;
    private readonly FrontDesk _desk;
    private readonly SimulatorOptions _options;
    private WebApplication? _api;
    private WebApplication? _admin;

    private HyperstackSimulator(SimulatorOptions options, TimeProvider time)
    {
        _options = options;
        _faults = new FaultBook(options.Script.Faults, options.Seed, time.GetUtcNow());
        _desk = new FrontDesk(options, new Account(options.Script), _faults, time, _closing.Token);
    }

    /// <summary>Where the API is: a provider's base address.</summary>
    public Uri Address => new(AddressOf(_api) + "v1/");

    /// <summary>Where the operator's requests go: <c>_admin/books</c>, <c>_admin/faults</c>.</summary>
    public Uri AdminAddress => AddressOf(_admin);

    /// <summary>What the account has and had, what it cost, and what was asked.</summary>
    public Books Books => _desk.ReadBooks();

    /// <summary>Calls that a fault has held up, since the start.</summary>
    internal int CallsHeld => _desk.CallsHeld;

    /// <summary>Starts a simulator.</summary>
    /// <param name="options">What the account is like.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends the starting.</param>
    /// <exception cref="ArgumentException">The operator would be heard from other machines too.</exception>
    public static async Task<HyperstackSimulator> StartAsync(
        SimulatorOptions options, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (!IPAddress.IsLoopback(options.AdminListen.Address))
        {
            throw new ArgumentException("AdminListen is an address of this machine alone.", nameof(options));
        }

        var simulator = new HyperstackSimulator(options, time);
        try
        {
            await simulator.OpenAsync(ct);
            return simulator;
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets more go wrong.</summary>
    public void AddFaults(params IEnumerable<Fault> faults) => _desk.Do((_, _) => _faults.Add(faults));

    /// <summary>Lets nothing go wrong any more.</summary>
    public void ClearFaults() => _desk.Do((_, _) => _faults.Clear());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        foreach (var web in (WebApplication?[])[_api, _admin])
        {
            if (web is not null)
            {
                await web.DisposeAsync();
            }
        }

        _closing.Dispose();
    }

    /// <summary>Does something with the account that is no call of a client's.</summary>
    internal void Do(Action<Account, DateTimeOffset> act) => _desk.Do(act);

    private async Task OpenAsync(CancellationToken ct)
    {
        _api = Build(_options.Listen);
        foreach (var route in Routes.All)
        {
            _api.MapMethods("/v1/" + route.Path, [route.Method], http => _desk.HandleAsync(http, route));
        }

        _admin = Build(_options.AdminListen);
        _admin.MapGet("/_admin/books", http => WriteAsync(http, 200, ReadBooksAsJson()));
        _admin.MapDelete("/_admin/faults", http =>
        {
            ClearFaults();
            return WriteAsync(http, 200, "{}");
        });
        _admin.MapPost("/_admin/faults", AddFaultsAsync);
        await _api.StartAsync(ct);
        await _admin.StartAsync(ct);
    }

    private async Task AddFaultsAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        try
        {
            AddFaults(Script.ParseFaults(await reader.ReadToEndAsync(http.RequestAborted)));
            await WriteAsync(http, 200, "{}");
        }
        catch (FormatException wrong)
        {
            await WriteAsync(http, 400, JsonSerializer.Serialize(wrong.Message, ScriptJson.Default.String));
        }
    }

    private string ReadBooksAsJson() => JsonSerializer.Serialize(Books, ScriptJson.Default.Books);

    private static async Task WriteAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(json, http.RequestAborted);
    }

    private static WebApplication Build(IPEndPoint listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(listen));
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        return builder.Build();
    }

    private static Uri AddressOf(WebApplication? web) => new(
        (web ?? throw new InvalidOperationException("The simulator is not open."))
            .Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
}
