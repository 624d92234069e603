using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Pods;

/// <summary><c>/api/mooring/v1/pods/{id}</c>: why an instance is as it is, and having it tried at once.</summary>
internal static class PodInterventionEndpoints
{
    public static IEndpointRouteBuilder MapPodInterventions(this IEndpointRouteBuilder routes)
    {
        var pods = routes.MapGroup("/api/mooring/v1/pods/{id}").RequirePermission(Section.Instances);
        pods.MapGet("/explain", ExplainAsync)
            .Describe("explainPod", "Why an instance is as it is, what comes next, and what can be done about it.")
            .Refuses(typeof(PodNotFound));
        pods.MapPost("/retry", RetryAsync)
            .Describe("retryPod", "Tries now what would be tried later.")
            .Refuses(typeof(PodNotFound), typeof(PodNeedsNoRetry), typeof(NotYours));
        return routes;
    }

    private static async Task<Answer<Explanation>> ExplainAsync(
        string id, Caller caller, Database database, PodExplanation explanation, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await PodEndpoints.FindAsync(db, caller, id, ct) is { } pod
            ? await explanation.OfAsync(db, pod, ct)
            : new PodNotFound(id);
    }

    private static async Task<Answer<Intervention>> RetryAsync(
        string id,
        Caller caller,
        Once once,
        Database database,
        MooringOptions options,
        TimeProvider time,
        CancellationToken ct)
    {
        var retried = await database.TryWriteAsync<PodAndDisks>(
            async (db, token) =>
            {
                var found = await PodEndpoints.FindToChangeAsync(db, caller, id, ends: false, token);
                if (found.Failed)
                {
                    return found.Error;
                }

                var pod = found.Value;
                var unreadableSince = await db.ProviderAccounts
                    .Where(account => account.Id == pod.ProviderAccountId)
                    .Select(account => account.UnreadableSince)
                    .SingleAsync(token);
                var change =
                    PodRetry.Retry(await PodQueries.LoadAsync(db, pod.Id, token), unreadableSince, time.Now());
                return change.Failed
                    ? change.Error
                    : await db.WriteAsync(change.Value, options.DiskLimits, null, token);
            },
            once.Keep<PodAndDisks, Intervention>(done => Retried(done.Pod!)),
            ct);
        return retried.Failed ? retried.Error : Retried(retried.Value.Pod!);
    }

    private static Intervention Retried(Pod pod) => new(
        pod.Id.Value,
        pod.Status.ToWire(),
        [pod.Status == PodStatus.Active ? "Its host is asked about it now." : "Its next step is tried now."]);
}
