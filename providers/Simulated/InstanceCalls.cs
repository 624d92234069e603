using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Simulated;

/// <summary>What the simulated place can be asked about instances; as careless as with disks.</summary>
internal sealed class InstanceCalls(Simulation simulation, Calls calls)
{
    public Task<IReadOnlyList<InstanceOffer>> ListOffersAsync(CancellationToken ct) =>
        calls.MakeAsync<IReadOnlyList<InstanceOffer>>(
            Verb.InstanceOffers, null, call => [.. simulation.Instances.Select(offered => AsOf(call, offered))], ct);

    /// <summary>The instances of exactly this name, as the place shows them now; oldest first.</summary>
    public Task<IReadOnlyList<SeenInstance>> FindAsync(string name, CancellationToken ct) =>
        calls.MakeAsync<IReadOnlyList<SeenInstance>>(
            Verb.InstanceLook,
            name,
            call => Show(call, call.Entries.InstancesNamed(name, call.Now).Where(one => one.ExistsAt(call.Now))),
            ct);

    /// <summary>A page of the instances whose names begin so, after an instance.</summary>
    public Task<Page<SeenInstance>> ListAsync(string prefix, long after, CancellationToken ct) => calls.MakeAsync(
        Verb.InstanceList,
        null,
        call =>
        {
            var page = call.Entries.InstancesAfter(after, prefix, call.Now, simulation.PageSize);
            long? next = page.Count < simulation.PageSize ? null : Entries.NumberIn(page[^1].Id);
            return new Page<SeenInstance>(Show(call, page), next);
        },
        ct);

    /// <summary>Makes an instance with its disks, whether or not there is one of this name.</summary>
    public Task<SeenInstance> CreateAsync(InstanceSpec spec, CancellationToken ct) => calls.MakeAsync(
        Verb.InstanceCreate,
        spec.Name,
        call =>
        {
            CheckOffer(call, spec);
            List<(BookedDisk Disk, AttachmentSpec Attachment)> disks =
                [.. spec.Attachments.Select(attachment => (Find(call, attachment.Disk), attachment))];
            disks.ForEach(pair => CheckFree(call, pair.Disk));
            var made = call.Entries.Add(Draft(call, spec, disks));
            if (call.Meets(FaultKind.Duplicate))
            {
                // A single-holder disk can't be held twice: the second one comes without it.
                call.Entries.Add(Draft(call, spec, disks.FindAll(pair => pair.Disk.IsMultinode)) with
                {
                    DuplicateOf = made.Id,
                });
            }

            return Seen(call, made);
        },
        ct);

    public Task<bool> DeleteAsync(string id, string name, CancellationToken ct) => calls.MakeAsync(
        Verb.InstanceDelete,
        name,
        call =>
        {
            if (call.Entries.Instance(id) is not { } instance || !instance.ExistsAt(call.Now)
                || instance.DeletedAt is not null)
            {
                return false;
            }

            var goneAt = call.Now + call.Draw(simulation.Delays.InstanceDelete, "delete", FaultKind.Slow);
            var freeAt = goneAt + call.Draw(simulation.Delays.Detach, "detach", FaultKind.StuckDetach);
            call.Entries.EndInstance(id, call.Now, call.Now, goneAt, freeAt);
            return true;
        },
        ct);

    public Task<IReadOnlyList<string>> ReadLogAsync(string name, int tail, CancellationToken ct) =>
        calls.MakeAsync<IReadOnlyList<string>>(
            Verb.InstanceLog,
            name,
            call =>
            {
                var instance = call.Entries.InstancesNamed(name, call.Now).Find(one => one.ExistsAt(call.Now))
                    ?? throw new RefusedException("The simulated provider has no such instance.");
                return [.. LinesOf(instance, call.Now).TakeLast(tail)];
            },
            ct);

    private static IEnumerable<string> LinesOf(BookedInstance instance, DateTimeOffset now)
    {
        yield return "This is a simulated instance: it exists in a book only, and nothing can log in to it.";
        yield return FormattableString.Invariant(
            $"{instance.AppearsAt:O} {instance.Id} was made from {instance.Image}.");
        foreach (var hold in instance.Holds.OrderBy(hold => hold.MountPath, StringComparer.Ordinal))
        {
            yield return FormattableString.Invariant($"{hold.Since:O} {hold.DiskName} is at {hold.MountPath}.");
        }

        if (instance.ReadyAt <= now)
        {
            yield return FormattableString.Invariant($"{instance.ReadyAt:O} It runs.");
        }

        if (instance.EndsAt <= now)
        {
            yield return FormattableString.Invariant(
                $"{instance.EndsAt:O} It ended with exit code {instance.ExitCode}: {instance.Words}");
        }
    }

