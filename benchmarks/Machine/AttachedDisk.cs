using Mooring.Client;
using Mooring.Contract.V1;

namespace Mooring.Benchmarks.Machine;

/// <summary>A disk of an installation of its own, held by a running instance.</summary>
internal sealed class AttachedDisk : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Mooringd _daemon;
    private readonly MooringClient _client;
    private readonly string _data;
    private string? _disk;
    private string? _pod;

    private AttachedDisk(Mooringd daemon, string data)
    {
        _daemon = daemon;
        _data = data;
        _client = new MooringClient(_http, new Uri($"http://{daemon.Serving.Address}/"), daemon.Serving.Key);
    }

    /// <summary>A file on the disk, by the mount that all instances of this host share; root owns it there.</summary>
    public string DiskFile => Path.Combine(Single("disks"), "bench");

    /// <summary>The same file by the instance's own mount, the one that is bound into it.</summary>
    public string PodFile => Path.Combine(Directory.GetDirectories(Single("pods")).Single(), "bench");

    public static async Task<AttachedDisk> MakeAsync(string data, int sizeGb, CancellationToken ct)
    {
        var settings = new Dictionary<string, string> { ["MOORING__Instances__MemoryReserveGb"] = "1" };
        var attached = new AttachedDisk(await Mooringd.StartAsync(data, ct, settings: settings), data);
        try
        {
            await attached.AttachAsync(sizeGb, ct);
            return attached;
        }
        catch
        {
            await attached.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        var ct = CancellationToken.None;
        if (_pod is not null)
        {
            await _client.DeletePodAsync(_pod, ct);
            await _client.WaitForPodAsync(
                _pod, pod => pod.Status == Statuses.Terminated, Patience, TimeProvider.System, ct: ct);
        }

        if (_disk is not null)
        {
            await _client.DeleteDiskAsync(_disk, ct);
            await _client.WaitForDiskAsync(
                _disk, disk => disk.Status == Statuses.Terminated, Patience, TimeProvider.System, ct: ct);
        }

        await _daemon.DisposeAsync();
        _http.Dispose();
        if (Directory.Exists(Path.Combine(_data, "mnt")))
        {
            // Mount points are immutable, lest anything is written where a mount is missing.
            await Tool.RunAsync("chattr", ["-R", "-f", "-i", Path.Combine(_data, "mnt")], ct);
        }
    }

    private async Task AttachAsync(int sizeGb, CancellationToken ct)
    {
        var disk = await _client.CreateDiskAsync(
            new CreateDiskRequest
            {
                Disk = new CreateDisk { Size = sizeGb, CloudId = "block" },
                Provider = new ProviderChoice { Type = "local" },
            },
            ct: ct);
        _disk = disk.Id;
        await _client.WaitForDiskAsync(
            _disk, seen => seen.Status is Statuses.Active, Patience, TimeProvider.System, ct: ct);
        var offer = await OfferAsync(ct);
        var pod = await _client.CreatePodAsync(
            new CreatePodRequest
            {
                Pod = new CreatePod
                {
                    CloudId = offer.CloudId,
                    GpuType = offer.GpuType,
                    Socket = offer.Socket,
                    GpuCount = offer.GpuCount,
                    DataCenterId = offer.DataCenter,
                },
                Provider = new ProviderChoice { Type = offer.Provider },
                Disks = [_disk],
            },
            ct: ct);
        _pod = pod.Id;
        var started = await _client.WaitForPodAsync(
            _pod,
            seen => seen.Status is Statuses.Active or Statuses.Error or Statuses.Terminated,
            Patience,
            TimeProvider.System,
            ct: ct);
        if (started.Status != Statuses.Active)
        {
            throw new BenchmarkException($"The instance became {started.Status}.");
        }
    }

    // Instances are offered once the image is loaded.
    private async Task<GpuOffer> OfferAsync(CancellationToken ct)
    {
        GpuOffer? smallest = null;
        await Until.HoldsAsync(
            async () =>
            {
                var offers = await _client.ListGpuOffersAsync(new GpuOfferFilter { GpuType = "CPU_NODE" }, ct)
                    .Where(offer => offer.Images.Count > 0)
                    .ToListAsync(ct);
                smallest = offers.MinBy(offer => offer.Prices.OnDemand);
                return smallest is not null;
            },
            "instances are offered, with an image",
            TimeSpan.FromMilliseconds(200),
            ct);
        return smallest!;
    }

    private string Single(string kind) => Directory.GetDirectories(Path.Combine(_data, "mnt", kind)).Single();
}
