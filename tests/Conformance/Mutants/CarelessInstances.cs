using Mooring.Providers.Instances;

namespace Mooring.Conformance.Tests.Mutants;

/// <summary>The real adapter to the simulated cloud's instances, save for a verb done in a hurry.</summary>
internal abstract class InstanceMutant(IInstanceProvider real) : IInstanceProvider, IInstanceLog
{
    public TimeSpan SettlingTime => real.SettlingTime;

    public Task<IReadOnlyList<InstanceOffer>> ListOffersAsync(CancellationToken ct) => real.ListOffersAsync(ct);

    public virtual Task<InstanceObservation> EnsureCreatedAsync(InstanceSpec spec, CancellationToken ct) =>
        real.EnsureCreatedAsync(spec, ct);

    public virtual Task<InstanceObservation> ObserveAsync(InstanceRef instance, CancellationToken ct) =>
        real.ObserveAsync(instance, ct);

    public virtual Task<InstanceObservation> EnsureDeletedAsync(InstanceRef instance, CancellationToken ct) =>
        real.EnsureDeletedAsync(instance, ct);

    public IAsyncEnumerable<RemoteInstance> ListAsync(CancellationToken ct) => real.ListAsync(ct);

    public virtual Task<IReadOnlyList<string>> ReadLogAsync(InstanceRef instance, int tail, CancellationToken ct) =>
        ((IInstanceLog)real).ReadLogAsync(instance, tail, ct);
}

/// <summary>Makes an instance that has ended anew.</summary>
internal sealed class StartsAgainWhatEnded(IInstanceProvider real) : InstanceMutant(real)
{
    public override async Task<InstanceObservation> EnsureCreatedAsync(InstanceSpec spec, CancellationToken ct)
    {
        var seen = await base.EnsureCreatedAsync(spec, ct);
        if (seen.State != RemoteInstanceState.Ended)
        {
            return seen;
        }

        await base.EnsureDeletedAsync(new InstanceRef(spec.Name, seen.RemoteId), ct);
        return await base.EnsureCreatedAsync(spec, ct);
    }
}

/// <summary>Takes an instance that has ended for one that is gone.</summary>
internal sealed class ReportsAnEndAsAbsence(IInstanceProvider real) : InstanceMutant(real)
{
    public override async Task<InstanceObservation> ObserveAsync(InstanceRef instance, CancellationToken ct) =>
        await base.ObserveAsync(instance, ct) is { State: not RemoteInstanceState.Ended } seen
            ? seen
            : InstanceObservation.Absent;
}

/// <summary>Takes an instance for gone as soon as that is accepted, while it still holds its disks.</summary>
internal sealed class TakesAnInstanceForGone(IInstanceProvider real) : InstanceMutant(real)
{
    public override async Task<InstanceObservation> EnsureDeletedAsync(InstanceRef instance, CancellationToken ct)
    {
        await base.EnsureDeletedAsync(instance, ct);
        return InstanceObservation.Absent;
    }
}

/// <summary>Makes an instance without its disks.</summary>
internal sealed class ForgetsTheDisks(IInstanceProvider real) : InstanceMutant(real)
{
    public override Task<InstanceObservation> EnsureCreatedAsync(InstanceSpec spec, CancellationToken ct) =>
        base.EnsureCreatedAsync(spec with { Attachments = [] }, ct);
}

/// <summary>Reads the first lines of a log in place of the last.</summary>
internal sealed class ReadsALogFromItsBeginning(IInstanceProvider real) : InstanceMutant(real)
{
    public override async Task<IReadOnlyList<string>> ReadLogAsync(
        InstanceRef instance, int tail, CancellationToken ct) =>
        [.. (await base.ReadLogAsync(instance, int.MaxValue, ct)).Take(tail)];
}
