using System.Runtime.CompilerServices;
using Mooring.Contract.Native;

namespace Mooring.Client;

// What the compatible contract has no room for: why something is as it is, and what can be done about it.
public sealed partial class MooringClient
{
    // Beside the compatible routes, which the transport's paths are relative to.
    private const string Native = "../mooring/v1/";

    /// <summary>A disk's whole history, oldest first, read page by page.</summary>
    /// <param name="id">The disk's id.</param>
    /// <param name="after">The number of the event after which to begin; 0 for the first.</param>
    /// <param name="pageSize">Rows a request, 1 to 500.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<HistoryEvent> ListDiskEventsAsync(
        string id, long after = 0, int pageSize = 500, CancellationToken ct = default) =>
        WalkEventsAsync(
            (from, token) => ListDiskEventsPageAsync(id, from, pageSize, token), after, ct);

    /// <summary>One page of a disk's history.</summary>
    /// <param name="id">The disk's id.</param>
    /// <param name="after">The number of the event after which to begin; 0 for the first.</param>
    /// <param name="limit">Rows at most, 1 to 500.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<HistoryPage> ListDiskEventsPageAsync(
        string id, long after, int limit, CancellationToken ct = default) =>
        EventsPageAsync("disks", id, after, limit, ct);

    /// <summary>An instance's whole history, oldest first, read page by page.</summary>
    /// <param name="id">The instance's id.</param>
    /// <param name="after">The number of the event after which to begin; 0 for the first.</param>
    /// <param name="pageSize">Rows a request, 1 to 500.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<HistoryEvent> ListPodEventsAsync(
        string id, long after = 0, int pageSize = 500, CancellationToken ct = default) =>
        WalkEventsAsync(
            (from, token) => ListPodEventsPageAsync(id, from, pageSize, token), after, ct);

    /// <summary>One page of an instance's history.</summary>
    /// <param name="id">The instance's id.</param>
    /// <param name="after">The number of the event after which to begin; 0 for the first.</param>
    /// <param name="limit">Rows at most, 1 to 500.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<HistoryPage> ListPodEventsPageAsync(
        string id, long after, int limit, CancellationToken ct = default) =>
        EventsPageAsync("pods", id, after, limit, ct);

    /// <summary>Why a disk is as it is, what comes next, and what can be done.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Explanation> ExplainDiskAsync(string id, CancellationToken ct = default) =>
        _api.GetAsync($"{Native}disks/{ApiTransport.Segment(id)}/explain", ApiTransport.Json.Explanation, ct);

    /// <summary>Why an instance is as it is, what comes next, and what can be done.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Explanation> ExplainPodAsync(string id, CancellationToken ct = default) =>
        _api.GetAsync($"{Native}pods/{ApiTransport.Segment(id)}/explain", ApiTransport.Json.Explanation, ct);

    /// <summary>
    /// Puts a disk in ERROR back on its way, or has what waits tried at once. It never makes an empty disk where there
    /// was data. Refused with 409 where there is nothing to retry.
    /// </summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Intervention> RetryDiskAsync(string id, CancellationToken ct = default) =>
        InterveneAsync("disks", id, "retry", ct);

    /// <summary>
    /// Suspends a disk: STOPPED, at its stopped price, its data kept, no new attachment. Refused with 409 while an
    /// instance holds it.
    /// </summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Intervention> SuspendDiskAsync(string id, CancellationToken ct = default) =>
        InterveneAsync("disks", id, "suspend", ct);

    /// <summary>Ends a disk's suspension: ACTIVE again, at its price.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Intervention> ResumeDiskAsync(string id, CancellationToken ct = default) =>
        InterveneAsync("disks", id, "resume", ct);

    /// <summary>
    /// Ends every instance that holds a disk, so that the disk is given back: what runs in them has 10 seconds, then it
    /// is killed. The disk is free only when its host has let go: read it until its <c>pods</c> is empty. Needs the
    /// permissions to write disks and instances. Refused with 409 where nothing holds it.
    /// </summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Intervention> ForceDetachDiskAsync(string id, CancellationToken ct = default) =>
        InterveneAsync("disks", id, "force-detach", ct);

    /// <summary>What a delete of a disk would lose, and whether it would be accepted now. Changes nothing.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<DiskDeletion> PreviewDiskDeletionAsync(string id, CancellationToken ct = default) =>
        _api.GetAsync($"{Native}disks/{ApiTransport.Segment(id)}/deletion", ApiTransport.Json.DiskDeletion, ct);

    /// <summary>
    /// Has every DELETE of a disk refused with 409, or lifts that. Forbidding is refused with 409 where a delete was
    /// accepted already.
    /// </summary>
    /// <param name="id">Its id.</param>
    /// <param name="forbid">Whether its deletion shall be forbidden.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<DiskSettings> ForbidDiskDeletionAsync(string id, bool forbid, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Patch,
            $"{Native}disks/{ApiTransport.Segment(id)}",
            new ChangeDiskRequest { ForbidDeletion = forbid },
            ApiTransport.Json.ChangeDiskRequest,
            ApiTransport.Json.DiskSettings,
            idempotencyKey: null,
            ct);

    /// <summary>Has an instance's next step, which waits after a failure, tried at once.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Intervention> RetryPodAsync(string id, CancellationToken ct = default) =>
        InterveneAsync("pods", id, "retry", ct);

    /// <summary>Everything that the key may see and that is overdue or can't be read, oldest first.</summary>
    /// <param name="limit">Rows at most, 1 to 500.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<StuckList> ListStuckAsync(int limit = 100, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return _api.GetAsync(
            $"{Native}stuck{new QueryString().Add("limit", limit)}", ApiTransport.Json.StuckList, ct);
    }

    private Task<Intervention> InterveneAsync(string collection, string id, string verb, CancellationToken ct) =>
        _api.PostAsync(
            $"{Native}{collection}/{ApiTransport.Segment(id)}/{verb}", ApiTransport.Json.Intervention, ct);

    private Task<HistoryPage> EventsPageAsync(
        string collection, string id, long after, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var query = new QueryString()
            .Add("after", after.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Add("limit", limit);
        return _api.GetAsync(
            $"{Native}{collection}/{ApiTransport.Segment(id)}/events{query}", ApiTransport.Json.HistoryPage, ct);
    }

    private static async IAsyncEnumerable<HistoryEvent> WalkEventsAsync(
        Func<long, CancellationToken, Task<HistoryPage>> read,
        long after,
        [EnumeratorCancellation] CancellationToken ct)
    {
        for (long? from = after; from is { } position;)
        {
            var page = await read(position, ct);
            foreach (var happened in page.Data)
            {
                yield return happened;
            }

            // A server whose pages don't move on would be asked forever.
            from = page.Next > position ? page.Next : null;
        }
    }
}
