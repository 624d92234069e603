using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Disks;

/// <summary><c>/api/mooring/v1/disks/{id}</c>: why a disk is as it is, and what an operator may do about it.</summary>
internal static class DiskInterventionEndpoints
{
    public static IEndpointRouteBuilder MapDiskInterventions(this IEndpointRouteBuilder routes)
    {
        var disks = routes.MapGroup("/api/mooring/v1/disks/{id}").RequirePermission(Section.Disks);
        disks.MapGet("/explain", ExplainAsync)
            .Describe("explainDisk", "Why a disk is as it is, what comes next, and what can be done about it.")
            .Refuses(typeof(DiskNotFound));
        disks.MapPost("/retry", RetryAsync)
            .Describe("retryDisk", "Tries now what would be tried later, or again what has failed.")
            .Refuses(typeof(DiskNotFound), typeof(DiskNeedsNoRetry), typeof(NotYours));
        disks.MapPost("/suspend", SuspendAsync)
            .Describe("suspendDisk", "Stops a disk that no instance holds: its data stays, nothing can attach it.")
            .Refuses(typeof(DiskNotFound), typeof(DiskInUse), typeof(DiskNotSuspendable), typeof(NotYours));
        disks.MapPost("/resume", ResumeAsync)
            .Describe("resumeDisk", "Lets a disk that was suspended be attached again.")
            .Refuses(typeof(DiskNotFound), typeof(DiskNotSuspended), typeof(DiskUnpaid), typeof(NotYours));
        // It ends instances, too.
        disks.MapPost("/force-detach", ForceDetachAsync).RequirePermission(Section.Instances)
            .Describe("forceDetachDisk", "Ends the instances that hold a disk and takes it back from them.")
            .Refuses(typeof(DiskNotFound), typeof(DiskNotHeld), typeof(NotYours));
        return routes;
    }

    private static async Task<Answer<Explanation>> ExplainAsync(
        string id, Caller caller, Database database, DiskExplanation explanation, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await DiskEndpoints.FindAsync(db, caller, id, ct) is { } disk
            ? await explanation.OfAsync(db, disk, ct)
            : new DiskNotFound(id);
    }

    private static async Task<Answer<Intervention>> RetryAsync(
        string id, Caller caller, Once once, DiskInterventions interventions, CancellationToken ct) =>
        Answered(await interventions.RetryAsync(id, caller, Kept(once), ct));

    private static async Task<Answer<Intervention>> SuspendAsync(
        string id, Caller caller, Once once, DiskInterventions interventions, CancellationToken ct) =>
        Answered(await interventions.SuspendAsync(id, caller, Kept(once), ct));

    private static async Task<Answer<Intervention>> ResumeAsync(
        string id, Caller caller, Once once, DiskInterventions interventions, CancellationToken ct) =>
        Answered(await interventions.ResumeAsync(id, caller, Kept(once), ct));

    private static async Task<Answer<Intervention>> ForceDetachAsync(
        string id, Caller caller, Trail trail, DiskInterventions interventions, CancellationToken ct) =>
        Answered(await interventions.ForceDetachAsync(
            id, caller, trail.Note<Intervention>(done => string.Join(' ', done.Did)), ct));

    private static Keep<Intervention> Kept(Once once) =>
        once.Keep<Intervention, Intervention>(done => done);

    private static Answer<Intervention> Answered(Result<Intervention> done) => done.Failed ? done.Error : done.Value;
}
