using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mooring.Contract.V1;
using Mooring.Server.Accounts;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;
using Mooring.Server.Wallets;

namespace Mooring.Server.Disks;

/// <summary><c>/api/v1/disks</c> (contract, section 4; vendor's page "Managing Disks").</summary>
internal static partial class DiskEndpoints
{
    private const int LimitByDefault = 50;
    private const int LimitAtMost = 200;

    public static IEndpointRouteBuilder MapDisks(this IEndpointRouteBuilder routes)
    {
        var disks = routes.MapGroup("/api/v1/disks").RequirePermission(Section.Disks);
        disks.MapGet("/", ListAsync)
            .Describe("listDisks", "Your disks that are not gone, newest first.")
            .WithQuery(QueryParameter.Slice(LimitByDefault, LimitAtMost));
        disks.MapPost("/", CreateAsync).Creates()
            .Describe("createDisk", "Creates a disk at an offer. It answers at once; wait for ACTIVE.")
            .Refuses(typeof(NoCapacity), typeof(NotAMember), typeof(QuotaExceeded), typeof(BalanceTooLow));
        disks.MapGet("/{id}", GetAsync)
            .Describe("getDisk", "One disk, also when it is gone.")
            .Refuses(typeof(DiskNotFound));
        disks.MapPatch("/{id}", RenameAsync)
            .Describe("renameDisk", "Renames a disk; nothing else of it can change.")
            .Refuses(typeof(DiskNotFound), typeof(NotYours));
        disks.MapDelete("/{id}", DeleteAsync)
            .Describe("deleteDisk", "Deletes a disk with its data, for good.")
            .Refuses(typeof(DiskNotFound), typeof(DiskDeletionForbidden), typeof(DiskInUse), typeof(NotYours));
        return routes;
    }

    private static async Task<Answer<DiskList>> ListAsync(
        HttpContext context, Caller caller, DiskReads disks, CancellationToken ct)
    {
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        var total = await disks.CountAsync(caller.Accounts, ct);
        return new DiskList
        {
            TotalCount = total,
            Data = await disks.PageAsync(caller.Accounts, total, slice.Offset, slice.Limit, ct),
            Limit = slice.Limit,
            Offset = slice.Offset,
        };
    }

    private static async Task<Answer<Contract.V1.Disk>> GetAsync(
        string id, Caller caller, DiskReads disks, CancellationToken ct) =>
        await disks.FindAsync(caller, id, ct) is { } disk ? disk : new DiskNotFound(id);

    private static async Task<Answer<Contract.V1.Disk>> CreateAsync(
        JsonBody<CreateDiskRequest> body,
        Caller caller,
        Once once,
        DiskCreation creation,
        ILogger<DiskCreation> logger,
        CancellationToken ct)
    {
        var created = await creation.CreateAsync(body.Value, caller, once.Keep<Disk, Contract.V1.Disk>(Created), ct);
        if (created.Failed)
        {
            return created.Error;
        }

        LogAccepted(logger, created.Value.Id, created.Value.SizeGiB, created.Value.ProviderType);
        return Created(created.Value);
    }

    private static Answer<Contract.V1.Disk> Created(Disk disk) =>
        Answer<Contract.V1.Disk>.Created(DiskWire.OfNew(disk));

    private static async Task<Answer<RenamedDisk>> RenameAsync(
        string id,
        JsonBody<RenameDiskRequest> body,
        Caller caller,
        Trail trail,
        Database database,
        TimeProvider time,
        CancellationToken ct)
    {
        var name = body.Value.Name;
        var faults = new Faults();
        if (name is null)
        {
            faults.Add("body.name", "is required: it is the only thing that can change");
        }
        else if (TextRules.FaultOfName(name) is { } fault)
        {
            faults.Add("body.name", fault);
        }

        faults.Throw();
        var renamed = await database.TryWriteAsync<Changed<Disk>>(
            async (db, token) =>
            {
                var disk = await FindToChangeAsync(db, caller, id, ends: false, token);
                return disk.Failed
                    ? disk.Error
                    : new Changed<Disk>(
                        disk.Value, await db.WriteAsync(disk.Value.Rename(name!, time.Now()), null, token));
            },
            trail.Note<Changed<Disk>>(ChangeWords.Of),
            ct);
        return renamed.Failed
            ? renamed.Error
            : new RenamedDisk(renamed.Value.After.Id.Value, renamed.Value.After.Name);
    }

    private static async Task<Answer<StatusOnly>> DeleteAsync(
        string id,
        Caller caller,
        Trail trail,
        Database database,
        WakeUps wakeUps,
        MooringOptions options,
        TimeProvider time,
        ILogger<DiskWorker> logger,
        CancellationToken ct)
    {
        var accepted = await database.TryWriteAsync<Disk>(
            async (db, token) =>
            {
                var disk = await FindToChangeAsync(db, caller, id, ends: true, token);
                if (disk.Failed)
                {
                    return disk.Error;
                }

                var change = disk.Value.Delete(
                    await HoldersAsync(db, disk.Value.Id, token),
                    options.DiskLimits,
                    time.Now());
                return change.Failed ? change.Error : await db.WriteAsync(change.Value, null, token);
            },
            trail.Note<Disk>(),
            ct);
        if (accepted.Failed)
        {
            return accepted.Error;
        }

        LogDeleteAsked(logger, accepted.Value.Id, accepted.Value.Status);
        var status = await wakeUps.WatchAsync(
            accepted.Value.Id.Value,
            () => StatusAsync(database, accepted.Value.Id, ct),
            status => status == DiskStatus.Terminated,
            options.DeleteWait,
            time,
            ct);
        return new StatusOnly(status.ToWire());
    }

    internal static async Task<Disk?> FindAsync(MooringDb db, Caller caller, string text, CancellationToken ct) =>
        ResourceIds.ParseDisk(text) is { } id
            ? await db.Disks.AsNoTracking().SingleOrDefaultAsync(
                disk => disk.Id == id && (caller.ReadsAll || caller.Accounts.Contains(disk.AccountId)), ct)
            : null;

    /// <summary>A disk that the caller wants to change.</summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="text">The disk's id as the caller writes it.</param>
    /// <param name="ends">Whether the change ends the disk, or keeps it from being used.</param>
    /// <param name="ct">Cancellation.</param>
    internal static async Task<Result<Disk>> FindToChangeAsync(
        MooringDb db, Caller caller, string text, bool ends, CancellationToken ct) =>
        await FindAsync(db, caller, text, ct) is not { } disk ? new DiskNotFound(text)
        : ends ? caller.MayEnd(disk.AccountId, disk.CreatorId) ? disk : new NotYours($"Disk {disk.Id}")
        : caller.MayUse(disk.AccountId) ? disk
        : new NotYours($"Disk {disk.Id}");

    internal static Task<List<PodId>> HoldersAsync(MooringDb db, DiskId id, CancellationToken ct) => db.Attachments
        .Where(attachment => attachment.DiskId == id && attachment.ReleasedAt == null)
        .Select(attachment => attachment.PodId)
        .ToListAsync(ct);

    private static async Task<DiskStatus> StatusAsync(Database database, DiskId id, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await db.Disks.Where(disk => disk.Id == id).Select(disk => disk.Status).SingleAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Disk {Disk} of {Size} GB at {Provider} was accepted")]
    private static partial void LogAccepted(ILogger logger, DiskId disk, int size, string provider);

    [LoggerMessage(Level = LogLevel.Information, Message = "Disk {Disk} is to be deleted; it is {Status}")]
    private static partial void LogDeleteAsked(ILogger logger, DiskId disk, DiskStatus status);
}
