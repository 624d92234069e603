using Mooring.Cli.Output;
using Mooring.Cli.Ssh;
using Mooring.Client;
using Mooring.Contract.V1;

namespace Mooring.Cli.Demo;

/// <summary>
/// The main job from a user's side, by HTTP and ssh alone: a disk is created, written to from one instance, and read
/// from another after the first is gone. The checksum that the first instance's data must have is remembered here, not
/// on the disk.
/// </summary>
internal sealed class Demonstration(
    MooringClient client,
    IRemoteShell shell,
    StepLog log,
    TimeProvider time,
    DemoSettings settings)
{
    private static readonly TimeSpan OfferPause = TimeSpan.FromSeconds(1);
    private readonly Belongings _belongings = new(client, time, settings);
    private string? _sshKeyId;
    private SshTarget? _login;

    /// <summary>Runs it, and removes what it made however it ends.</summary>
    /// <returns>Null if the data was equal and everything is removed; else what went wrong and what to do.</returns>
    public async Task<string?> RunAsync(Interruption interruption)
    {
        IReadOnlyList<string> left;
        string? failure;
        try
        {
            failure = await TryAsync(interruption.Work);
        }
        finally
        {
            left = settings.Keep ? SayWhatIsKept() : await CleanUpAsync(interruption.Cleaning);
        }

        var remains = left.Count == 0 ? null : $"could not be removed: {string.Join("; ", left)}. Remove it by hand.";
        return (failure, remains) switch
        {
            (null, null) => null,
            (null, _) => $"the data was verified equal, but this {remains}",
            (_, null) => failure,
            _ => $"{failure} And this {remains}",
        };
    }

    private async Task<string?> TryAsync(CancellationToken ct)
    {
        try
        {
            await StepsAsync(ct);
            return null;
        }
        catch (CommandFailedException e)
        {
            return $"{e.Message.TrimEnd('.')}.";
        }
        catch (MooringException e)
        {
            return Advice.On(e);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return "it was interrupted.";
        }
    }

    private async Task StepsAsync(CancellationToken ct)
    {
        var place = await log.RunAsync(
            $"Find a place for a disk of {settings.SizeGb} GB",
            step => FindPlaceAsync(step, ct));
        var key = await log.RunAsync("Make a throw-away SSH key", step => MakeKeyAsync(step, ct));
        var data = new InstanceData(shell, key.PrivateKeyFile, time, settings);
        var disk = await log.RunAsync("Create the disk", step => CreateDiskAsync(place, step, ct));
        var first = await log.RunAsync(
            "Start an instance with the disk",
            step => StartAsync(disk, $"{settings.Name}-1", step, ct));
        var written = await log.RunAsync(
            $"Write {settings.DataMiB} MiB of random data",
            step => data.WriteAsync(first, step, ct));
        await log.RunAsync("End the instance", step => EndAsync(first, disk, step, ct));
        var second = await log.RunAsync(
            "Start another instance with the same disk",
            step => StartAsync(disk, $"{settings.Name}-2", step, ct));
        await log.RunAsync("Read the data back", step => data.VerifyAsync(second, written, step, ct));
    }

    private async Task<DiskOffer> FindPlaceAsync(Step step, CancellationToken ct)
    {
        var offers = await client.ListDiskOffersAsync(ct: ct).ToListAsync(ct);
        var place = OfferChoice.ForDisk(offers, settings.SizeGb)
            ?? throw new CommandFailedException(
                offers.Count == 0
                    ? "the server offers no place for disks; 'mooring doctor' on its machine says why"
                    : $"none of {offers.Count} offers has room for a disk of {settings.SizeGb} GB; try another --size");

        // Cheaper to learn now than when the disk is made that nothing could hold it.
        await AwaitInstancesAsync(place, step, ct);
        step.Outcome = $"{Words(place)}, {place.Spec.PricePerUnit} USD per GB and hour";
        return place;
    }

    // A server that has just started may need a moment; one that can't run instances is not waited for long.
    private async Task AwaitInstancesAsync(DiskOffer place, Step step, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var near = new GpuOfferFilter { DataCenterId = place.DataCenter };
        for (var offers = await NearAsync(place, near, ct);
            OfferChoice.ForInstance(offers) is null;
            offers = await NearAsync(place, near, ct))
        {
            var isLoading = offers.Any(OfferChoice.LacksOnlyAnImage);
            if (time.GetElapsedTime(start) >= (isLoading ? settings.ImageDeadline : settings.EngineDeadline))
            {
                throw new CommandFailedException(
                    isLoading
                        ? $"no instance at {Words(place)} has an image to start; the server's log says why"
                        : $"no instance can be had at {Words(place)}, where the disk would be; "
                            + "'mooring doctor' on the server's machine says why");
            }

            step.Report(isLoading ? "no image is loaded there yet" : "no instance is offered there yet");
            await Task.Delay(OfferPause, time, ct);
        }
    }

    private ValueTask<List<GpuOffer>> NearAsync(DiskOffer place, GpuOfferFilter near, CancellationToken ct) =>
        client.ListGpuOffersAsync(near, ct).Where(offer => offer.Provider == place.Provider).ToListAsync(ct);

    private async Task<ThrowawayKey> MakeKeyAsync(Step step, CancellationToken ct)
    {
        var key = await _belongings.MakeKeyPairAsync(ct);
        _sshKeyId = (await _belongings.RegisterKeyAsync(key.PublicKey, ct)).Id;
        step.Outcome = $"ed25519, registered as {_sshKeyId}";
        return key;
    }

    private async Task<Disk> CreateDiskAsync(DiskOffer place, Step step, CancellationToken ct)
    {
        var request = new CreateDiskRequest
        {
            Disk = new CreateDisk
            {
                Name = settings.Name,
                Size = settings.SizeGb,
                CloudId = place.CloudId,
                DataCenterId = place.DataCenter,
                Country = place.Country,
            },
            Provider = new ProviderChoice { Type = place.Provider },
        };
        var created = await _belongings.CreateDiskAsync(request, ct);
        var disk = await client.WaitForDiskAsync(
            created.Id,
            seen =>
            {
                step.Report($"disk {seen.Id} is {seen.Status}");
                return seen.Status is not (Statuses.Provisioning or Statuses.Pending);
            },
            settings.DiskDeadline,
            time,
            ct: ct);
        step.Outcome = $"{disk.Id} is {disk.Status}, {disk.PriceHr} USD per hour";
        return disk.Status == Statuses.Active
            ? disk
            : throw new CommandFailedException(
                $"the disk {disk.Id} became {disk.Status} instead of ACTIVE; the server's log says why");
    }

    private async Task<RunningInstance> StartAsync(Disk disk, string name, Step step, CancellationToken ct)
    {
        var offers = await client.ListGpuOffersAsync(new GpuOfferFilter { Disks = [disk.Id] }, ct).ToListAsync(ct);
        var offer = OfferChoice.ForInstance(offers)
            ?? throw new CommandFailedException(
                $"no instance can be had that could hold the disk {disk.Id}; try again when one has ended");
        var created = await _belongings.CreateInstanceAsync(InstanceRequest(offer, disk, name), ct);
        var pod = await client.WaitForPodAsync(
            created.Id,
            seen =>
            {
                var login = seen.SshConnection is null ? ", no sshConnection yet" : "";
                step.Report($"instance {seen.Id} is {seen.Status}{login}");
                return seen switch
                {
                    { Status: Statuses.Active } => seen.SshConnection is not null,
                    _ => seen.Status is not (Statuses.Provisioning or Statuses.Pending),
                };
            },
            settings.InstanceDeadline,
            time,
            ct: ct);
        if (pod.Status != Statuses.Active)
        {
            var why = pod.InstallationFailure is { Length: > 0 } words ? $" ({words})" : "";
            throw new CommandFailedException(
                $"the instance {pod.Id} became {pod.Status} instead of ACTIVE{why}; "
                + "'mooring doctor' on the server's machine may say more");
        }

        step.Outcome =
            $"{pod.Id} is ACTIVE at {pod.SshConnection} ({offer.GpuType}, {OfferChoice.PriceHr(offer)} USD per hour)";
        return Reached(pod, disk);
    }

    private CreatePodRequest InstanceRequest(GpuOffer offer, Disk disk, string name) => new()
    {
        Pod = new CreatePod
        {
            Name = name,
            CloudId = offer.CloudId,
            GpuType = offer.GpuType,
            Socket = offer.Socket,
            GpuCount = offer.GpuCount,
            Image = OfferChoice.Image(offer),
            DataCenterId = offer.DataCenter,
            Country = offer.Country,
            Security = offer.Security,
            SshKeyId = _sshKeyId,
            AutoRestart = false,
        },
        Provider = new ProviderChoice { Type = offer.Provider },
        Disks = [disk.Id],
    };

    private RunningInstance Reached(Pod pod, Disk disk)
    {
        _login = SshTarget.Parse(pod.SshConnection)
            ?? throw new CommandFailedException(
                $"the server's sshConnection '{pod.SshConnection}' is not of the form user@host -p port");
        var attached = pod.AttachedResources.FirstOrDefault(resource => resource.Id == disk.Id)
            ?? throw new CommandFailedException(
                $"the instance {pod.Id} is ACTIVE, but does not list the disk {disk.Id} as attached");
        return DataScripts.IsMountPath(attached.MountPath)
            ? new RunningInstance(pod.Id, _login, attached.MountPath)
            : throw new CommandFailedException(
                $"the server's mount path '{attached.MountPath}' is not one that can be used");
    }

    private async Task EndAsync(RunningInstance instance, Disk disk, Step step, CancellationToken ct)
    {
        await _belongings.EndInstanceAsync(instance.PodId, disk.Id, step, ct);
        _login = null;
        var after = await client.GetDiskAsync(disk.Id, ct);
        step.Outcome = $"{instance.PodId} is gone, the disk is {after.Status} and held by nobody";
        if (after.Status != Statuses.Active)
        {
            throw new CommandFailedException(
                $"the disk {disk.Id} is {after.Status} after its instance ended, not ACTIVE");
        }
    }

    private async Task<IReadOnlyList<string>> CleanUpAsync(CancellationToken ct)
    {
        if (_belongings.AreNone)
        {
            return [];
        }

        return await log.RunAsync(
            "Clean up",
            async step =>
            {
                var left = await _belongings.RemoveAsync(step, ct);
                step.Outcome = left.Count == 0 ? "everything is removed" : $"{left.Count} could not be removed";
                return left;
            });
    }

    private List<string> SayWhatIsKept()
    {
        log.Say("Kept:");
        foreach (var line in _belongings.Describe(_login))
        {
            log.Say(line);
        }

        return [];
    }

    private static string Words(DiskOffer place) =>
        string.Join(" · ", new[] { place.Provider, place.CloudId, place.DataCenter }.OfType<string>());
}
