using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Hyperstack;

/// <summary>
/// Instances are virtual machines. Making one is a ladder, and each call takes one step: environment, key pair,
/// machine, wait until it runs, attach the disk, wait until it is there. <see cref="MachineEnd"/> is the ladder back.
/// </summary>
internal sealed class HyperstackInstances(
    Machines machines,
    MachineDisks disks,
    Environments environments,
    HyperstackOffers offers,
    HyperstackOptions options,
    InstallationNames names,
    ILogger log)
    : IInstanceProvider
{
    private readonly Lanes _lanes = new();
    private readonly MachineEnd _end = new(machines);

    public TimeSpan SettlingTime => options.SettlingTime;

    public Task<IReadOnlyList<InstanceOffer>> ListOffersAsync(CancellationToken ct) => offers.ListInstancesAsync(ct);

    public Task<InstanceObservation> EnsureCreatedAsync(InstanceSpec spec, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(spec);
        names.Require(spec.Name);
        NewMachines.Check(spec, options);
        return _lanes.EnterAsync(spec.Name, () => CreateAsync(spec, ct), ct);
    }

    public async Task<InstanceObservation> ObserveAsync(InstanceRef instance, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        names.Require(instance.Name);
        return Of(await machines.FindCertainlyAsync(instance.Name, ct));
    }

    public Task<InstanceObservation> EnsureDeletedAsync(InstanceRef instance, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        names.Require(instance.Name);
        return _lanes.EnterAsync(instance.Name, () => DeleteAsync(instance.Name, ct), ct);
    }

    public async IAsyncEnumerable<RemoteInstance> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var machine in await machines.ListAsync(ct))
        {
            if (machine.Name is { } name && names.Has(name))
            {
                yield return new RemoteInstance(name, Told.IdOf(machine.Id), StateInList(machine));
            }
        }
    }

    // One of an unknown status must not hide the others.
    private RemoteInstanceState StateInList(WireMachine machine)
    {
        if (Machines.PhaseOf(machine) != MachinePhase.Unknown)
        {
            return MachineStates.Of(machine).State;
        }

        HyperstackLog.UnknownStatus(log, "virtual machine", machine.Name!, machine.Status);
        return RemoteInstanceState.Starting;
    }

    private async Task<InstanceObservation> CreateAsync(InstanceSpec spec, CancellationToken ct)
    {
        var seen = await machines.FindAsync(spec.Name, ct);
        switch (seen)
        {
            case []:
                return await MakeAsync(spec, ct);
            case [var one]:
                return await disks.AttachNextAsync(one, spec, ct) ?? MachineStates.Of(one);
            default:
                // The one that was made first stays.
                if (seen.Skip(1).LastOrDefault(one => Machines.PhaseOf(one) != MachinePhase.Deleting) is { } surplus)
                {
                    await _end.StepAsync(surplus, ct);
                }

                return Of(seen);
        }
    }

    private async Task<InstanceObservation> MakeAsync(InstanceSpec spec, CancellationToken ct)
    {
        var region = spec.DataCenter!;
        await disks.RequireFreeAsync(spec, ct);
        if (!await environments.EnsureEnvironmentAsync(region, ct))
        {
            return Making(null, $"Mooring's environment in {region} was made; the key pair is next.");
        }

        if (!await environments.EnsureKeyPairAsync(region, ct))
        {
            return Making(null, $"The key pair in {region} was made; the virtual machine is next.");
        }

        var made = await machines.CreateAsync(NewMachines.For(spec, environments.KeyPair, options), ct);
        if (made.Verdict == Verdict.Missing)
        {
            throw await environments.MissingAsync(region, made.Words, ct);
        }

        if (made.Verdict == Verdict.Taken)
        {
            return await machines.FindCertainlyAsync(spec.Name, ct) is { Count: > 0 } taken
                ? Of(taken)
                : throw new UnreachableException($"The name is taken, by what is not shown yet. {made.Words}");
        }

        return await AfterChange.ReadAsync(() => machines.FindAsync(spec.Name, ct)) is { Count: > 0 } now
            ? Of(now)
            : Making(
                made.Body?.Instances is [var told, ..] ? Told.IdOf(told.Id) : null,
                "It was made, and is looked at again.");
    }

    private async Task<InstanceObservation> DeleteAsync(string name, CancellationToken ct)
    {
        var seen = await machines.FindCertainlyAsync(name, ct);
        if (seen.LastOrDefault(one => Machines.PhaseOf(one) != MachinePhase.Deleting) is not { } next)
        {
            return Deleting(seen, "Hyperstack is deleting the virtual machine.");
        }

        var words = await _end.StepAsync(next, ct);
        return words is null
            ? Deleting(
                await AfterChange.ReadAsync(() => machines.FindCertainlyAsync(name, ct)) ?? seen,
                "Hyperstack is deleting the virtual machine.")
            : Deleting(seen, words);
    }

    private static InstanceObservation Of(IReadOnlyList<WireMachine> seen) => seen switch
    {
        [] => InstanceObservation.Absent,
        [var one] => MachineStates.Of(one),
        [var first, ..] => Making(
            Told.IdOf(first.Id),
            $"Hyperstack has {seen.Count} virtual machines of this name; all but the first are being removed."),
    };

    private static InstanceObservation Making(string? id, string words) =>
        new(RemoteInstanceState.Starting, id, Words: words);

    private static InstanceObservation Deleting(IReadOnlyList<WireMachine> seen, string words) => seen.Count == 0
        ? InstanceObservation.Absent
        : new InstanceObservation(RemoteInstanceState.Deleting, Told.IdOf(seen[0].Id), Words: words);
}
