using Mooring.Contract.V1;

namespace Mooring.Client;

public sealed partial class MooringClient
{
    /// <summary>All disks that the key may see and that are not TERMINATED, newest first, read page by page.</summary>
    /// <param name="pageSize">Rows a request, 1 to 200 (contract 13, D5); the server refuses more.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<Disk> ListDisksAsync(int pageSize = 200, CancellationToken ct = default) =>
        Paging.WalkAsync(
            async (position, token) =>
            {
                var page = await ListDisksPageAsync(position.Offset, pageSize, token);
                return new Paging.Page<Disk>(page.Data, page.Limit, page.TotalCount);
            },
            disk => disk.Id,
            ct);

    /// <summary>One page of the disks.</summary>
    /// <param name="offset">Rows to pass over, at least 0.</param>
    /// <param name="limit">Rows at most, 1 to 200.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<DiskList> ListDisksPageAsync(int offset, int limit, CancellationToken ct = default) =>
        _api.GetAsync($"disks/{OffsetQuery(offset, limit)}", ApiTransport.Json.DiskList, ct);

    /// <summary>Creates a disk; the answer's status is PROVISIONING (contract 4.2).</summary>
    /// <param name="request">What and where, from an offer of <see cref="ListDiskOffersAsync"/>.</param>
    /// <param name="idempotencyKey">
    /// Makes a repetition within 24 hours answer the same disk instead of making another; null for one of this call's
    /// own, as every other creating call has.
    /// </param>
    /// <param name="ct">Ends the call; the disk may have been made nonetheless.</param>
    public Task<Disk> CreateDiskAsync(
        CreateDiskRequest request,
        string? idempotencyKey = null,
        CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Post,
            "disks/",
            request,
            ApiTransport.Json.CreateDiskRequest,
            ApiTransport.Json.Disk,
            idempotencyKey,
            ct);

    /// <summary>A disk, TERMINATED ones included.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Disk> GetDiskAsync(string id, CancellationToken ct = default) =>
        _api.GetAsync($"disks/{ApiTransport.Segment(id)}", ApiTransport.Json.Disk, ct);

    /// <summary>Gives a disk another name.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="name">1 to 255 characters.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<RenamedDisk> RenameDiskAsync(string id, string name, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Patch,
            $"disks/{ApiTransport.Segment(id)}",
            new RenameDiskRequest { Name = name },
            ApiTransport.Json.RenameDiskRequest,
            ApiTransport.Json.RenamedDisk,
            idempotencyKey: null,
            ct);

    /// <summary>Deletes a disk and all its data, for good. Refused with 409 while an instance holds it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    /// <returns>TERMINATED, or DELETING where the server is not done yet.</returns>
    public Task<StatusOnly> DeleteDiskAsync(string id, CancellationToken ct = default) =>
        _api.DeleteAsync($"disks/{ApiTransport.Segment(id)}", ApiTransport.Json.StatusOnly, ct);

    private static QueryString OffsetQuery(int offset, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return new QueryString().Add("offset", offset).Add("limit", limit);
    }
}
