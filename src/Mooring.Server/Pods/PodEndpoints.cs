using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mooring.Contract.V1;
using Mooring.Providers;
using Mooring.Providers.Instances;
using Mooring.Server.Accounts;
using Mooring.Server.Audit;
using Mooring.Server.Disks;
using Mooring.Server.Http;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Wallets;

namespace Mooring.Server.Pods;

/// <summary><c>/api/v1/pods</c> (contract, section 6).</summary>
internal static partial class PodEndpoints
{
    private const int LimitByDefault = 100;
    private const int LimitAtMost = 1_000;
    private static readonly string[] SortBy = ["terminatedAt", "createdAt"];
    private static readonly string[] SortOrder = ["asc", "desc"];

    public static IEndpointRouteBuilder MapPods(this IEndpointRouteBuilder routes)
    {
        var pods = routes.MapGroup("/api/v1/pods").RequirePermission(Section.Instances);
        pods.MapGet("/", ListAsync)
            .Describe("listPods", "Your instances that are not gone, newest first.")
            .WithQuery(QueryParameter.Slice(LimitByDefault, LimitAtMost));
        pods.MapPost("/", CreateAsync)
            .Describe("createPod", "Creates an instance with its disks. It answers at once; wait for ACTIVE.")
            .Refuses(
                typeof(NotAMember),
                typeof(DiskNotFound),
                typeof(SshKeyNotFound),
                typeof(DiskHeld),
                typeof(DiskNotActive),
                typeof(DiskElsewhere),
                typeof(DiskOfAnotherAccount),
                typeof(NoCapacity),
                typeof(QuotaExceeded),
                typeof(BalanceTooLow),
                typeof(HostCannotRunPods),
                typeof(ImageNotPresent),
                typeof(PriceTooHigh));
        pods.MapGet("/status", ListStatusesAsync)
            .Describe("listPodStatuses", "The states of the instances that are named; unknown ones are left out.")
            .WithQuery(QueryParameter.Text("pod_ids", "An instance's id; may be given several times.").Repeated());
        pods.MapGet("/history", ListHistoryAsync)
            .Describe("listPodHistory", "Your instances that are gone, with what each has cost.")
            .WithQuery(
            [
                .. QueryParameter.Slice(LimitByDefault, LimitAtMost),
                QueryParameter.OneOf("sort_by", SortBy, "terminatedAt by default."),
                QueryParameter.OneOf("sort_order", SortOrder, "desc by default."),
            ]);
        pods.MapGet("/{id}", GetAsync)
            .Describe("getPod", "One instance, also when it is gone.")
            .Refuses(typeof(PodNotFound));
        pods.MapDelete("/{id}", DeleteAsync)
            .Describe("deletePod", "Terminates an instance. Its network disks stay.")
            .Refuses(typeof(PodNotFound), typeof(NotYours));
        pods.MapGet("/{id}/log", ReadLogAsync)
            .Describe("readPodLog", "The last lines that the instance's main process wrote.")
            .Refuses(typeof(PodNotFound), typeof(PodHasNoLog), typeof(LogUnreadable))
            .WithQuery(QueryParameter.Number("tail", "Lines at the most, 1 to 10000; 100 by default."));
        return routes;
    }

    private static async Task<Answer<ListPage<Contract.V1.Pod>>> ListAsync(
        HttpContext context, Caller caller, Database database, PodWire wire, CancellationToken ct)
    {
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        await using var db = await database.ReadAsync(ct);
        var (total, page) = await PodQueries.CurrentAsync(db, caller.Accounts, slice, ct);
        return new ListPage<Contract.V1.Pod>
        {
            TotalCount = total,
            Offset = slice.Offset,
            Limit = slice.Limit,
            Data = await wire.OfAsync(db, page, ct),
        };
    }

    private static async Task<Answer<Contract.V1.Pod>> CreateAsync(
        JsonBody<CreatePodRequest> body,
        Caller caller,
        Once once,
        PodCreation creation,
        PodWire wire,
        ILogger<PodCreation> logger,
        CancellationToken ct)
    {
        var accepted = await creation.CreateAsync(
            body.Value,
            caller,
            once.Keep<AcceptedPod, Contract.V1.Pod>(made => wire.OfNew(made.Pod, made.Disks)),
            ct);
        if (accepted.Failed)
        {
            return accepted.Error;
        }

        var (pod, disks) = (accepted.Value.Pod, accepted.Value.Disks);
        LogAccepted(logger, pod.Id, pod.ProviderType);
        foreach (var disk in disks)
        {
            LogClaimed(logger, disk.Attachment.DiskId, pod.Id);
        }

        return wire.OfNew(pod, disks);
    }

    private static async Task<Answer<Contract.V1.Pod>> GetAsync(
        string id, Caller caller, Database database, PodWire wire, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var pod = await FindAsync(db, caller, id, ct);
        return pod is null ? new PodNotFound(id) : (await wire.OfAsync(db, [pod], ct))[0];
    }

