using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mooring.Simulators.RunPod;

/// <summary>
/// A server that behaves as RunPod's REST API v2 is said to, with an account in which nothing is yet. Time is that of
/// the clock it is given: nothing runs by itself, so that a clock which tests turn is enough.
/// </summary>
public sealed class RunPodSimulator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Place _place;
    private readonly TimeProvider _time;
    private readonly WebApplication _api;
    private WebApplication? _admin;

    private RunPodSimulator(SimulatorOptions options, TimeProvider time)
    {
        _time = time;
        _place = new Place(options, time.GetUtcNow());
        _api = Build(options.Listen);
        Map(_api, new Pipeline(_place, time, _stopping.Token));
    }

    /// <summary>Where the API is; <c>/v2</c> is below it.</summary>
    public Uri Address => AddressOf(_api);

    /// <summary>Where <c>/_admin</c> is; null where it is nowhere.</summary>
    public Uri? AdminAddress => _admin is null ? null : AddressOf(_admin);

    /// <summary>Starts it, and gives it once it listens.</summary>
    /// <param name="options">What kind of RunPod is played.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="ct">Ends the start.</param>
    /// <exception cref="FaultScriptException">A fault makes no sense.</exception>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<RunPodSimulator> StartAsync(
        SimulatorOptions options, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        foreach (var (index, fault) in options.Faults.Index())
        {
            FaultScript.Check(fault, $"faults[{index}]");
        }

        var simulator = new RunPodSimulator(options, time);
        await simulator._api.StartAsync(ct);
        if (options.AdminListen is { } listen)
        {
            simulator._admin = Build(listen);
            AdminRoutes.Map(simulator._admin, simulator);
            await simulator._admin.StartAsync(ct);
        }

        return simulator;
    }

    /// <summary>What exists and existed, and what it cost, now. Reading it is no call.</summary>
    public Books ReadBooks()
    {
        lock (_place.Gate)
        {
            var now = _time.GetUtcNow();
            _place.Settle(now);
            return _place.Book(now);
        }
    }

    /// <summary>The faults that are set up.</summary>
    public IReadOnlyList<Fault> ReadFaults()
    {
        lock (_place.Gate)
        {
            return _place.Faults.Faults;
        }
    }

    /// <summary>Sets up a fault more; its seconds count from the simulator's start.</summary>
    /// <exception cref="FaultScriptException">It makes no sense.</exception>
    public void Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        FaultScript.Check(fault, "fault");
        lock (_place.Gate)
        {
            _place.Faults.Add(fault);
        }
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void ClearFaults()
    {
        lock (_place.Gate)
        {
            _place.Faults.Clear();
        }
    }

    /// <summary>Makes a volume without a call.</summary>
    public void PlantVolume(string name, int sizeGb, string dataCenter, string tier)
    {
        lock (_place.Gate)
        {
            _place.AddVolume(name, sizeGb, dataCenter, tier, _time.GetUtcNow());
        }
    }

    /// <summary>Gives every volume of a name another one without a call, as somebody does in the console.</summary>
    public void RenameVolume(string from, string to)
    {
        lock (_place.Gate)
        {
            _place.Volumes.FindAll(volume => volume.Name == from).ForEach(volume => volume.Name = to);
        }
    }

    /// <summary>Makes a pod with one of the first GPU without a call.</summary>
    public void PlantPod(string name, string dataCenter, string? volumeId = null)
    {
        lock (_place.Gate)
        {
            var gpu = _place.Options.Catalog.Gpus[0];
            _place.AddPod(
                new PodOrder(name, "image", gpu, 1, dataCenter, volumeId, "/workspace", 20, ["22/tcp"], []),
                _time.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _api.DisposeAsync();
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private static WebApplication Build(IPEndPoint listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(listen));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder.Build();
    }

    private static Uri AddressOf(WebApplication app) => new(app.Urls.First());

    private static void Map(WebApplication app, Pipeline pipeline)
    {
        app.UseStatusCodePages(context => Pipeline.TellAsync(context.HttpContext));
        Serve("GET", "/v2/catalog/datacenters", Routes.DataCenters, CatalogCalls.DataCenters);
        Serve("GET", "/v2/catalog/datacenters/{id}", Routes.DataCenters, CatalogCalls.DataCenters);
        Serve("GET", "/v2/catalog/gpus", Routes.Gpus, CatalogCalls.Gpus);
        Serve("GET", "/v2/catalog/gpus/{id}", Routes.Gpus, CatalogCalls.Gpus);
        Serve("GET", "/v2/network-volumes", Routes.ListVolumes, VolumeCalls.List);
        Serve("POST", "/v2/network-volumes", Routes.CreateVolume, VolumeCalls.Create);
        Serve("GET", "/v2/network-volumes/{id}", Routes.GetVolume, VolumeCalls.Get);
        Serve("PATCH", "/v2/network-volumes/{id}", Routes.UpdateVolume, VolumeCalls.Update);
        Serve("DELETE", "/v2/network-volumes/{id}", Routes.DeleteVolume, VolumeCalls.Delete);
        Serve("GET", "/v2/pods", Routes.ListPods, PodCalls.List);
        Serve("POST", "/v2/pods", Routes.CreatePod, PodCalls.Create);
        Serve("GET", "/v2/pods/{id}", Routes.GetPod, PodCalls.Get);
        Serve("PATCH", "/v2/pods/{id}", Routes.UpdatePod, PodCalls.Update);
        Serve("POST", "/v2/pods/{id}/action", Routes.ActOnPod, PodCalls.Act);
        Serve("DELETE", "/v2/pods/{id}", Routes.DeletePod, PodCalls.Delete);
        Serve("GET", "/v2/billing/network-volumes", Routes.BillVolumes, BillingCalls.Volumes);
        Serve("GET", "/v2/billing/pods", Routes.BillPods, BillingCalls.Pods);

        void Serve(string method, string pattern, string route, Func<Call, Answer> act) => app.MapMethods(
            pattern, [method], (RequestDelegate)(http => pipeline.ServeAsync(http, route, act)));
    }
}
