using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Disks;

/// <summary>
/// <c>/api/mooring/v1/disks/{id}</c>: what a delete would lose, and the flag that keeps it from being accepted. The
/// compatible API's disk has no room for either (contract 16.14).
/// </summary>
internal static partial class DiskDeletionEndpoints
{
    public static IEndpointRouteBuilder MapDiskDeletion(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/mooring/v1/disks/{id}/deletion", PreviewAsync).RequirePermission(Section.Disks)
            .Describe("previewDiskDeletion", "What a delete of a disk would lose, and whether it would be accepted.")
            .Refuses(typeof(DiskNotFound));
        routes.MapPatch("/api/mooring/v1/disks/{id}", ChangeAsync).RequirePermission(Section.Disks)
            .Describe("changeDisk", "Forbids the deletion of a disk, or lifts that.")
            .Refuses(typeof(DiskNotFound), typeof(DiskDeletionAccepted), typeof(NotYours));
        return routes;
    }

    private static async Task<Answer<DiskDeletion>> PreviewAsync(
        string id, Caller caller, Database database, DeletionPreview preview, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await DiskEndpoints.FindAsync(db, caller, id, ct) is { } disk
            ? await preview.OfAsync(db, disk, caller, ct)
            : new DiskNotFound(id);
    }

    private static async Task<Answer<DiskSettings>> ChangeAsync(
        string id,
        JsonBody<ChangeDiskRequest> body,
        Caller caller,
        Trail trail,
        DeletionPreview preview,
        ILogger<DeletionPreview> logger,
        CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(body.Value.ForbidDeletion is not null, "body.forbidDeletion", "is required: true or false");
        faults.Throw();
        var changed = await preview.ForbidAsync(
            id, body.Value.ForbidDeletion!.Value, caller, trail.Note<Changed<Disk>>(ChangeWords.Of), ct);
        if (changed.Failed)
        {
            return changed.Error;
        }

        var disk = changed.Value.After;
        LogForbidden(logger, disk.Id, disk.IsDeletionForbidden);
        return new DiskSettings(disk.Id.Value, disk.IsDeletionForbidden);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Deletion of disk {Disk} is forbidden: {IsForbidden}")]
    private static partial void LogForbidden(ILogger logger, DiskId disk, bool isForbidden);
}