    private static async Task<Answer<PodStatusList>> ListStatusesAsync(
        HttpContext context, Caller caller, Database database, PodWire wire, CancellationToken ct)
    {
        var query = new Query(context);
        List<PodId> ids = [.. query.Many("pod_ids", LimitByDefault).Select(ResourceIds.ParsePod).OfType<PodId>()];
        query.Throw();
        await using var db = await database.ReadAsync(ct);
        var pods = await db.Pods.AsNoTracking()
            .Where(pod => ids.Contains(pod.Id) && (caller.ReadsAll || caller.Accounts.Contains(pod.AccountId)))
            .OrderByDescending(pod => pod.CreatedAt)
            .ToListAsync(ct);
        return new PodStatusList(await wire.StatusesAsync(db, pods, ct));
    }

    private static async Task<Answer<ListPage<PodHistoryEntry>>> ListHistoryAsync(
        HttpContext context, Caller caller, Database database, TimeProvider time, CancellationToken ct)
    {
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        var query = new Query(context);
        var byEnd = (query.OneOf("sort_by", SortBy) ?? "terminatedAt") == "terminatedAt";
        var isDescending = (query.OneOf("sort_order", SortOrder) ?? "desc") == "desc";
        query.Throw();
        await using var db = await database.ReadAsync(ct);
        var (total, page) = await PodHistory.PageAsync(db, caller.Accounts, slice, byEnd, isDescending, ct);
        return new ListPage<PodHistoryEntry>
        {
            TotalCount = total,
            Offset = slice.Offset,
            Limit = slice.Limit,
            Data = await PodHistory.OfAsync(db, page, time.GetUtcNow(), ct),
        };
    }

    private static async Task<Answer<StatusOnly>> DeleteAsync(
        string id,
        Caller caller,
        Trail trail,
        Database database,
        MooringOptions options,
        TimeProvider time,
        ILogger<PodWorker> logger,
        CancellationToken ct)
    {
        var deleted = await database.TryWriteAsync<PodAndDisks>(
            async (db, token) =>
            {
                var pod = await FindToChangeAsync(db, caller, id, ends: true, token);
                if (pod.Failed)
                {
                    return pod.Error;
                }

                var work = await PodQueries.LoadAsync(db, pod.Value.Id, token);
                var change = PodLifecycle.Delete(work, options.PodLimits, time.Now());
                return change.IsNothing ? work : await db.WriteAsync(change, options.DiskLimits, null, token);
            },
            trail.Note<PodAndDisks>(),
            ct);
        if (deleted.Failed)
        {
            return deleted.Error;
        }

        LogDeleteAsked(logger, deleted.Value.Pod!.Id, deleted.Value.Pod.Status);
        return new StatusOnly(deleted.Value.Pod.Status.ToWire());
    }

    // One of the stated exceptions to "only the reconciler calls a provider": a log is read, and nothing changes.
    private static async Task<Answer<PodLog>> ReadLogAsync(
        string id,
        HttpContext context,
        Caller caller,
        Database database,
        ProviderRegistry providers,
        CancellationToken ct)
    {
        var query = new Query(context);
        var tail = query.Number("tail", 100, 1, 10_000);
        query.Throw();
        Pod? pod;
        await using (var db = await database.ReadAsync(ct))
        {
            pod = await FindAsync(db, caller, id, ct);
        }

        if (pod is null)
        {
            return new PodNotFound(id);
        }

        if (pod.Status == PodStatus.Terminated || providers.Instances(pod.ProviderAccountId) is not IInstanceLog log)
        {
            return new PodHasNoLog(
                pod.Id, pod.Status == PodStatus.Terminated ? "it is gone." : "its provider keeps none.");
        }

        try
        {
            return new PodLog(string.Join('\n', await log.ReadLogAsync(PodQueries.RefOf(pod), tail, ct)));
        }
        catch (RefusedException refused)
        {
            return new PodHasNoLog(pod.Id, refused.Message);
        }
        catch (ProviderException exception)
        {
            return new LogUnreadable(pod.Id, exception.Message);
        }
    }

    internal static async Task<Pod?> FindAsync(MooringDb db, Caller caller, string text, CancellationToken ct) =>
        ResourceIds.ParsePod(text) is { } id
            ? await db.Pods.AsNoTracking()
                .SingleOrDefaultAsync(
                    pod => pod.Id == id && (caller.ReadsAll || caller.Accounts.Contains(pod.AccountId)), ct)
            : null;

    /// <summary>An instance that the caller wants to change; as with disks.</summary>
    internal static async Task<Result<Pod>> FindToChangeAsync(
        MooringDb db, Caller caller, string text, bool ends, CancellationToken ct) =>
        await FindAsync(db, caller, text, ct) is not { } pod ? new PodNotFound(text)
        : ends ? caller.MayEnd(pod.AccountId, pod.CreatorId) ? pod : new NotYours($"Instance {pod.Id}")
        : caller.MayUse(pod.AccountId) ? pod
        : new NotYours($"Instance {pod.Id}");

    [LoggerMessage(Level = LogLevel.Information, Message = "Pod {Pod} at {Provider} was accepted")]
    private static partial void LogAccepted(ILogger logger, PodId pod, string provider);

    [LoggerMessage(Level = LogLevel.Information, Message = "Disk {Disk} is held by pod {Pod}")]
    private static partial void LogClaimed(ILogger logger, DiskId disk, PodId pod);

    [LoggerMessage(Level = LogLevel.Information, Message = "Pod {Pod} is to be deleted; it is {Status}")]
    private static partial void LogDeleteAsked(ILogger logger, PodId pod, PodStatus status);
}
