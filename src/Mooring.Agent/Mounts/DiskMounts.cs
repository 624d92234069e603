using System.ComponentModel;
using System.Text.RegularExpressions;
using Mooring.Agent.Hosts;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Mounts;

/// <summary>
/// Brings disks to this host and takes them away. Each disk is mounted once, at <c>mnt/disks/DISK</c>; each pod sees it
/// through a mount of its own, <c>mnt/pods/POD/ORDINAL</c>, on which the disk's root is the pod's root (an idmapped
/// mount), so that files keep their owners whatever ids the pod has on the host. Nothing is remembered between calls:
/// the mount table and the loop devices say what is there.
/// </summary>
internal sealed partial class DiskMounts(
    AgentOptions options, Func<CancellationToken, Task<bool>> usesUserNamespaces, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(5);

    private readonly KeyedLock _locks = new();
    private readonly MountPoints _points = new(options.MountDirectory);
    private readonly FileSystemCheck _check = new(options.CheckPatience, time);

    private string PodsDirectory => Path.Combine(_points.Root, "pods");

    private string DisksDirectory => Path.Combine(_points.Root, "disks");

    /// <summary>Where a pod's disk is on the host.</summary>
    public string PodPath(AttachmentSpec attachment) =>
        Path.Combine(PodsDirectory, Segment(attachment.Instance), FormattableString.Invariant($"{attachment.Ordinal}"));

    /// <inheritdoc cref="Providers.Hosts.IAgentChannel.EnsureMountedAsync"/>
    public async Task<AttachmentObservation> EnsureMountedAsync(AttachmentSpec attachment, CancellationToken ct)
    {
        var image = ImageOf(attachment);
        using var alone = await _locks.EnterAsync(attachment.Disk.Name, ct);
        if (!File.Exists(image.Path))
        {
            throw new RefusedException("the disk's image is missing on the host");
        }

        var device = await LoopDevices.FindAsync(image.Path, ct);
        var table = MountTable.Read();
        var podPath = PodPath(attachment);
        if (table.At(podPath) is { } present)
        {
            return present.Device == device?.Number
                ? new(AttachmentState.Attached)
                : throw new RefusedException($"something else ({present.Device}) is mounted in the disk's place");
        }

        if (!attachment.IsShared && device is not null
            && OtherHolders(table, device, podPath).FirstOrDefault() is { } other)
        {
            throw new RefusedException(
                $"the disk is still mounted for another instance ({Path.GetRelativePath(PodsDirectory, other.Path)})");
        }

        if (await EnsureBaseAsync(attachment.Disk, image, device, table, ct) is { } working)
        {
            return working;
        }

        CrashPoint.Pass("agent.mount.after");
        await _points.EnsureAsync(podPath, ct);
        CrashPoint.Pass("agent.bind.before");
        await BindAsync(BasePath(attachment.Disk), podPath, attachment.UserNamespaceBase, ct);
        CrashPoint.Pass("agent.bind.after");
        return new(AttachmentState.Attached);
    }

    /// <inheritdoc cref="Providers.Hosts.IAgentChannel.EnsureUnmountedAsync"/>
    public async Task<AttachmentObservation> EnsureUnmountedAsync(AttachmentSpec attachment, CancellationToken ct)
    {
        var image = ImageOf(attachment);
        using var alone = await _locks.EnterAsync(attachment.Disk.Name, ct);
        var podPath = PodPath(attachment);
        if (await UnmountAsync(podPath, ct) is { } busy)
        {
            return busy;
        }

        var device = await LoopDevices.FindAsync(image.Path, ct);
        if (device is not null && OtherHolders(MountTable.Read(), device, podPath).Any())
        {
            return new(AttachmentState.Detached);
        }

        if (device is not null && _check.IsGoingOn(device) && !await EndOfCheckAsync(device, ct))
        {
            return new(AttachmentState.Working, "the file system is being checked; it is let go after that");
        }

        return await ReleaseBaseAsync(BasePath(attachment.Disk), image.Path, device, ct);
    }

    /// <summary>
    /// The mount through which a pod will see a disk, checked now: it is there, and it is the disk's own device.
    /// </summary>
    /// <exception cref="RefusedException">It is not.</exception>
    public async Task<DeviceNumber> VerifyAsync(AttachmentSpec attachment, CancellationToken ct)
    {
        var device = await LoopDevices.FindAsync(ImageOf(attachment).Path, ct);
        var mount = MountTable.Read().At(PodPath(attachment));
        return device is not null && mount?.Device == device.Number
            ? device.Number
            : throw new RefusedException(
                $"the disk for {attachment.MountPath} is not mounted on the host; nothing was started");
    }

    /// <summary>Unmounts everything of this installation, for a host that is being emptied.</summary>
    /// <returns>What could not be let go, in words; empty when all is gone.</returns>
    public async Task<IReadOnlyList<string>> ReleaseAllAsync(CancellationToken ct)
    {
        var stuck = new List<string>();
        foreach (var mount in MountTable.Read().Below(PodsDirectory).ToList())
        {
            if (await UnmountAsync(mount.Path, ct) is { } busy)
            {
                stuck.Add(busy.Words!);
            }
        }

        foreach (var mount in MountTable.Read().Below(DisksDirectory).ToList())
        {
            var image = await File.ReadAllTextAsync($"/sys/dev/block/{mount.Device}/loop/backing_file", ct);
            var device = new LoopDevice($"/dev/loop{mount.Device.Minor}", mount.Device);
            var outcome = await ReleaseBaseAsync(mount.Path, image.TrimEnd('\n'), device, ct);
            if (outcome.State != AttachmentState.Detached)
            {
                stuck.Add(outcome.Words!);
            }
        }

        return stuck;
    }

    /// <summary>Removes the directory tree for mounts, if nothing is left in it.</summary>
    public Task RemoveRootAsync(CancellationToken ct) => _points.RemoveRootAsync(ct);

    public void Dispose() => _points.Dispose();

    private async Task<AttachmentObservation?> EnsureBaseAsync(
        DiskRef disk, ImageFileSource image, LoopDevice? device, MountTable table, CancellationToken ct)
    {
        var path = BasePath(disk);
        if (table.At(path) is { } present)
        {
            return present.Device == device?.Number
                ? null
                : throw new RefusedException($"something else ({present.Device}) is mounted at the disk's base");
        }

        if (device is null)
        {
            CrashPoint.Pass("agent.loop.before");
            device = await LoopDevices.AttachAsync(image.Path, ct);
            CrashPoint.Pass("agent.loop.after");
        }

        if (!_check.IsGoingOn(device) && LoopDevices.IsHeld(device))
        {
            var holder = LoopDevices.HolderOf(device) is { } name ? $" by {name}" : "";
            return new(AttachmentState.Working, $"the disk's device {device.Path} is still in use{holder}");
        }

        try
        {
            return await CheckAndMountAsync(image, device, path, ct);
        }
        catch (RefusedException)
        {
            await LoopDevices.DetachAsync(device, CancellationToken.None);
            throw;
        }
    }

    private async Task<AttachmentObservation?> CheckAndMountAsync(
        ImageFileSource image, LoopDevice device, string path, CancellationToken ct)
    {
        var checking = new AttachmentObservation(AttachmentState.Working, "checking the file system …");
        if (!await _check.PassesAsync(device, evenIfClean: false, ct))
        {
            return checking;
        }

        CrashPoint.Pass("agent.check.after");
        await _points.EnsureAsync(path, ct);
        CrashPoint.Pass("agent.mount.before");
        string[] arguments = ["-t", image.FileSystem, "-o", "nosuid,nodev,noatime,discard", device.Path, path];
        if ((await HostCommand.RunAsync("mount", arguments, ct)).Succeeded)
        {
            return null;
        }

        // It says that it is clean, and is not.
        if (!await _check.PassesAsync(device, evenIfClean: true, ct))
        {
            return checking;
        }

        (await HostCommand.RunAsync("mount", arguments, ct)).OrRefuse("the disk's file system can't be mounted");
        return null;
    }

    private async Task BindAsync(string source, string target, uint userNamespaceBase, CancellationToken ct)
    {
        try
        {
            using var mount = Kernel.CloneMount(source);
            if (await usesUserNamespaces(ct))
            {
                using var userNamespace = await UserNamespace.OpenAsync(userNamespaceBase, ct);
                Kernel.Idmap(mount, userNamespace);
            }

            Kernel.AttachMount(mount, target);
        }
        catch (Win32Exception e)
        {
            throw new RefusedException(
                $"the host's kernel can't mount the disk under the instance's user ids ({e.Message})", e);
        }
    }

    private async Task<bool> EndOfCheckAsync(LoopDevice device, CancellationToken ct)
    {
        try
        {
            return await _check.PassesAsync(device, evenIfClean: false, ct);
        }
        catch (RefusedException)
        {
            // What the check found matters to who attaches next, not to who lets go.
            return true;
        }
    }

    private async Task<AttachmentObservation> ReleaseBaseAsync(
        string path, string image, LoopDevice? device, CancellationToken ct)
    {
        if (await UnmountAsync(path, ct) is { } busy)
        {
            return busy;
        }

        if (device is null)
        {
            return new(AttachmentState.Detached);
        }

        // umount's success proves nothing: a container that holds the mount keeps the device open. The device tells.
        CrashPoint.Pass("agent.loop-detach.before");
        await LoopDevices.DetachAsync(device, ct);
        CrashPoint.Pass("agent.loop-detach.after");
        var gone = await Poll.UntilAsync(
            async token => await LoopDevices.FindAsync(image, token) is null, ReleasePatience, time, ct);
        if (gone)
        {
            return new(AttachmentState.Detached);
        }

        var holder = LoopDevices.HolderOf(device) is { } name ? $": {name} still sees it" : "";
        return new(AttachmentState.Working, $"waiting for the disk's device {device.Path} to be let go{holder}");
    }

    private async Task<AttachmentObservation?> UnmountAsync(string path, CancellationToken ct)
    {
        while (MountTable.Read().At(path) is not null)
        {
            CrashPoint.Pass("agent.umount.before");
            var outcome = await HostCommand.RunAsync("umount", [path], ct);
            CrashPoint.Pass("agent.umount.after");
            if (!outcome.Succeeded && MountTable.Read().At(path) is not null)
            {
                return new(AttachmentState.Working, $"{path} can't be unmounted yet: {outcome.LastWords}");
            }
        }

        await _points.RemoveAsync(path, ct);
        return null;
    }

    private IEnumerable<MountEntry> OtherHolders(MountTable table, LoopDevice device, string podPath) =>
        table.Below(PodsDirectory).Where(entry => entry.Device == device.Number && entry.Path != podPath);

    private string BasePath(DiskRef disk) => Path.Combine(DisksDirectory, Segment(disk.Name));

    private static ImageFileSource ImageOf(AttachmentSpec attachment)
    {
        if (attachment.Source is not ImageFileSource image || image.FileSystem != "ext4")
        {
            throw new RefusedException("this host can only attach ext4 file systems in image files");
        }

        if (attachment.Ordinal < 0 || !MountPathPattern().IsMatch(attachment.MountPath)
            || attachment.MountPath.Split('/').Contains(".."))
        {
            throw new RefusedException($"'{attachment.MountPath}' is no path at which a disk can be mounted");
        }

        return image;
    }

    private static string Segment(string name) => SegmentPattern().IsMatch(name)
        ? name
        : throw new RefusedException($"'{name}' is no name under which this host mounts anything");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SegmentPattern();

    [GeneratedRegex(@"^/[A-Za-z0-9_./-]+\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MountPathPattern();
}
