using Microsoft.EntityFrameworkCore;
using Mooring.Contract.V1;
using Mooring.Providers;
using Mooring.Providers.Instances;
using Mooring.Server.Accounts;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Hosts;
using Mooring.Server.Http;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Disk = Mooring.Server.Disks.Disk;

namespace Mooring.Server.Pods;

/// <summary>
/// Accepts an instance: in one transaction it reserves what the host has, takes hold of the disks and writes the rows;
/// if any of that is refused, nothing of it is done. Starting it is the reconciler's.
/// </summary>
internal sealed class PodCreation(
    Database database,
    OfferCatalog catalog,
    InstallationId installation,
    IdGenerator ids,
    MooringOptions options,
    TimeProvider time)
{
    /// <exception cref="InvalidRequestException">The request breaks a rule of its form, or means no offer.</exception>
    public async Task<Result<AcceptedPod>> CreateAsync(
        CreatePodRequest request, Caller caller, Keep<AcceptedPod> keep, CancellationToken ct)
    {
        await catalog.FirstAnswersAsync(ct);
        var listing = catalog.Current;
        PodRequest.Check(request, ImagesAt(request.Provider?.Type, listing), options);
        var account = caller.ViewFor(request.Team?.TeamId);
        if (account.Failed)
        {
            return account.Error;
        }

        CheckSharing(request, account.Value);
        var type = request.Provider!.Type!;
        if (!listing.Instances.Any(one => one.Provider.Type == type)
            && await HostReports.WhyNoneAsync(database, type, ct) is { } why)
        {
            return new HostCannotRunPods(why);
        }

        var offered = Choose(request, listing);
        if (request.Pod!.MaxPrice is { } maxPrice && offered.Offer.PricePerHour.Usd > maxPrice)
        {
            return new PriceTooHigh(offered.Offer.PricePerHour.Usd, maxPrice);
        }

        var image = request.Pod.Image ?? MooringOptions.DefaultImage;
        if ((options.Images.ContainsKey(image) || !IsOurs(offered.Provider)) && !offered.Offer.Images.Contains(image))
        {
            return new ImageNotPresent(image, $"{offered.Provider.Type} {offered.Offer.Place.DataCenter}");
        }

        return await database.TryWriteAsync<AcceptedPod>(
            (db, token) => AcceptAsync(db, request, offered, account.Value, caller, token), keep, ct);
    }

    // What the operator has images for on hosts of ours; elsewhere the provider's own, by the names in its offers.
    private HashSet<string> ImagesAt(string? type, Listing listing)
    {
        var there = listing.Instances.Where(offered => offered.Provider.Type == type).ToList();
        HashSet<string> images = there.Count == 0 || there.Exists(offered => IsOurs(offered.Provider))
            ? [.. options.Images.Keys]
            : [];
        images.UnionWith(there.Where(offered => !IsOurs(offered.Provider)).SelectMany(offered => offered.Offer.Images));
        return images;
    }

    private static bool IsOurs(Provider provider) => provider.Instances is HostInstances;

    private static void CheckSharing(CreatePodRequest request, AccountView account)
    {
        var faults = new Faults();
        var members = MembersIn(request);
        faults.Check(
            account.TeamId is not null || (!IsForAllMembers(request) && members.Count == 0),
            "body.sharedWithTeam",
            "needs a 'team' to share with");
        faults.Check(
            members.Count <= TeamRules.MembersAtMost,
            "body.teamMemberIds",
            $"must name {TeamRules.MembersAtMost} members at the most");
        faults.Throw();
    }

    private static bool IsForAllMembers(CreatePodRequest request) =>
        (request.SharedWithTeam ?? request.SharedWithTeamOpenApi) is true;

    private static IReadOnlyList<string?> MembersIn(CreatePodRequest request) =>
        request.TeamMemberIds ?? request.TeamMemberIdsOpenApi ?? [];

    // As with disks: what is left out is good as long as the rest means one offer (contract 13, D12).
    private OfferedInstance Choose(CreatePodRequest request, Listing listing)
    {
        var wanted = request.Pod!;
        var type = request.Provider!.Type!;
        var fits = listing.Instances.Where(one => one.Provider.Type == type
            && one.Offer.CloudId == wanted.CloudId
            && one.Offer.GpuType == wanted.GpuType
            && one.Offer.GpuCount == wanted.GpuCount
            && one.Offer.Socket == wanted.Socket
            && (wanted.DataCenterId is null || one.Offer.Place.DataCenter == wanted.DataCenterId)
            && (wanted.Country is null || one.Offer.Place.Country == wanted.Country)
            && (wanted.Security is null || one.Offer.Security.ToWire() == wanted.Security)).ToList();
        var faults = new Faults();
        if (fits.Count == 0)
        {
            listing.RequireListed(type);
            faults.Add(
                "body.pod.cloudId",
                "must be, with provider, gpuType, gpuCount, socket and dataCenterId, those of one offer "
                + "from GET /api/v1/availability/gpus");
        }
        else if (fits.Count > 1)
        {
            CheckOne(fits, faults);
        }
        else
        {
            CheckSizes(wanted, fits[0], faults);
        }

        faults.Throw();
        return fits[0];
    }

    private static void CheckOne(List<OfferedInstance> fits, Faults faults)
    {
        (string Member, Func<OfferedInstance, string?> Of)[] differences =
        [
            ("dataCenterId", one => one.Offer.Place.DataCenter),
            ("country", one => one.Offer.Place.Country),
            ("security", one => one.Offer.Security.ToWire()),
        ];
        var (member, of) = differences.First(one => fits.Select(one.Of).Distinct().Count() > 1);
        faults.Add(
            $"body.pod.{member}",
            "is required, as several offers fit: "
            + string.Join(", ", fits.Select(of).OfType<string>().Distinct().Order(StringComparer.Ordinal)));
    }

    private void CheckSizes(CreatePod wanted, OfferedInstance offered, Faults faults)
    {
        var offer = offered.Offer;
        faults.Check(
            wanted.Vcpus is null || wanted.Vcpus == offer.Vcpus,
            "body.pod.vcpus",
            $"must be {offer.Vcpus} with this offer");
        faults.Check(
            wanted.Memory is null || wanted.Memory == offer.MemoryGiB,
            "body.pod.memory",
            $"must be {offer.MemoryGiB} with this offer");
        faults.Check(
            !IsOurs(offered.Provider)
                || wanted.Image is null or "custom_template"
                || options.Images.ContainsKey(wanted.Image),
            "body.pod.image",
            $"must be one of {string.Join(", ", options.Images.Keys.Order())} with this offer");
        faults.Check(
            wanted.DiskSize is null || wanted.DiskSize <= offer.BootDiskGiB,
            "body.pod.diskSize",
            $"must be between 1 and {offer.BootDiskGiB} with this offer");
    }

    private async Task<Result<AcceptedPod>> AcceptAsync(
        MooringDb db,
        CreatePodRequest request,
        OfferedInstance offered,
        AccountView account,
        Caller caller,
        CancellationToken ct)
    {
        var disks = await FindDisksAsync(db, request.Disks ?? [], offered, account, caller, ct);
        if (disks.Failed)
        {
            return disks.Error;
        }

        var keys = await FindKeysAsync(db, request.Pod!.SshKeyId, caller, ct);
        if (keys.Failed)
        {
            return keys.Error;
        }

        var shared = await PodSharing.FindKeysAsync(
            db, account, caller.UserId, IsForAllMembers(request), MembersIn(request), ct);
        if (shared.Failed)
        {
            return shared.Error;
        }

        var podId = new PodId(ids.Uuid());
        var place = await PlaceAsync(db, podId, offered, ct);
        if (place.Failed)
        {
            return place.Error;
        }

        var now = time.Now();
        List<HeldDisk> held = [];
        foreach (var disk in disks.Value)
        {
            if (await WhyUnreadableAsync(db, disk, now, ct) is { } unreadable)
            {
                return unreadable;
            }

            var taken = await TakeAsync(db, disk, podId, place.Value.Host, held.Count, now, ct);
            if (taken.Failed)
            {
                return taken.Error;
            }

            held.Add(taken.Value);
        }

        var pod = Draft(
            request.Pod, podId, offered, place.Value, [.. keys.Value, .. shared.Value], account, caller.UserId, now);
        if (await Quota.TakeAsync(db, account, Used.By(pod), time.Now(), ct) is { } refusal)
        {
            return refusal;
        }

        var written = await db.WriteAsync(
            Pod.Accept(pod, [.. held.Select(one => one.Attachment)], options.PodLimits), options.DiskLimits, null, ct);
        return new AcceptedPod(written.Pod!, held);
    }

    private static async Task<Result<IReadOnlyList<Disk>>> FindDisksAsync(
        MooringDb db,
        IReadOnlyList<string?> wanted,
        OfferedInstance offered,
        AccountView account,
        Caller caller,
        CancellationToken ct)
    {
        List<Disk> disks = [];
        List<DiskId> known = [.. wanted.Select(text => ResourceIds.ParseDisk(text!)).OfType<DiskId>()];
        var found = await db.Disks.AsNoTracking()
            .Where(disk => known.Contains(disk.Id) && caller.Accounts.Contains(disk.AccountId))
            .ToListAsync(ct);
        foreach (var text in wanted)
        {
            if (found.Find(disk => disk.Id == ResourceIds.ParseDisk(text!))
                is not { Status: not DiskStatus.Terminated } disk)
            {
                return new DiskNotFound(text!);
            }

            // Whoever may log in to an instance reads its disks, and stays in it when they leave the team.
            if (disk.AccountId != account.AccountId)
            {
                return new DiskOfAnotherAccount(disk.Id, disk.TeamId?.Value, account.TeamId?.Value);
            }

            var place = offered.Offer.Place;
            if (disk.ProviderAccountId != offered.Provider.Id
                || (disk.DataCenter is not null && disk.DataCenter != place.DataCenter))
            {
                return new DiskElsewhere(
                    disk.Id, $"{disk.ProviderType} {disk.DataCenter}", $"{offered.Provider.Type} {place.DataCenter}");
            }

            disks.Add(disk);
        }

        return Result<IReadOnlyList<Disk>>.Of(disks);
    }

    private static async Task<Result<IReadOnlyList<string>>> FindKeysAsync(
        MooringDb db, string? wanted, Caller caller, CancellationToken ct)
    {
        var id = wanted is null ? null : ResourceIds.ParseSshKey(wanted);
        if (wanted is not null && id is null)
        {
            return new SshKeyNotFound(wanted);
        }

        var keys = await db.SshKeys.AsNoTracking()
            .Where(key => key.UserId == caller.UserId && (id == null || key.Id == id))
            .OrderByDescending(key => key.IsPrimary)
            .ThenBy(key => key.CreatedAt)
            .Take(SshKeyEndpoints.KeysAtMost)
            .Select(key => key.PublicKey)
            .ToListAsync(ct);
        return wanted is not null && keys.Count == 0
            ? new SshKeyNotFound(wanted)
            : Result<IReadOnlyList<string>>.Of(keys);
    }

    /// <summary>
    /// Finds a host that has enough left, and reserves it; providers that are no hosts of ours need none.
    /// </summary>
    private static async Task<Result<PodPlace>> PlaceAsync(
        MooringDb db, PodId pod, OfferedInstance offered, CancellationToken ct)
    {
        if (!IsOurs(offered.Provider))
        {
            return new PodPlace(null, null);
        }

        var offer = offered.Offer;
        var hosts = await db.Hosts.AsNoTracking()
            .Where(host => host.ProviderAccountId == offered.Provider.Id)
            .OrderBy(host => host.Id)
            .ToListAsync(ct);
        foreach (var host in hosts.Where(host => host.CanRunPods))
        {
            if (!await Reservations.TakeAsync(db, host.Id, offer.Vcpus, offer.MemoryGiB, ct))
            {
                continue;
            }

            if (offer.GpuType != GpuTypes.None
                && !await Reservations.TakeGpusAsync(db, host.Id, offer.GpuType, offer.GpuCount, pod, ct))
            {
                return Full(offer, hosts);
            }

            return await Reservations.TakeSlotAsync(db, host.Id, ct) is { } slot
                ? new PodPlace(host.Id, slot)
                : Full(offer, hosts);
        }

        return hosts.Find(host => !host.CanRunPods) is { WhyNot: { } why }
            ? new HostCannotRunPods(why)
            : Full(offer, hosts);
    }

    private static NoCapacity Full(InstanceOffer offer, List<Host> hosts) => new(
        $"an instance of {offer.Vcpus} vCPUs and {offer.MemoryGiB} GB"
            + (offer.GpuType == GpuTypes.None ? "" : $" with {offer.GpuCount} × {offer.GpuType}"),
        string.Join("; ", hosts.Select(host =>
            $"{host.Hostname} has {host.Vcpus - host.VcpusUsed} vCPUs "
            + $"and {host.MemoryGiB - host.MemoryGiBUsed} GB left")));

    // A disk whose whole provider account can't be read is shown as UNKNOWN, and so can't be attached.
    private async Task<MooringError?> WhyUnreadableAsync(
        MooringDb db, Disk disk, DateTimeOffset now, CancellationToken ct)
    {
        var account = await db.ProviderAccounts.AsNoTracking().SingleAsync(row => row.Id == disk.ProviderAccountId, ct);
        var shown = disk.ShownStatus(options.DiskLimits, account.UnreadableSince, now);
        return shown == Statuses.Unknown
            ? new DiskNotActive(disk.Id, shown, disk.Reason ?? account.UnreadableReason)
            : null;
    }

    private async Task<Result<HeldDisk>> TakeAsync(
        MooringDb db, Disk disk, PodId pod, HostId? host, int ordinal, DateTimeOffset now, CancellationToken ct)
    {
        var holders = await db.Attachments
            .Where(attachment => attachment.DiskId == disk.Id && attachment.ReleasedAt == null)
            .Select(attachment => attachment.PodId)
            .ToListAsync(ct);
        var unreadableSince = await db.ProviderAccounts
            .Where(account => account.Id == disk.ProviderAccountId)
            .Select(account => account.UnreadableSince)
            .SingleAsync(ct);
        var change = disk.Attach(holders, options.DiskLimits, now, unreadableSince);
        if (change.Failed)
        {
            return change.Error;
        }

        var taken = await db.WriteAsync(change.Value, null, ct);
        return new HeldDisk(
            new Attachment
            {
                Id = new AttachmentId(ids.Uuid()),
                DiskId = disk.Id,
                PodId = pod,
                HostId = host,
                AccountId = disk.AccountId,
                Ordinal = ordinal,
                MountPath = Attachment.PathFor(ordinal),
                Generation = taken.Generation,
                IsExclusive = !disk.IsMultinode,
                Status = AttachmentStatus.Claimed,
                ClaimedAt = now,
            },
            disk.SizeGiB,
            disk.IsMultinode);
    }

    private Pod Draft(
        CreatePod wanted,
        PodId id,
        OfferedInstance offered,
        PodPlace place,
        IReadOnlyList<string> keys,
        AccountView account,
        UserId creator,
        DateTimeOffset now)
    {
        var offer = offered.Offer;
        var image = wanted.Image ?? MooringOptions.DefaultImage;
        return new Pod
        {
            Id = id,
            Name = wanted.Name ?? $"pod-{id.Value[^8..]}",
            Status = PodStatus.Provisioning,
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
            Security = offer.Security,
            RemoteName = RemoteName.For(installation.Value, id.Value),
            HostId = place.Host,
            UserNamespaceSlot = place.UserNamespaceSlot,
            GpuType = offer.GpuType,
            GpuCount = offer.GpuCount,
            Socket = offer.Socket,
            Vcpus = offer.Vcpus,
            MemoryGiB = offer.MemoryGiB,
            BootDiskGiB = wanted.DiskSize ?? offer.BootDiskGiB,
            Image = image,
            ImageReference = !IsOurs(offered.Provider) ? image
                : options.Images.TryGetValue(image, out var reference) ? reference
                : options.Templates[wanted.CustomTemplateId!],
            CustomTemplateId = wanted.CustomTemplateId is { Length: > 0 } template ? template : null,
            AutoRestart = wanted.AutoRestart ?? false,
            Environment = (wanted.EnvVars ?? []).ToDictionary(variable => variable!.Key!, variable => variable!.Value!),
            AuthorizedKeys = keys,
            PriceHr = offer.PricePerHour,
            CreatedAt = now,
            UpdatedAt = now,
            StatusSince = now,
        };
    }

    private sealed record PodPlace(HostId? Host, int? UserNamespaceSlot);
}

/// <summary>A pod that was accepted, with the disks it holds.</summary>
internal sealed record AcceptedPod(Pod Pod, IReadOnlyList<HeldDisk> Disks);
