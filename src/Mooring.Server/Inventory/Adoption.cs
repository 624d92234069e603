using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Disks;
using Mooring.Server.Http;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;

namespace Mooring.Server.Inventory;

/// <summary>
/// Makes a disk of ours out of an orphan, by an operator's word: to be used, or to be deleted. Its id is the one in its
/// name, so that it is the disk that it was where records were lost; the reconciler does the rest, a crash included.
/// </summary>
internal sealed class Adoption(
    Database database,
    Findings findings,
    ProviderRegistry providers,
    OfferCatalog catalog,
    MooringOptions options,
    TimeProvider time)
{
    /// <summary>Adopts an orphan as the caller's disk.</summary>
    /// <param name="account">The provider account that it is at.</param>
    /// <param name="name">Its remote name.</param>
    /// <param name="shownName">What it shall be called; null for a name made of its id.</param>
    /// <param name="pricePerHour">USD per hour for all of it; null for what such a disk costs there now.</param>
    /// <param name="caller">Whose it shall be.</param>
    /// <param name="ct">Cancellation.</param>
    public Task<Result<Disk>> AdoptAsync(
        string account, string name, string? shownName, decimal? pricePerHour, Caller caller, CancellationToken ct) =>
        WriteAsync(
            account, name, caller, (draft, finding) => Price(draft, finding, pricePerHour) is { } priced
                ? Disk.Adopt(shownName is null ? priced : priced with { Name = shownName })
                : new OrphanHasNoPrice(name),
            ct);

    /// <summary>Has an orphan deleted at its provider, and its data with it; nobody is billed for it here.</summary>
    public Task<Result<Disk>> DeleteAsync(string account, string name, Caller caller, CancellationToken ct) =>
        WriteAsync(account, name, caller, (draft, _) => Disk.AdoptToDelete(draft, options.DiskLimits), ct);

    private async Task<Result<Disk>> WriteAsync(
        string account,
        string name,
        Caller caller,
        Func<Disk, Finding, Result<DiskChange>> adopt,
        CancellationToken ct)
    {
        if (findings.Find(new ProviderAccountId(account), name) is not { Kind: FindingKind.OrphanDisk } finding
            || providers.Find(finding.Provider) is not { } provider)
        {
            return new OrphanNotFound(account, name);
        }

        var change = adopt(Draft(finding, provider, caller), finding);
        if (change.Failed)
        {
            return change.Error;
        }

        return await database.TryWriteAsync<Disk>(
            async (db, token) =>
            {
                if (await db.Disks.AnyAsync(disk => disk.RemoteName == name, token))
                {
                    // It was adopted a moment ago, by somebody else.
                    return new OrphanNotFound(account, name);
                }

                if (change.Value.After.Pool is { } pool)
                {
                    // It takes its room already: that is counted, and asks for no leave.
                    await db.CapacityPools
                        .Where(row => row.ProviderAccountId == finding.Provider && row.Name == pool)
                        .ExecuteUpdateAsync(
                            set => set.SetProperty(
                                row => row.PromisedGiB, row => row.PromisedGiB + change.Value.After.SizeGiB),
                            token);
                }

                return await db.WriteAsync(change.Value, null, token);
            },
            ct);
    }

    private Disk Draft(Finding finding, Provider provider, Caller caller)
    {
        var now = time.Now();
        var id = finding.Name[^32..];
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
            ProviderType = provider.Type,
            CloudId = offer?.CloudId ?? finding.CloudId,
            DataCenter = offer?.Place.DataCenter ?? finding.DataCenter,
            Country = offer?.Place.Country,
            Region = offer?.Place.Region,
            IsMultinode = offer?.IsMultinode ?? false,
            Pool = offer?.Pool?.Name,
            RemoteName = finding.Name,
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

internal sealed record OrphanNotFound(string Account, string Name)
    : MooringError(
        "orphan_not_found",
        $"The last list of provider account '{Account}' has no orphan '{Name}'. "
        + "GET /api/mooring/v1/inventory lists them.");

internal sealed record OrphanHasNoPrice(string Name)
    : MooringError(
        "orphan_has_no_price",
        $"No offer says what '{Name}' costs: send 'priceHr', what its owner is to pay for it, in USD per hour.");
