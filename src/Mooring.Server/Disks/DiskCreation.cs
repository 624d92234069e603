using Microsoft.EntityFrameworkCore;
using Mooring.Contract.V1;
using Mooring.Providers;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;

namespace Mooring.Server.Disks;

/// <summary>
/// Accepts a disk: finds the offer that the request means, and in one transaction promises the GB and writes the row.
/// The making is the reconciler's.
/// </summary>
internal sealed class DiskCreation(
    Database database,
    OfferCatalog catalog,
    InstallationId installation,
    IdGenerator ids,
    MooringOptions options,
    TimeProvider time)
{
    private static readonly Statement Promise = new(
        """
        UPDATE capacity_pools SET promised_gib = promised_gib + @size
        WHERE provider_account_id = @account AND name = @pool AND promised_gib + @size <= capacity_gib
        """,
        "@size",
        "@account",
        "@pool");

    /// <exception cref="InvalidRequestException">
    /// The request breaks a rule of its form, or means no offer or several.
    /// </exception>
    public async Task<Result<Disk>> CreateAsync(
        CreateDiskRequest request, Caller caller, Keep<Disk> keep, CancellationToken ct)
    {
        CheckForm(request);
        var account = caller.ViewFor(request.Team?.TeamId);
        if (account.Failed)
        {
            return account.Error;
        }

        await catalog.FirstAnswersAsync(ct);
        var offered = Choose(request, catalog.Current);
        var wanted = request.Disk!;
        CheckSize(wanted.Size!.Value, offered);
        var disk = Draft(wanted, offered, account.Value, caller.UserId);
        return await database.TryWriteAsync<Disk>(
            async (db, token) =>
            {
                var refusal = await PromiseAsync(db, disk, token)
                    ?? await Quota.TakeAsync(db, account.Value, Used.By(disk), time.Now(), token);
                return refusal is not null
                    ? refusal
                    : await db.WriteAsync(Disk.Accept(disk, options.DiskLimits), null, token);
            },
            keep,
            ct);
    }

    private static void CheckForm(CreateDiskRequest request)
    {
        var faults = new Faults();
        faults.Check(request.Disk is not null, "body.disk", "is required: an object with 'size'");
        faults.Check(request.Disk is null or { Size: not null }, "body.disk.size", "is required: a size in GB");
        faults.Check(request.Disk?.Size is null or > 0, "body.disk.size", "must be 1 or more, in GB");
        if (request.Disk?.Name is { } name && TextRules.FaultOfName(name) is { } fault)
        {
            faults.Add("body.disk.name", fault);
        }

        faults.Check(
            request.Provider?.Type is { Length: > 0 },
            "body.provider.type",
            "is required: an offer's 'provider' from GET /api/v1/availability/disks");
        faults.Throw();
    }

    // The vendor's page: cloudId and dataCenterId are required "if provided in availability response". So a request
    // that leaves one out is good as long as it means one offer (contract 13, D12).
    private static OfferedDisk Choose(CreateDiskRequest request, Listing listing)
    {
        var wanted = request.Disk!;
        var type = request.Provider!.Type!;
        var fits = listing.Disks
            .Where(offered => offered.Provider.Type == type)
            .Where(offered => wanted.CloudId is null || offered.Offer.CloudId == wanted.CloudId)
            .Where(offered => wanted.DataCenterId is null || offered.Offer.Place.DataCenter == wanted.DataCenterId)
            .Where(offered => wanted.Country is null || offered.Offer.Place.Country == wanted.Country)
            .ToList();
        if (fits.Count == 1)
        {
            return fits[0];
        }

        if (fits.Count == 0)
        {
            listing.RequireListed(type);
        }

        throw new InvalidRequestException([fits.Count == 0 ? WhyNone(request, listing) : WhichOne(fits)]);
    }

    private static Fault WhyNone(CreateDiskRequest request, Listing listing)
    {
        var wanted = request.Disk!;
        var ofProvider = listing.Disks.Where(offered => offered.Provider.Type == request.Provider!.Type).ToList();
        if (ofProvider.Count == 0)
        {
            return new Fault(
                ["body", "provider", "type"],
                "must be a provider with disk offers: "
                + Listed(listing.Disks.Select(offered => offered.Provider.Type)));
        }

        var ofDataCenter = ofProvider
            .Where(offered => wanted.DataCenterId is null || offered.Offer.Place.DataCenter == wanted.DataCenterId)
            .ToList();
        return ofDataCenter.Count == 0
            ? new Fault(
                ["body", "disk", "dataCenterId"],
                "must be an offer's dataCenter: "
                + Listed(ofProvider.Select(offered => offered.Offer.Place.DataCenter)))
            : wanted.CloudId is not null && !ofDataCenter.Exists(offered => offered.Offer.CloudId == wanted.CloudId)
                ? new Fault(
                    ["body", "disk", "cloudId"],
                    $"must be an offer's cloudId: {Listed(ofDataCenter.Select(offered => offered.Offer.CloudId))}")
                : new Fault(
                    ["body", "disk", "country"],
                    "must be the offer's country: "
                    + Listed(ofDataCenter.Select(offered => offered.Offer.Place.Country)));
    }

    private static Fault WhichOne(List<OfferedDisk> fits) =>
        fits.Select(offered => offered.Offer.Place.DataCenter).Distinct().Count() > 1
            ? new Fault(
                ["body", "disk", "dataCenterId"],
                $"is required, as several offers fit: {Listed(fits.Select(offered => offered.Offer.Place.DataCenter))}")
            : new Fault(
                ["body", "disk", "cloudId"],
                $"is required, as several offers fit: {Listed(fits.Select(offered => offered.Offer.CloudId))}");

    private static void CheckSize(int sizeGiB, OfferedDisk offered)
    {
        var offer = offered.Offer;
        var least = Math.Max(1, offer.MinSizeGiB);
        var faults = new Faults();
        faults.Check(
            sizeGiB >= least && sizeGiB <= offer.MaxSizeGiB,
            "body.disk.size",
            $"must be between {least} and {offer.MaxSizeGiB}");
        faults.Check(
            offer.StepGiB <= 1 || sizeGiB % offer.StepGiB == 0,
            "body.disk.size",
            $"must be a multiple of {offer.StepGiB}");
        faults.Throw();
    }

    private Disk Draft(CreateDisk wanted, OfferedDisk offered, AccountView account, UserId creator)
    {
        var id = ids.Uuid();
        var now = time.Now();
        var offer = offered.Offer;
        var price = offer.PricePerGiBHour * wanted.Size!.Value;
        return new Disk
        {
            Id = new DiskId(id),
            Name = wanted.Name ?? $"disk-{id[^8..]}",
            SizeGiB = wanted.Size.Value,
            Status = DiskStatus.Provisioning,
            AccountId = account.AccountId,
            CreatorId = creator,
            TeamId = account.TeamId,
            WalletId = account.WalletId,
            ProviderAccountId = offered.Provider.Id,
            ProviderType = offered.Provider.Type,
            CloudId = offer.CloudId,
            DataCenter = offer.Place.DataCenter,
            Country = offer.Place.Country,
            Region = offer.Place.Region,
            IsMultinode = offer.IsMultinode,
            Pool = offer.Pool?.Name,
            RemoteName = RemoteName.For(installation.Value, id),
            PriceHr = price,
            StoppedPriceHr = price,
            ProvisioningPriceHr = Money.Zero,
            CreatedAt = now,
            UpdatedAt = now,
            StatusSince = now,
        };
    }

    /// <summary>
    /// Promises the disk's GB from its pool, by one conditional update; the refusal if there are not so many.
    /// </summary>
    private static async Task<MooringError?> PromiseAsync(MooringDb db, Disk disk, CancellationToken ct)
    {
        if (disk.Pool is null)
        {
            return null;
        }

        var promised = await db.ExecuteAsync(Promise, [disk.SizeGiB, disk.ProviderAccountId.Value, disk.Pool], ct);
        if (promised == 1)
        {
            return null;
        }

        var left = await db.CapacityPools
            .Where(row => row.ProviderAccountId == disk.ProviderAccountId && row.Name == disk.Pool)
            .Select(row => row.CapacityGiB - row.PromisedGiB)
            .SingleOrDefaultAsync(ct);
        return new NoCapacity($"a disk of {disk.SizeGiB} GB", $"{Math.Max(0, left)} GB are left");
    }

    private static string Listed(IEnumerable<string?> values)
    {
        var known = values.OfType<string>().Distinct().Order(StringComparer.Ordinal).Take(20).ToList();
        return known.Count == 0 ? "there is none now" : string.Join(", ", known);
    }
}
