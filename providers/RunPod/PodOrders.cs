using Mooring.Providers.Instances;

namespace Mooring.Providers.RunPod;

/// <summary>What is asked of RunPod for an instance: one GPU type, one data center, at most one volume.</summary>
internal sealed class PodOrders(RunPodDisks disks, RunPodOptions options)
{
    /// <summary>The order for a pod, once its volume is known to be there.</summary>
    /// <exception cref="RefusedException">RunPod can't do it; the words say why.</exception>
    /// <exception cref="UnreachableException">Its volume is not ready yet.</exception>
    public async Task<NewPod> OfAsync(InstanceSpec spec, CancellationToken ct)
    {
        if (Gpus.Parse(spec.CloudId) is not var (gpu, count))
        {
            throw new RefusedException("RunPod offers no such instance.");
        }

        if (!options.Images.TryGetValue(spec.Image, out var image))
        {
            throw new RefusedException(
                $"RunPod starts one of these images: {string.Join(", ", options.Images.Keys.Order())}.");
        }

        if (spec.DataCenter is not { } dataCenter || !DataCenters.IsId(dataCenter))
        {
            throw new RefusedException("RunPod's data centers are named in capitals, as in US-KS-2; this is none.");
        }

        var mount = spec.Attachments switch
        {
            [] => null,
            [var only] => await MountAsync(only, dataCenter, ct),
            _ => throw new RefusedException("A pod at RunPod mounts one volume at the most."),
        };
        return new NewPod(
            spec.Name,
            image,
            new PodGpu(gpu.Id, count),
            // Volumes are in Secure Cloud only, and the price that was offered is that of Secure Cloud.
            Cloud: "SECURE",
            [dataCenter],
            options.ContainerDiskGb,
            ["22/tcp"],
            EnvironmentOf(spec),
            mount is null ? null : new PodMounts([mount]));
    }

    private async Task<NetworkMount> MountAsync(AttachmentSpec attachment, string dataCenter, CancellationToken ct)
    {
        var volume = (await disks.FindAsync(attachment.Disk, ct)).All switch
        {
            // A second one of its name is none of ours to mount, and in nobody's way.
            [var one, ..] when one.Id == attachment.Disk.RemoteId => one,
            [var one] when attachment.Disk.RemoteId is null => one,
            [_, _, ..] when attachment.Disk.RemoteId is null =>
                // It will be one: asking again is right.
                throw new UnreachableException($"RunPod has several volumes {attachment.Disk.Name} at the moment."),
            _ => throw new RefusedException(
                $"RunPod has no volume {attachment.Disk.Name}, or it is another than it was."),
        };
        return volume.DataCenter == dataCenter
            ? new NetworkMount(volume.Id, attachment.MountPath)
            : throw new RefusedException(
                $"The volume is in {volume.DataCenter}, and a pod in {dataCenter} can't mount it.");
    }

    // RunPod's own images take keys from PUBLIC_KEY. Its startSsh would let the keys of the whole account in.
    private static Dictionary<string, string>? EnvironmentOf(InstanceSpec spec)
    {
        var environment = new Dictionary<string, string>(spec.Environment);
        if (spec.AuthorizedKeys.Count > 0)
        {
            // A user who sets it too wants both.
            var own = environment.TryGetValue("PUBLIC_KEY", out var keys) ? [keys] : Array.Empty<string>();
            environment["PUBLIC_KEY"] = string.Join('\n', own.Concat(spec.AuthorizedKeys));
        }

        return environment.Count > 0 ? environment : null;
    }
}
