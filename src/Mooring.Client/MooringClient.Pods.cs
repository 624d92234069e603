using Mooring.Contract.V1;

namespace Mooring.Client;

public sealed partial class MooringClient
{
    /// <summary>All current instances that the key may see, newest first, read page by page.</summary>
    /// <param name="pageSize">Rows a request, 1 to 100.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<Pod> ListPodsAsync(int pageSize = 100, CancellationToken ct = default) =>
        Paging.WalkAsync(
            async (position, token) => PageOf(await ListPodsPageAsync(position.Offset, pageSize, token)),
            pod => pod.Id,
            ct);

    /// <summary>One page of the current instances.</summary>
    /// <param name="offset">Rows to pass over, at least 0.</param>
    /// <param name="limit">Rows at most, at least 1.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<ListPage<Pod>> ListPodsPageAsync(int offset, int limit, CancellationToken ct = default) =>
        _api.GetAsync($"pods/{OffsetQuery(offset, limit)}", ApiTransport.Json.ListPagePod, ct);

    /// <summary>Creates an instance with the disks named in the request attached (contract 6.1).</summary>
    /// <param name="request">What and where, from an offer of <see cref="ListGpuOffersAsync"/>.</param>
    /// <param name="idempotencyKey">
    /// Makes a repetition within 24 hours answer the same instance instead of making another; null for one of this
    /// call's own, as every other creating call has.
    /// </param>
    /// <param name="ct">Ends the call; the instance may have been made nonetheless.</param>
    public Task<Pod> CreatePodAsync(
        CreatePodRequest request,
        string? idempotencyKey = null,
        CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Post,
            "pods/",
            request,
            ApiTransport.Json.CreatePodRequest,
            ApiTransport.Json.Pod,
            idempotencyKey,
            ct);

    /// <summary>An instance.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Pod> GetPodAsync(string id, CancellationToken ct = default) =>
        _api.GetAsync($"pods/{ApiTransport.Segment(id)}", ApiTransport.Json.Pod, ct);

    /// <summary>The short states of several instances; an unknown id has no row.</summary>
    /// <param name="ids">Their ids.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<PodStatus>> GetPodStatusesAsync(
        IEnumerable<string> ids,
        CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var query = new QueryString().Add("pod_ids", ids);
        return (await _api.GetAsync($"pods/status{query}", ApiTransport.Json.PodStatusList, ct)).Data;
    }

    /// <summary>Ends an instance. Its network disks live on.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    /// <returns>The status stored when the server answered, mostly DELETING.</returns>
    public Task<StatusOnly> DeletePodAsync(string id, CancellationToken ct = default) =>
        _api.DeleteAsync($"pods/{ApiTransport.Segment(id)}", ApiTransport.Json.StatusOnly, ct);

    /// <summary>
    /// The instances that have ended, with what they cost, read page by page. Current ones are not among them.
    /// </summary>
    /// <param name="order">What comes first.</param>
    /// <param name="pageSize">Rows a request, 1 to 100.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<PodHistoryEntry> ListPodHistoryAsync(
        PodHistoryOrder order = PodHistoryOrder.LastTerminatedFirst,
        int pageSize = 100,
        CancellationToken ct = default)
    {
        var (by, direction) = order switch
        {
            PodHistoryOrder.LastTerminatedFirst => ("terminatedAt", "desc"),
            PodHistoryOrder.FirstTerminatedFirst => ("terminatedAt", "asc"),
            PodHistoryOrder.LastCreatedFirst => ("createdAt", "desc"),
            PodHistoryOrder.FirstCreatedFirst => ("createdAt", "asc"),
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "No such order."),
        };
        return Paging.WalkAsync(
            async (position, token) =>
            {
                var query = OffsetQuery(position.Offset, pageSize).Add("sort_by", by).Add("sort_order", direction);
                var answer = ApiTransport.Json.ListPagePodHistoryEntry;
                return PageOf(await _api.GetAsync($"pods/history{query}", answer, token));
            },
            entry => entry.Id,
            ct);
    }

    /// <summary>The last lines that an instance's main process wrote, oldest first, joined by line feeds.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="tail">Lines at most, at least 1.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<string> GetPodLogAsync(string id, int tail = 100, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tail);
        var query = new QueryString().Add("tail", tail);
        return (await _api.GetAsync($"pods/{ApiTransport.Segment(id)}/log{query}", ApiTransport.Json.PodLog, ct)).Data;
    }

    private static Paging.Page<T> PageOf<T>(ListPage<T> page) => new(page.Data, page.Limit, page.TotalCount);
}

/// <summary>What comes first in the history of instances (contract 6.3: sort_by and sort_order).</summary>
public enum PodHistoryOrder
{
    /// <summary>The instance that ended last.</summary>
    LastTerminatedFirst,

    /// <summary>The instance that ended first.</summary>
    FirstTerminatedFirst,

    /// <summary>The newest instance.</summary>
    LastCreatedFirst,

    /// <summary>The oldest instance.</summary>
    FirstCreatedFirst,
}
