using System.Runtime.CompilerServices;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Simulated;

/// <summary>
/// Instances at a simulated place, with the same care as <see cref="SimulatedDisks"/>. Their disks are named in the
/// creating call, and free again some time after the instance is gone.
/// </summary>
internal sealed class SimulatedInstances(InstanceCalls place, Simulation simulation, string installation)
    : IInstanceProvider, IInstanceLog
{
    private readonly Lanes _lanes = new();
    private readonly InstallationNames _names = new(installation);

    public TimeSpan SettlingTime => simulation.SettlingTime;

    public Task<IReadOnlyList<InstanceOffer>> ListOffersAsync(CancellationToken ct) => place.ListOffersAsync(ct);

    public Task<InstanceObservation> EnsureCreatedAsync(InstanceSpec spec, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _names.Require(spec.Name);
        return _lanes.EnterAsync(spec.Name, () => CreateAsync(spec, ct), ct);
    }

    public async Task<InstanceObservation> ObserveAsync(InstanceRef instance, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        _names.Require(instance.Name);
        return Of(await place.FindAsync(instance.Name, ct), instance.RemoteId);
    }

    public Task<InstanceObservation> EnsureDeletedAsync(InstanceRef instance, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        _names.Require(instance.Name);
        return _lanes.EnterAsync(instance.Name, () => DeleteAsync(instance, ct), ct);
    }

    public async IAsyncEnumerable<RemoteInstance> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        List<SeenInstance> all = [];
        for (long? after = 0; after is { } number;)
        {
            var page = await place.ListAsync(RemoteName.Prefix(installation), number, ct);
            all.AddRange(page.Items);
            after = page.Next;
        }

        foreach (var instance in all)
        {
            yield return new RemoteInstance(instance.Name, instance.Id, instance.State);
        }
    }

    public Task<IReadOnlyList<string>> ReadLogAsync(InstanceRef instance, int tail, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        _names.Require(instance.Name);
        return place.ReadLogAsync(instance.Name, tail, ct);
    }

    private async Task<InstanceObservation> CreateAsync(InstanceSpec spec, CancellationToken ct)
    {
        var seen = await place.FindAsync(spec.Name, ct);
        if (seen.Count == 0)
        {
            var made = await place.CreateAsync(spec, ct);
            return await AfterChange.ReadAsync(() => place.FindAsync(spec.Name, ct)) is { Count: > 0 } now
                ? Of(now, null)
                : new InstanceObservation(
                    RemoteInstanceState.Starting, made.Id, Words: "It was made, and is looked at again.");
        }

        if (Surplus(seen) is { } extra)
        {
            await place.DeleteAsync(extra.Id, extra.Name, ct);
        }

        return Of(seen, null);
    }

    private async Task<InstanceObservation> DeleteAsync(InstanceRef instance, CancellationToken ct)
    {
        var seen = await place.FindAsync(instance.Name, ct);
        if (seen.FirstOrDefault(one => one.State != RemoteInstanceState.Deleting) is not { } next)
        {
            return Deleting(seen);
        }

        await place.DeleteAsync(next.Id, next.Name, ct);
        return Deleting(await AfterChange.ReadAsync(() => place.FindAsync(instance.Name, ct)) ?? seen);
    }

    private static SeenInstance? Surplus(IReadOnlyList<SeenInstance> seen)
    {
        var staying = seen.Where(one => one.State != RemoteInstanceState.Deleting).ToList();
        return staying.Count > 1 ? staying[^1] : null;
    }

    private static InstanceObservation Of(IReadOnlyList<SeenInstance> seen, string? remoteId)
    {
        if (seen.Count == 0)
        {
            return InstanceObservation.Absent;
        }

        var ours = seen.FirstOrDefault(one => one.Id == remoteId) ?? seen[0];
        return seen.Count == 1
            ? new InstanceObservation(ours.State, ours.Id, ExitCode: ours.ExitCode, Words: ours.Words)
            : new InstanceObservation(
                RemoteInstanceState.Starting,
                ours.Id,
                Words: $"The simulated provider has {seen.Count} instances of this name; "
                    + "all but one are being removed.");
    }

    private static InstanceObservation Deleting(IReadOnlyList<SeenInstance> seen) => seen.Count == 0
        ? InstanceObservation.Absent
        : new InstanceObservation(
            RemoteInstanceState.Deleting, seen[0].Id, Words: "The simulated provider is deleting it.");
}
