using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Disks;
using Mooring.Server.Http;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;

namespace Mooring.Server.Live;

/// <summary><c>…/events/stream</c>: what happens to a disk, a pod, or all that the key sees, as it happens.</summary>
internal static class LiveEndpoints
{
    private const string RetryAfterSeconds = "10";
    private const string LastEventId = "Last-Event-ID";

    private static readonly QueryParameter After = QueryParameter.Number(
        "after",
        "Only events with a greater number, 0 for all; what happens from now on by default. "
        + "The header Last-Event-ID, which browsers send when they come back, goes before it.");

    public static IEndpointRouteBuilder MapLive(this IEndpointRouteBuilder routes)
    {
        Stream(routes.MapGet("/api/mooring/v1/events/stream", OfEverythingAsync))
            .RequirePermission(Section.Disks)
            .RequirePermission(Section.Instances)
            .Describe(
                "streamEvents",
                "What happens to any disk or instance that you see, and with Billing: read to your wallets, as "
                + "server-sent events.")
            .Refuses(typeof(TooManyStreams), typeof(StreamsTaken));
        Stream(routes.MapGet("/api/mooring/v1/disks/{id}/events/stream", OfDiskAsync))
            .RequirePermission(Section.Disks)
            .Describe("streamDiskEvents", "What happens to a disk, as server-sent events.")
            .Refuses(typeof(DiskNotFound), typeof(TooManyStreams), typeof(StreamsTaken));
        Stream(routes.MapGet("/api/mooring/v1/pods/{id}/events/stream", OfPodAsync))
            .RequirePermission(Section.Instances)
            .Describe("streamPodEvents", "What happens to an instance, as server-sent events.")
            .Refuses(typeof(PodNotFound), typeof(TooManyStreams), typeof(StreamsTaken));
        return routes;
    }

    private static Task<IResult> OfEverythingAsync(
        HttpContext context, Caller caller, EventStreams streams, ILogger<EventStream> logger) =>
        Task.FromResult(Open(context, caller, new LiveScope.Everything(), From(context), streams, logger));

    private static async Task<IResult> OfDiskAsync(
        string id,
        HttpContext context,
        Caller caller,
        Database database,
        EventStreams streams,
        ILogger<EventStream> logger,
        CancellationToken ct)
    {
        var from = From(context);
        Disk? disk;
        await using (var db = await database.ReadAsync(ct))
        {
            disk = await DiskEndpoints.FindAsync(db, caller, id, ct);
        }

        return disk is null
            ? (Answer<LiveEvent>)new DiskNotFound(id)
            : Open(context, caller, new LiveScope.Resource(disk.Id.Value, disk.AccountId), from, streams, logger);
    }

    private static async Task<IResult> OfPodAsync(
        string id,
        HttpContext context,
        Caller caller,
        Database database,
        EventStreams streams,
        ILogger<EventStream> logger,
        CancellationToken ct)
    {
        var from = From(context);
        Pod? pod;
        await using (var db = await database.ReadAsync(ct))
        {
            pod = await PodEndpoints.FindAsync(db, caller, id, ct);
        }

        return pod is null
            ? (Answer<LiveEvent>)new PodNotFound(id)
            : Open(context, caller, new LiveScope.Resource(pod.Id.Value, pod.AccountId), from, streams, logger);
    }

    private static IResult Open(
        HttpContext context,
        Caller caller,
        LiveScope scope,
        long? from,
        EventStreams streams,
        ILogger<EventStream> logger)
    {
        var place = streams.Enter(caller.KeyPrefix, caller.UserId);
        if (place.Failed)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            return (Answer<LiveEvent>)place.Error;
        }

        return new EventStream(scope, from, caller, place.Value, logger);
    }

    /// <summary>The number after which to begin; null for now.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    private static long? From(HttpContext context)
    {
        var query = new Query(context);
        var after = query.Text("after") is null ? (long?)null : query.LargeNumber("after");
        query.Throw();
        if (context.Request.Headers[LastEventId] is not [{ Length: > 0 } header])
        {
            return after;
        }

        return long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last
            : throw new InvalidRequestException(
                [new Fault(["header", LastEventId], "must be the number of an event: a whole number from 0")]);
    }

    private static RouteHandlerBuilder Stream(RouteHandlerBuilder builder)
    {
        // It lasts as long as its client.
        builder.DisableRequestTimeout();
        return builder.WithQuery(After).WithMetadata(new ProducesResponseTypeMetadata(
            StatusCodes.Status200OK, typeof(LiveEvent), ["text/event-stream"]));
    }
}
