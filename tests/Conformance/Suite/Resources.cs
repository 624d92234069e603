using System.Runtime.CompilerServices;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>What a disk and an instance have in common in their states.</summary>
public enum Standing
{
    Absent,
    Making,
    Ready,
    Changing,
    Ended,
    Removing,
    Failed,
}

/// <summary>What a provider says about one disk or instance.</summary>
public sealed record Sighting(Standing Standing, string? RemoteId, string? Words);

/// <summary>A disk or instance in a list.</summary>
public sealed record Listed(string Name, string? RemoteId, Standing Standing);

/// <summary>
/// The disks, or the instances, of one process: both have the same verbs under the same rules, and the cases about
/// these are written once.
/// </summary>
public abstract class Resources
{
    public abstract TimeSpan SettlingTime { get; }

    public abstract Task<Sighting> EnsureCreatedAsync(string name, CancellationToken ct);

    public abstract Task<Sighting> ObserveAsync(string name, string? remoteId, CancellationToken ct);

    public abstract Task<Sighting> EnsureDeletedAsync(string name, string? remoteId, CancellationToken ct);

    public abstract IAsyncEnumerable<Listed> ListAsync(CancellationToken ct);

    /// <summary>Names of all that is truly there, whoever's it is; a name twice if it is there twice.</summary>
    public abstract Task<IReadOnlyList<(string Name, bool IsReady)>> ThereAsync();

    /// <summary>Makes one there, under any name, without the provider.</summary>
    public abstract Task PlantAsync(string name);
}

internal sealed class DiskResources(Site site, IDiskProvider disks) : Resources
{
    public override TimeSpan SettlingTime => disks.SettlingTime;

    public override async Task<Sighting> EnsureCreatedAsync(string name, CancellationToken ct) =>
        Of(await disks.EnsureCreatedAsync(site.Disk(name), ct));

    public override async Task<Sighting> ObserveAsync(string name, string? remoteId, CancellationToken ct) =>
        Of(await disks.ObserveAsync(new DiskRef(name, remoteId), ct));

    public override async Task<Sighting> EnsureDeletedAsync(string name, string? remoteId, CancellationToken ct) =>
        Of(await disks.EnsureDeletedAsync(new DiskRef(name, remoteId), ct));

    public override async IAsyncEnumerable<Listed> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var disk in disks.ListAsync(ct).WithCancellation(ct))
        {
            yield return new Listed(disk.Name, disk.RemoteId, Of(disk.State));
        }
    }

    public override async Task<IReadOnlyList<(string Name, bool IsReady)>> ThereAsync() =>
        [.. (await site.DisksThereAsync()).Select(disk => (disk.Name, disk.IsReady))];

    public override Task PlantAsync(string name) => site.PlantDiskAsync(name);

    private static Sighting Of(DiskObservation seen) => new(
        seen is { State: RemoteDiskState.Ready, IsDoubled: true } ? Standing.Making : Of(seen.State),
        seen.RemoteId,
        seen.Words);

    private static Standing Of(RemoteDiskState state) => state switch
    {
        RemoteDiskState.Absent => Standing.Absent,
        RemoteDiskState.Creating => Standing.Making,
        RemoteDiskState.Ready => Standing.Ready,
        RemoteDiskState.Changing => Standing.Changing,
        RemoteDiskState.Deleting => Standing.Removing,
        RemoteDiskState.Failed => Standing.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "It is no state of a disk."),
    };
}

internal sealed class InstanceResources(Site site, IInstanceProvider instances) : Resources
{
    public override TimeSpan SettlingTime => instances.SettlingTime;

    public override async Task<Sighting> EnsureCreatedAsync(string name, CancellationToken ct) =>
        Of(await instances.EnsureCreatedAsync(site.Instance(name), ct));

    public override async Task<Sighting> ObserveAsync(string name, string? remoteId, CancellationToken ct) =>
        Of(await instances.ObserveAsync(new InstanceRef(name, remoteId), ct));

    public override async Task<Sighting> EnsureDeletedAsync(string name, string? remoteId, CancellationToken ct) =>
        Of(await instances.EnsureDeletedAsync(new InstanceRef(name, remoteId), ct));

    public override async IAsyncEnumerable<Listed> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var instance in instances.ListAsync(ct).WithCancellation(ct))
        {
            yield return new Listed(instance.Name, instance.RemoteId, Of(instance.State));
        }
    }

    public override async Task<IReadOnlyList<(string Name, bool IsReady)>> ThereAsync() =>
        [.. (await site.InstancesThereAsync()).Select(instance => (instance.Name, instance.IsReady))];

    public override Task PlantAsync(string name) => site.PlantInstanceAsync(name);

    private static Sighting Of(InstanceObservation seen) => new(Of(seen.State), seen.RemoteId, seen.Words);

    private static Standing Of(RemoteInstanceState state) => state switch
    {
        RemoteInstanceState.Absent => Standing.Absent,
        RemoteInstanceState.Created or RemoteInstanceState.Starting => Standing.Making,
        RemoteInstanceState.Ready => Standing.Ready,
        RemoteInstanceState.Ended => Standing.Ended,
        RemoteInstanceState.Deleting => Standing.Removing,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "It is no state of an instance."),
    };
}
