using Mooring.Providers.Disks;

namespace Mooring.Providers.Simulated;

/// <summary>
/// What the simulated place can be asked about disks. It is as careless as clouds are: names are not unique, a list
/// comes in pages, a disk in use is not deleted.
/// </summary>
internal sealed class DiskCalls(Simulation simulation, Calls calls)
{
    public Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct) =>
        calls.MakeAsync<IReadOnlyList<DiskOffer>>(
            Verb.DiskOffers, null, call => [.. simulation.Disks.Select(offered => AsOf(call, offered))], ct);

    /// <summary>The disks of exactly this name, as the place shows them now; oldest first.</summary>
    public Task<IReadOnlyList<SeenDisk>> FindAsync(string name, CancellationToken ct) =>
        FindAsync(new DiskRef(name, null), ct);

    /// <summary>What the disk may be, as the place shows it now.</summary>
    public Task<IReadOnlyList<SeenDisk>> FindAsync(DiskRef disk, CancellationToken ct) =>
        calls.MakeAsync<IReadOnlyList<SeenDisk>>(
            Verb.DiskLook, disk.Name, call => Show(call, call.Entries.DisksThere(disk, call.Now)), ct);

    /// <summary>A page of the disks whose names begin so, after a disk; null after the last page.</summary>
    public Task<Page<SeenDisk>> ListAsync(string prefix, long after, CancellationToken ct) => calls.MakeAsync(
        Verb.DiskList,
        null,
        call =>
        {
            var page = call.Entries.DisksAfter(after, prefix, call.Now, simulation.PageSize);
            long? next = page.Count < simulation.PageSize ? null : Entries.NumberIn(page[^1].Id);
            return new Page<SeenDisk>(Show(call, page), next);
        },
        ct);

    /// <summary>Makes a disk, whether or not there is one of this name.</summary>
    public Task<SeenDisk> CreateAsync(DiskSpec spec, CancellationToken ct) => calls.MakeAsync(
        Verb.DiskCreate,
        spec.Name,
        call =>
        {
            CheckOffer(call, spec);
            var made = call.Entries.Add(Draft(call, spec));
            if (call.Meets(FaultKind.Duplicate))
            {
                call.Entries.Add(Draft(call, spec) with { DuplicateOf = made.Id });
            }

            return new SeenDisk(made.Id, made.Name, made.Size, made.StateAt(call.Now), made.Words);
        },
        ct);

    public Task<bool> DeleteAsync(string id, string name, CancellationToken ct) => calls.MakeAsync(
        Verb.DiskDelete,
        name,
        call =>
        {
            if (call.Entries.Disk(id) is not { } disk || !disk.ExistsAt(call.Now) || disk.DeletedAt is not null)
            {
                return false;
            }

            if (disk.Holds.FirstOrDefault(hold => hold.IsInTheWayAt(call.Now)) is { } hold)
            {
                throw new RefusedException($"The disk is in use by instance {hold.InstanceName}.");
            }

            var takes = call.Draw(simulation.Delays.DiskDelete, "delete", FaultKind.Slow);
            call.Entries.EndDisk(id, call.Now, call.Now + takes);
            return true;
        },
        ct);

    private BookedDisk Draft(Call call, DiskSpec spec)
    {
        var appears = call.AppearsAt;
        return new BookedDisk(
            Id: "",
            spec.Name,
            spec.Size,
            spec.CloudId,
            spec.DataCenter,
            spec.IsMultinode,
            call.Now,
            appears,
            appears + call.Draw(simulation.Delays.DiskCreate, "create", FaultKind.Slow),
            call.Meets(FaultKind.Fails) ? appears + call.Draw(call.Fault!.Duration, "fails") : null,
            call.Meets(FaultKind.Fails) ? call.Fault!.Words : null,
            DeletedAt: null,
            GoneAt: null,
            DuplicateOf: null,
            Holds: []);
    }

    private void CheckOffer(Call call, DiskSpec spec)
    {
        var offered = simulation.Disks.FirstOrDefault(one =>
            one.Offer.CloudId == spec.CloudId && one.Offer.Place.DataCenter == spec.DataCenter);
        if (offered is not { Offer: var offer })
        {
            throw new RefusedException("The simulated provider offers no such disk.");
        }

        if (spec.Size <= ByteSize.Zero || spec.Size > ByteSize.FromGiB(offer.MaxSizeGiB)
            || spec.Size < ByteSize.FromGiB(offer.MinSizeGiB) || spec.IsMultinode != offer.IsMultinode)
        {
            throw new RefusedException(
                $"The simulated provider makes no disk of {spec.Size} here: "
                + $"from {offer.MinSizeGiB} to {offer.MaxSizeGiB} GB, "
                + (offer.IsMultinode ? "shared." : "for one instance at a time."));
        }

        if (offered.Capacity is { } capacity
            && call.Entries.TakenOf(spec.CloudId, spec.DataCenter, call.Now) + spec.Size > capacity)
        {
            throw new OutOfStockException($"The simulated provider has {capacity} in all, and not so much left.");
        }
    }

    private static IReadOnlyList<SeenDisk> Show(Call call, IEnumerable<BookedDisk> disks)
    {
        var there = disks.ToList();
        if (call.Meets(FaultKind.Disappears) && there.Count > 0)
        {
            Vanish(call, there[0]);
            there.RemoveAt(0);
        }

        var lie = call.Fault?.DiskState;
        return lie == RemoteDiskState.Absent
            ? []
            : [.. there.Select(disk => new SeenDisk(
                disk.Id, disk.Name, disk.Size, lie ?? disk.StateAt(call.Now), WordsOn(call, disk))
            {
                Holders = [.. HoldersOf(disk, call.Now)],
            })];
    }

    // What is letting go of it holds it no longer; where that is in anybody's way, its state says so.
    private static IEnumerable<string> HoldersOf(BookedDisk disk, DateTimeOffset now) => disk.Holds
        .Where(hold => hold.HoldsAt(now) && !hold.IsEndingAt(now))
        .Select(hold => hold.InstanceId);

    // Nobody deletes it: it is gone, and whoever holds it holds nothing.
    private static void Vanish(Call call, BookedDisk disk) => call.Entries.EndDisk(disk.Id, null, call.Now);

    private static string? WordsOn(Call call, BookedDisk disk) => call.Fault?.DiskState is not null
        ? call.Fault.Words
        : disk.StateAt(call.Now) switch
        {
            RemoteDiskState.Failed => disk.Words,
            RemoteDiskState.Changing =>
                "It is still being detached from instance "
                + $"{disk.Holds.First(hold => hold.IsEndingAt(call.Now)).InstanceName}.",
            RemoteDiskState.Creating => "The simulated provider is making it.",
            RemoteDiskState.Deleting => "The simulated provider is deleting it.",
            _ => null,
        };

    private static DiskOffer AsOf(Call call, SimulatedDiskOffer offered)
    {
        var offer = offered.Offer;
        return offer with
        {
            PricePerGiBHour = Prices.After(offer.PricePerGiBHour, call),
            Stock = call.Meets(FaultKind.SoldOut) ? Stock.Unavailable : offer.Stock,
        };
    }
}

/// <summary>A disk as the place shows it.</summary>
internal sealed record SeenDisk(string Id, string Name, ByteSize Size, RemoteDiskState State, string? Words)
{
    /// <summary>Ids of the instances that hold it.</summary>
    public IReadOnlyList<string> Holders { get; init; } = [];
}

/// <summary>A page of a list, and after which number the next begins; null if it is the last.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, long? Next);

internal static class Prices
{
    /// <summary>A price under a fault that changes prices, to 1e-12 USD.</summary>
    public static Money After(Money price, Call call) => call.Meets(FaultKind.Price)
        ? new Money(decimal.ToInt64(decimal.Round(price.PicoUsd * call.Fault!.Factor)))
        : price;
}
