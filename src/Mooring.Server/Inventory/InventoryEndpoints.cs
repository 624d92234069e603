using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Disks;
using Mooring.Server.Http;
using Mooring.Server.Offers;

namespace Mooring.Server.Inventory;

/// <summary><c>/api/mooring/v1/inventory</c>: what is at providers and not, or not so, in the records.</summary>
internal static class InventoryEndpoints
{
    private const decimal PriceAtMost = 1_000_000;

    public static IEndpointRouteBuilder MapInventory(this IEndpointRouteBuilder routes)
    {
        var inventory = routes.MapGroup("/api/mooring/v1/inventory").RequirePermission(Section.Admin);
        inventory.MapGet("/", List)
            .Describe("listInventory", "What providers' last lists have and the records have not, or have otherwise.");
        inventory.MapPost("/adopt", AdoptAsync).Creates()
            .Describe("adoptOrphan", "Makes an orphan a disk of yours, with its data, billed from now on.")
            .Refuses(typeof(OrphanNotFound), typeof(OrphanHasNoPrice));
        inventory.MapPost("/delete", DeleteAsync)
            .Describe("deleteOrphan", "Has an orphan deleted at its provider, and its data with it.")
            .Refuses(typeof(OrphanNotFound));
        return routes;
    }

    private static Answer<InventoryList> List(Findings findings, Adoption adoption, ProviderRegistry providers) =>
        new InventoryList(
        [
            .. findings.All.Select(one => new InventoryFinding
            {
                Kind = one.Finding.Kind.ToWire(),
                ProviderAccountId = one.Finding.Provider.Value,
                ProviderType = providers.Find(one.Finding.Provider)?.Type ?? "",
                Name = one.Finding.Name,
                RemoteId = one.Finding.RemoteId,
                SizeGb = one.Finding.Kind == FindingKind.OrphanInstance ? null : (int)one.Finding.Size.WholeGiB,
                CostHr = one.Finding.Kind == FindingKind.OrphanInstance ? null : adoption.HourlyCost(one.Finding)?.Usd,
                Words = one.Finding.Words,
                FirstSeenAt = one.FirstSeenAt,
                ListedAt = one.ListedAt,
            }),
        ]);

    private static async Task<Answer<Contract.V1.Disk>> AdoptAsync(
        JsonBody<AdoptRequest> body, Caller caller, Adoption adoption, CancellationToken ct)
    {
        var request = body.Value;
        var faults = new Faults();
        CheckTarget(faults, request.ProviderAccountId, request.Name);
        if (request.DiskName is { } name && TextRules.FaultOfName(name) is { } fault)
        {
            faults.Add("body.diskName", fault);
        }

        faults.Check(
            request.PriceHr is null or (>= 0 and <= PriceAtMost),
            "body.priceHr",
            $"must be between 0 and {PriceAtMost}, in USD per hour");
        faults.Throw();
        var adopted = await adoption.AdoptAsync(
            request.ProviderAccountId!, request.Name!, request.DiskName, request.PriceHr, caller, ct);
        return adopted.Failed
            ? adopted.Error
            : Answer<Contract.V1.Disk>.Created(DiskWire.OfNew(adopted.Value));
    }

    private static async Task<Answer<Intervention>> DeleteAsync(
        JsonBody<DeleteOrphanRequest> body, Caller caller, Adoption adoption, CancellationToken ct)
    {
        var faults = new Faults();
        CheckTarget(faults, body.Value.ProviderAccountId, body.Value.Name);
        faults.Throw();
        var adopted = await adoption.DeleteAsync(body.Value.ProviderAccountId!, body.Value.Name!, caller, ct);
        return adopted.Failed
            ? adopted.Error
            : new Intervention(
                adopted.Value.Id.Value,
                adopted.Value.Status.ToWire(),
                [$"{body.Value.Name} is being deleted at its provider; disk {adopted.Value.Id} shows how far."]);
    }

    private static void CheckTarget(Faults faults, string? account, string? name)
    {
        faults.Check(account is { Length: > 0 }, "body.providerAccountId", "is required");
        faults.Check(name is { Length: > 0 }, "body.name", "is required");
    }
}
