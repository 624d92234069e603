using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Client;

// What is at providers and in no record. All of it needs the section admin.
public sealed partial class MooringClient
{
    private const int InventoryPage = 1_000;

    /// <summary>
    /// What providers' last lists have and the records have not, or have otherwise, read page by page.
    /// </summary>
    /// <param name="all">Whether to list what others made in the accounts as well.</param>
    /// <param name="ct">Ends the walk.</param>
    public async Task<IReadOnlyList<InventoryFinding>> ListInventoryAsync(
        bool all = false, CancellationToken ct = default) =>
        await Paging.WalkAsync(
            async (position, token) =>
            {
                var route = $"{Native}inventory{OffsetQuery(position.Offset, InventoryPage)}{(all ? "&all=true" : "")}";
                var page = await _api.GetAsync(route, ApiTransport.Json.InventoryList, token);
                return new Paging.Page<InventoryFinding>(page.Data, InventoryPage, page.TotalCount);
            },
            finding => (finding.Kind, finding.ProviderAccountId, finding.Name, finding.RemoteId),
            ct).ToListAsync(ct);

    /// <summary>
    /// Makes an orphan, or what somebody else made, a disk of the caller's, with its data, billed from now on.
    /// </summary>
    /// <param name="request">Which, and under what name and price.</param>
    /// <param name="ct">Ends the call; it may have been adopted nonetheless.</param>
    public Task<Disk> AdoptOrphanAsync(AdoptRequest request, CancellationToken ct = default) => _api.SendAsync(
        HttpMethod.Post,
        $"{Native}inventory/adopt",
        request,
        ApiTransport.Json.AdoptRequest,
        ApiTransport.Json.Disk,
        idempotencyKey: null,
        ct);

    /// <summary>Has an orphan deleted at its provider, and its data with it.</summary>
    /// <param name="request">Which.</param>
    /// <param name="ct">Ends the call; the delete may have been accepted nonetheless.</param>
    public Task<Intervention> DeleteOrphanAsync(DeleteOrphanRequest request, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Post,
            $"{Native}inventory/delete",
            request,
            ApiTransport.Json.DeleteOrphanRequest,
            ApiTransport.Json.Intervention,
            idempotencyKey: null,
            ct);
}