    private BookedInstance Draft(Call call, InstanceSpec spec, List<(BookedDisk Disk, AttachmentSpec Attachment)> disks)
    {
        var appears = call.AppearsAt;
        var ready = appears + call.Draw(simulation.Delays.InstanceCreate, "create", FaultKind.Slow);
        var ends = call.Meets(FaultKind.Ends) ? call.Fault : null;
        return new BookedInstance(
            Id: "",
            spec.Name,
            spec.CloudId,
            spec.DataCenter,
            spec.Image,
            call.Now,
            appears,
            ready,
            ends is null ? null : ready + call.Draw(ends.Duration, "ends"),
            ends?.ExitCode,
            ends?.Words,
            DeletedAt: null,
            GoneAt: null,
            DuplicateOf: null,
            [.. disks.Select(pair => new BookedHold(
                pair.Disk.Id, pair.Disk.Name, "", spec.Name, pair.Attachment.MountPath, appears, null, null))]);
    }

    private static BookedDisk Find(Call call, DiskRef disk)
    {
        var there = call.Entries.DisksThere(disk, call.Now);
        var found = there is [var first, ..] && disk.MayHave(first.Id) ? first : null;
        return found?.StateAt(call.Now) switch
        {
            RemoteDiskState.Ready or RemoteDiskState.Changing => found,
            null => throw new RefusedException($"The simulated provider has no disk {disk.Name}."),
            var state => throw new RefusedException($"Disk {disk.Name} is {state} at the simulated provider."),
        };
    }

    private static void CheckFree(Call call, BookedDisk disk)
    {
        if (disk.IsMultinode || disk.Holds.FirstOrDefault(hold => hold.IsInTheWayAt(call.Now)) is not { } hold)
        {
            return;
        }

        throw hold.IsEndingAt(call.Now)
            // It will be free by itself: asking again is right.
            ? new UnreachableException($"Disk {disk.Name} is still being detached from {hold.InstanceName}.")
            : new RefusedException($"Disk {disk.Name} is in use by instance {hold.InstanceName}.");
    }

    private void CheckOffer(Call call, InstanceSpec spec)
    {
        var offered = simulation.Instances.FirstOrDefault(one =>
            one.Offer.CloudId == spec.CloudId && one.Offer.Place.DataCenter == spec.DataCenter);
        if (offered is null)
        {
            throw new RefusedException("The simulated provider offers no such instance.");
        }

        if (!offered.Offer.Images.Contains(spec.Image))
        {
            throw new RefusedException($"The simulated provider has no image {spec.Image} for it.");
        }

        if (offered.Count is { } count && call.Entries.CountOf(spec.CloudId, spec.DataCenter, call.Now) >= count)
        {
            throw new OutOfStockException($"All {count} of these instances at the simulated provider are taken.");
        }
    }

    private IReadOnlyList<SeenInstance> Show(Call call, IEnumerable<BookedInstance> instances)
    {
        var there = instances.ToList();
        if (there.Count > 0 && call.Meets(FaultKind.Disappears))
        {
            Vanish(call, there[0]);
            there.RemoveAt(0);
        }
        else if (there.Count > 0 && call.Meets(FaultKind.Ends) && there[0].EndsAt is null)
        {
            call.Entries.EndByItself(there[0].Id, call.Now, call.Fault!.ExitCode, call.Fault.Words);
            there[0] = call.Entries.Instance(there[0].Id)!;
        }

        var lie = call.Fault?.InstanceState;
        return lie == RemoteInstanceState.Absent
            ? []
            : [.. there.Select(one => lie is { } state
                ? new SeenInstance(one.Id, one.Name, state, null, call.Fault!.Words)
                : Seen(call, one))];
    }

    private void Vanish(Call call, BookedInstance instance) => call.Entries.EndInstance(
        instance.Id, null, call.Now, call.Now, call.Now + call.Draw(simulation.Delays.Detach, "detach"));

    private static SeenInstance Seen(Call call, BookedInstance instance)
    {
        var state = instance.StateAt(call.Now);
        return new SeenInstance(
            instance.Id,
            instance.Name,
            state,
            state == RemoteInstanceState.Ended ? instance.ExitCode : null,
            state switch
            {
                RemoteInstanceState.Ended => instance.Words,
                RemoteInstanceState.Starting => "The simulated provider is starting it.",
                RemoteInstanceState.Deleting => "The simulated provider is deleting it.",
                _ => null,
            });
    }

    private static InstanceOffer AsOf(Call call, SimulatedInstanceOffer offered)
    {
        var offer = offered.Offer;
        var isFull = offered.Count is { } count
            && call.Entries.CountOf(offer.CloudId, offer.Place.DataCenter, call.Now) >= count;
        return offer with
        {
            PricePerHour = Prices.After(offer.PricePerHour, call),
            Stock = isFull || call.Meets(FaultKind.SoldOut) ? Stock.Unavailable : offer.Stock,
        };
    }
}

/// <summary>An instance as the place shows it.</summary>
internal sealed record SeenInstance(string Id, string Name, RemoteInstanceState State, int? ExitCode, string? Words);
