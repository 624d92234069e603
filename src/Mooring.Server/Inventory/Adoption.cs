using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Disks;
using Mooring.Server.Http;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;

namespace Mooring.Server.Inventory;

/// <summary>
/// Makes a disk of ours out of what is there already, by an operator's word. An orphan has the id in its name, so that
/// it is the disk that it was where records were lost; what somebody else made has a new id, and is known by the
/// provider's. The reconciler does the rest, a crash included.
/// </summary>
internal sealed class Adoption(
    Database database,
    Findings findings,
    ProviderRegistry providers,
    OfferCatalog catalog,
    InstallationId installation,
    IdGenerator ids,
    MooringOptions options,
    TimeProvider time)
{
    /// <summary>Adopts an orphan as the caller's disk.</summary>
    /// <param name="account">The provider account that it is at.</param>
    /// <param name="name">Its remote name.</param>
    /// <param name="shownName">What it shall be called; null for a name made of its id.</param>
    /// <param name="pricePerHour">USD per hour for all of it; null for what such a disk costs there now.</param>
    /// <param name="caller">Whose it shall be.</param>
    /// <param name="keep">Keeps what is answered.</param>
    /// <param name="ct">Cancellation.</param>
    public Task<Result<Disk>> AdoptAsync(
        string account,
        string name,
        string? shownName,
        decimal? pricePerHour,
        Caller caller,
        Keep<Disk> keep,
        CancellationToken ct) =>
        FindOrphan(account, name) is { } orphan
            ? WriteAsync(
                Adopt(DraftOf(orphan, orphan.Name[^32..], caller), orphan, shownName, pricePerHour),
                (db, token) => WhyNotAsync(db, orphan, token),
                keep,
                ct)
            : Task.FromResult<Result<Disk>>(new OrphanNotFound(account, name));

    /// <summary>Registers what somebody else made at a provider as the caller's disk.</summary>
    /// <param name="account">The provider account that it is at.</param>
    /// <param name="remoteId">The provider's id of it.</param>
    /// <param name="shownName">What it shall be called; null for the name that it has there.</param>
    /// <param name="pricePerHour">USD per hour for all of it; null for what such a disk costs there now.</param>
    /// <param name="caller">Whose it shall be.</param>
    /// <param name="keep">Keeps what is answered.</param>
    /// <param name="ct">Cancellation.</param>
    public Task<Result<Disk>> AdoptForeignAsync(
        string account,
        string remoteId,
        string? shownName,
        decimal? pricePerHour,
        Caller caller,
        Keep<Disk> keep,
        CancellationToken ct)
    {
        var id = new ProviderAccountId(account);
        if (providers.Find(id) is { Disks: not (null or IForeignDisks) } provider)
        {
            return Task.FromResult<Result<Disk>>(new ForeignDisksNotKnown(account, provider.Type));
        }

        if (findings.FindByRemoteId(id, remoteId) is not { } finding || providers.Find(id) is null)
        {
            return Task.FromResult<Result<Disk>>(new ForeignDiskNotFound(account, remoteId));
        }

        var draft = DraftOf(finding, ids.Uuid(), caller);
        return WriteAsync(
            Adopt(
                draft with { ForeignName = finding.Name },
                finding,
                shownName ?? (TextRules.FaultOfName(finding.Name) is null ? finding.Name : null),
                pricePerHour),
            (db, token) => WhoseAsync(db, finding, token),
            keep,
            ct);
    }

    /// <summary>Has an orphan deleted at its provider, and its data with it; nobody is billed for it here.</summary>
    public Task<Result<Disk>> DeleteAsync(
        string account, string name, Caller caller, Keep<Disk> keep, CancellationToken ct) =>
        FindOrphan(account, name) is { } orphan
            ? WriteAsync(
                Disk.AdoptToDelete(DraftOf(orphan, orphan.Name[^32..], caller), options.DiskLimits),
                (db, token) => WhyNotAsync(db, orphan, token),
                keep,
                ct)
            : Task.FromResult<Result<Disk>>(new OrphanNotFound(account, name));

    private async Task<MooringError?> WhyNotAsync(MooringDb db, Finding orphan, CancellationToken ct) =>
        await db.Disks.AnyAsync(disk => disk.RemoteName == orphan.Name, ct)
            // It was adopted a moment ago, by somebody else.
            ? new OrphanNotFound(orphan.Provider.Value, orphan.Name)
            : await WhoseAsync(db, orphan, ct);

    /// <summary>
    /// Why what is found is not to be had: by its id it is a disk of ours, whatever it is called now. Taken for an
    /// orphan it would be deleted under that disk.
    /// </summary>
    private async Task<MooringError?> WhoseAsync(MooringDb db, Finding found, CancellationToken ct)
    {
        // A double goes with its disk: one that may be on its way is not to be had any more.
        if (found.Kind == FindingKind.DoubleDisk
            && !await db.Disks.AnyAsync(
                disk => disk.ProviderAccountId == found.Provider
                    && disk.RemoteName == found.Name
                    && (disk.Status == DiskStatus.Active || disk.Status == DiskStatus.Stopped
                        || disk.Status == DiskStatus.Pending || disk.Status == DiskStatus.Error),
                ct))
        {
            return new ForeignDiskNotFound(found.Provider.Value, found.RemoteId!);
        }

        return found.RemoteId is { } remoteId
            && await db.Disks.WithRemoteIds(providers.SharingIds(found.Provider), [remoteId])
                .Select(disk => disk.Id)
                .FirstOrDefaultAsync(ct) is { Value: { } known }
                    ? new ForeignDiskIsAdopted(remoteId, known)
                    : null;
    }

    private Finding? FindOrphan(string account, string name) =>
        findings.Find(new ProviderAccountId(account), name) is { Kind: FindingKind.OrphanDisk } orphan
        && providers.Find(orphan.Provider) is not null
            ? orphan
            : null;

    private async Task<Result<Disk>> WriteAsync(
        Result<DiskChange> change,
        Func<MooringDb, CancellationToken, Task<MooringError?>> refuse,
        Keep<Disk> keep,
        CancellationToken ct)
    {
        if (change.Failed)
        {
            return change.Error;
        }

        return await database.TryWriteAsync<Disk>(
            async (db, token) =>
            {
                if (await refuse(db, token) is { } refusal)
                {
                    return refusal;
                }

                var adopted = change.Value.After;
                if (adopted.Pool is { } pool)
                {
                    // It takes its room already: that is counted, and asks for no leave.
                    await db.CapacityPools
                        .Where(row => row.ProviderAccountId == adopted.ProviderAccountId && row.Name == pool)
                        .ExecuteUpdateAsync(
                            set => set.SetProperty(row => row.PromisedGiB, row => row.PromisedGiB + adopted.SizeGiB),
                            token);
                }

                return await db.WriteAsync(change.Value, null, token);
            },
            keep,
            ct);
    }

    private Result<DiskChange> Adopt(Disk draft, Finding finding, string? shownName, decimal? pricePerHour) =>
        Price(draft, finding, pricePerHour) is { } priced
            ? Disk.Adopt(shownName is null ? priced : priced with { Name = shownName })
            : new OrphanHasNoPrice(finding.Name);

    private Disk DraftOf(Finding finding, string id, Caller caller)
    {
        var now = time.Now();
        var offer = OfferOf(finding);
        return new Disk
        {
            Id = new DiskId(id),
            Name = $"adopted-{id[^8..]}",
            SizeGiB = (int)finding.Size.WholeGiB,
            Status = DiskStatus.Active,
            AccountId = caller.AccountId,
            CreatorId = caller.UserId,
            WalletId = caller.WalletId,
            ProviderAccountId = finding.Provider,
            ProviderType = providers.Find(finding.Provider)!.Type,
            CloudId = offer?.CloudId ?? finding.CloudId,
            DataCenter = offer?.Place.DataCenter ?? finding.DataCenter,
            Country = offer?.Place.Country,
            Region = offer?.Place.Region,
            IsMultinode = offer?.IsMultinode ?? false,
            Pool = offer?.Pool?.Name,
            RemoteName = RemoteName.For(installation.Value, id),
            RemoteId = finding.RemoteId,
            IsAtProvider = true,
            PriceHr = Money.Zero,
            StoppedPriceHr = Money.Zero,
            ProvisioningPriceHr = Money.Zero,
            CreatedAt = now,
            UpdatedAt = now,
            StatusSince = now,
        };
    }

    private Disk? Price(Disk draft, Finding finding, decimal? pricePerHour)
    {
        var price = pricePerHour is { } usd ? Money.FromUsd(usd) : HourlyCost(finding);
        return price is { } known ? draft with { PriceHr = known, StoppedPriceHr = known } : null;
    }

    /// <summary>What it costs there per hour, by the offer that it is of; null where no offer says so.</summary>
    public Money? HourlyCost(Finding finding) =>
        OfferOf(finding) is { } offer ? offer.PricePerGiBHour * (int)finding.Size.WholeGiB : null;

    // Where the list does not say of which offer it is, an account with one offer leaves no doubt.
    private DiskOffer? OfferOf(Finding finding)
    {
        var offers = catalog.Parts.FirstOrDefault(part => part.Provider.Id == finding.Provider)?.Disks ?? [];
        var fits = offers
            .Select(offered => offered.Offer)
            .Where(offer => finding.CloudId is null || offer.CloudId == finding.CloudId)
            .Where(offer => finding.DataCenter is null || offer.Place.DataCenter == finding.DataCenter)
            .ToList();
        return fits.Count == 1 ? fits[0] : null;
    }
}
