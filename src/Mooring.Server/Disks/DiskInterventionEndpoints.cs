using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Disks;

/// <summary><c>/api/mooring/v1/disks/{id}</c>: why a disk is as it is, and what an operator may do about it.</summary>
internal static class DiskInterventionEndpoints
{
    public static IEndpointRouteBuilder MapDiskInterventions(this IEndpointRouteBuilder routes)
    {
        var disks = routes.MapGroup("/api/mooring/v1/disks/{id}").RequirePermission(Section.Disks);
        disks.MapGet("/explain", ExplainAsync);
        disks.MapPost("/retry", RetryAsync);
        disks.MapPost("/suspend", SuspendAsync);
        disks.MapPost("/resume", ResumeAsync);
        // It ends instances, too.
        disks.MapPost("/force-detach", ForceDetachAsync).RequirePermission(Section.Instances);
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
        string id, Caller caller, DiskInterventions interventions, CancellationToken ct) =>
        Answered(await interventions.RetryAsync(id, caller, ct));

    private static async Task<Answer<Intervention>> SuspendAsync(
        string id, Caller caller, DiskInterventions interventions, CancellationToken ct) =>
        Answered(await interventions.SuspendAsync(id, caller, ct));

    private static async Task<Answer<Intervention>> ResumeAsync(
        string id, Caller caller, DiskInterventions interventions, CancellationToken ct) =>
        Answered(await interventions.ResumeAsync(id, caller, ct));

    private static async Task<Answer<Intervention>> ForceDetachAsync(
        string id, Caller caller, DiskInterventions interventions, CancellationToken ct) =>
        Answered(await interventions.ForceDetachAsync(id, caller, ct));

    private static Answer<Intervention> Answered(Result<Intervention> done) => done.Failed ? done.Error : done.Value;
}
