using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Client;

// What is at providers and in no record. All of it needs the section admin.
public sealed partial class MooringClient
{
    /// <summary>What providers' last lists have and the records have not, or have otherwise.</summary>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<InventoryFinding>> ListInventoryAsync(CancellationToken ct = default) =>
        (await _api.GetAsync($"{Native}inventory", ApiTransport.Json.InventoryList, ct)).Data;

    /// <summary>Makes an orphan a disk of the caller's, with its data, billed from now on.</summary>
    /// <param name="request">Which, and under what name and price.</param>
    /// <param name="ct">Ends the call; the orphan may have been adopted nonetheless.</param>
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
