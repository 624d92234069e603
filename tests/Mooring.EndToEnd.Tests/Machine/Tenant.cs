using System.Globalization;
using Mooring.Client;
using Mooring.Contract.V1;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>A user of an installation: what users do, in the words of the contract, waiting where they would.</summary>
public sealed class Tenant(Installation installation)
{
    private KeyPair? _key;
    private SshKey? _registered;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private MooringClient Client => installation.Client;

    public KeyPair Key => _key ?? throw new InvalidOperationException("no instance was asked for yet");

    /// <summary>Makes a disk and waits until it is ACTIVE.</summary>
    public async Task<Disk> CreateDiskAsync(string cloudId = "block", int sizeGb = 1)
    {
        var created = await Client.CreateDiskAsync(DiskRequest(cloudId, sizeGb), ct: Ct);
        created.Status.ShouldBe(Statuses.Provisioning);
        return await WaitForDiskAsync(created.Id, Statuses.Active);
    }

    public static CreateDiskRequest DiskRequest(string cloudId = "block", int sizeGb = 1, string? name = null) => new()
    {
        Disk = new CreateDisk { Size = sizeGb, CloudId = cloudId, Name = name },
        Provider = new ProviderChoice { Type = "local" },
    };

    public async Task<Disk> WaitForDiskAsync(string id, string status, TimeSpan? patience = null)
    {
        var disk = await Client.WaitForDiskAsync(
            id,
            seen => seen.Status == status || seen.Status == Statuses.Error,
            patience ?? Until.Patience,
            Hasty.Time,
            ct: Ct);
        disk.Status.ShouldBe(status, await HistoryAsync(id));
        return disk;
    }

    /// <summary>Waits until no instance holds the disk and it can be used again.</summary>
    public Task<Disk> WaitUntilFreeAsync(string id) => Client.WaitForDiskAsync(
        id, seen => seen is { Status: Statuses.Active, Pods.Count: 0 }, Until.Patience, Hasty.Time, ct: Ct);

    public async Task DeleteDiskAsync(string id)
    {
        await Client.DeleteDiskAsync(id, Ct);
        await WaitForDiskAsync(id, Statuses.Terminated);
    }

    /// <summary>A request for the smallest instance that may hold the disks.</summary>
    public async Task<CreatePodRequest> PodRequestAsync(params string[] disks)
    {
        await RegisterKeyAsync();
        var offers = await Client.ListGpuOffersAsync(new GpuOfferFilter { GpuType = "CPU_NODE", Disks = disks }, Ct)
            .ToListAsync(Ct);
        var offer = offers.Where(offer => offer.Images.Count > 0).MinBy(offer => offer.Prices.OnDemand)
            ?? throw new InvalidOperationException("no instance with an image is offered");
        return new CreatePodRequest
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
            Disks = disks,
        };
    }

    /// <summary>Starts the smallest instance with the disks and waits until it can be logged in to.</summary>
    public async Task<Pod> StartPodAsync(params string[] disks) => await StartPodAsync(await PodRequestAsync(disks));

    public async Task<Pod> StartPodAsync(CreatePodRequest request)
    {
        var created = await Client.CreatePodAsync(request, ct: Ct);
        created.Status.ShouldBe(Statuses.Provisioning);
        return await WaitUntilActiveAsync(created.Id);
    }

    public async Task<Pod> WaitUntilActiveAsync(string id)
    {
        var pod = await Client.WaitForPodAsync(
            id,
            seen => seen.Status is not (Statuses.Provisioning or Statuses.Pending),
            Until.Patience,
            Hasty.Time,
            ct: Ct);
        pod.Status.ShouldBe(Statuses.Active, await HistoryAsync(id));
        pod.SshConnection.ShouldNotBeNull();
        return pod;
    }

    public async Task<Pod> WaitForPodEndAsync(string id) => await Client.WaitForPodAsync(
        id, seen => seen.Status == Statuses.Terminated, Until.Patience, Hasty.Time, ct: Ct);

    /// <summary>Ends an instance and waits until it is gone and its disks are given back.</summary>
    public async Task EndPodAsync(string id)
    {
        await Client.DeletePodAsync(id, Ct);
        await WaitForPodEndAsync(id);
    }

    /// <summary>Runs a script in the instance, over its own <c>sshConnection</c>.</summary>
    public Task<Outcome> TryRunAsync(Pod pod, string script, KeyPair? key = null)
    {
        // "root@127.0.0.1 -p 40123" (contract 14.3)
        var login = pod.SshConnection!.Split(' ');
        login.Length.ShouldBe(3);
        string[] arguments =
        [
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes",
            "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=20", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none",
            "-i", (key ?? Key).PrivateKeyFile, "-p", login[2], "--", login[0], "sh", "-eu", "-s",
        ];
        return Tool.RunAsync("ssh", arguments, script);
    }

    public async Task<Outcome> RunAsync(Pod pod, string script) =>
        (await TryRunAsync(pod, script)).OrFail($"in {pod.Id}");

    /// <summary>Removes all instances, disks and keys, whatever their state, and waits until they are gone.</summary>
    public async Task RemoveEverythingAsync(TimeSpan? patience = null)
    {
        await Until.HoldsAsync(
            async () =>
            {
                var pods = await Client.ListPodsAsync(ct: CancellationToken.None).ToListAsync();
                foreach (var pod in pods)
                {
                    await Client.DeletePodAsync(pod.Id, CancellationToken.None);
                }

                return pods.Count == 0;
            },
            "all instances are gone",
            patience);
        await Until.HoldsAsync(
            async () =>
            {
                var disks = await Client.ListDisksAsync(ct: CancellationToken.None).ToListAsync();
                foreach (var disk in disks.Where(disk => disk.Pods.Count == 0))
                {
                    await Client.DeleteDiskAsync(disk.Id, CancellationToken.None);
                }

                return disks.Count == 0;
            },
            "all disks are gone",
            patience);
        await foreach (var key in Client.ListSshKeysAsync())
        {
            await Client.DeleteSshKeyAsync(key.Id, CancellationToken.None);
        }

        _registered = null;
    }

    /// <summary>What happened to a disk or an instance, a line each.</summary>
    public async Task<string> HistoryAsync(string id) => string.Join(
        '\n',
        (await installation.Records.EventsAsync(id))
            .Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Number} {e.What} {e.Status} {e.Words}")));

    /// <summary>Registers a key of its own, unless it has: what instances let it in by.</summary>
    public async Task RegisterKeyAsync()
    {
        _key ??= await KeyPair.MakeAsync(installation.Scratch, $"key-{Path.GetRandomFileName()}");
        _registered ??= await Client.CreateSshKeyAsync("end-to-end", _key.PublicKey, Ct);
    }
}
