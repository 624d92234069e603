using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Audit;
using Mooring.Server.Disks;
using Mooring.Server.Http;
using Mooring.Server.Offers;
using Mooring.Server.Pods;

namespace Mooring.Server.Inventory;

/// <summary><c>/api/mooring/v1/inventory</c>: what is at providers and not, or not so, in the records.</summary>
internal static class InventoryEndpoints
{
    // What all disks of a wallet cost together is kept in 64 bits: room for thousands of the dearest.
    private const decimal PriceAtMost = 1_000;
    private const int PriceDigits = 12;
    private const int RowsAtMost = 1_000;

    public static IEndpointRouteBuilder MapInventory(this IEndpointRouteBuilder routes)
    {
        var inventory = routes.MapGroup("/api/mooring/v1/inventory").RequirePermission(Section.Admin);
        inventory.MapGet("/", List)
            .Describe("listInventory", "What providers' last lists have and the records have not, or have otherwise.")
            .WithQuery(
            [
                QueryParameter.Flag(
                    "all", "Whether to list what others made in the accounts as well; false by default."),
                .. QueryParameter.Slice(RowsAtMost, RowsAtMost),
            ]);
        inventory.MapPost("/adopt", AdoptAsync).Creates()
            .Describe(
                "adoptOrphan",
                "Makes an orphan, or what somebody else made, a disk of yours, with its data, billed from now on.")
            .Refuses(
                typeof(OrphanNotFound),
                typeof(OrphanHasNoPrice),
                typeof(ForeignDiskNotFound),
                typeof(ForeignDiskIsAdopted),
                typeof(ForeignDisksNotKnown));
        inventory.MapPost("/delete", DeleteAsync)
            .Describe("deleteOrphan", "Has an orphan ended and deleted at its provider; a disk's data goes with it.")
            .Refuses(typeof(OrphanNotFound), typeof(ForeignDiskIsAdopted));
        return routes;
    }

    private static Answer<InventoryList> List(
        HttpContext context, Findings findings, Adoption adoption, ProviderRegistry providers)
    {
        var query = new Query(context);
        var withForeign = query.Flag("all") is true;
        query.Throw();
        var slice = Slice.From(context, RowsAtMost, RowsAtMost);
        var all = findings.All(withForeign);
        return new InventoryList(
        [
            .. all.Skip(slice.Offset).Take(slice.Limit).Select(one => new InventoryFinding
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
        ],
        all.Count);
    }

    private static async Task<Answer<Contract.V1.Disk>> AdoptAsync(
        JsonBody<AdoptRequest> body, Caller caller, Once once, Adoption adoption, CancellationToken ct)
    {
        var request = body.Value;
        var faults = new Faults();
        faults.Check(request.ProviderAccountId is { Length: > 0 }, "body.providerAccountId", "is required");
        faults.Check(
            request.Name is { Length: > 0 } != request.RemoteId is { Length: > 0 },
            "body.name",
            "either the name of an orphan is required, or 'remoteId' of what somebody else made, and not both");
        if (request.DiskName is { } name && TextRules.FaultOfName(name) is { } fault)
        {
            faults.Add("body.diskName", fault);
        }

        faults.Check(
            request.PriceHr is null or (>= 0 and <= PriceAtMost),
            "body.priceHr",
            $"must be between 0 and {PriceAtMost}, in USD per hour");
        faults.Check(
            request.PriceHr is not { } price || decimal.Round(price, PriceDigits) == price,
            "body.priceHr",
            $"must have {PriceDigits} digits after the point at the most");
        faults.Throw();
        var keep = once.Keep<Disks.Disk, Contract.V1.Disk>(
            Created, _ => ChangeWords.OfRemote(request.ProviderAccountId!, request.RemoteId ?? request.Name!));
        var adopted = request.RemoteId is { Length: > 0 } remoteId
            ? await adoption.AdoptForeignAsync(
                request.ProviderAccountId!, remoteId, request.DiskName, request.PriceHr, caller, keep, ct)
            : await adoption.AdoptAsync(
                request.ProviderAccountId!, request.Name!, request.DiskName, request.PriceHr, caller, keep, ct);
        return adopted.Failed ? adopted.Error : Created(adopted.Value);
    }

    private static Answer<Contract.V1.Disk> Created(Disks.Disk disk) =>
        Answer<Contract.V1.Disk>.Created(DiskWire.OfNew(disk));

    private static async Task<Answer<Intervention>> DeleteAsync(
        JsonBody<DeleteOrphanRequest> body,
        Caller caller,
        Once once,
        Adoption adoption,
        OrphanInstances instances,
        CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(body.Value.ProviderAccountId is { Length: > 0 }, "body.providerAccountId", "is required");
        faults.Check(body.Value.Name is { Length: > 0 }, "body.name", "is required");
        faults.Throw();
        var (account, name) = (body.Value.ProviderAccountId!, body.Value.Name!);
        if (instances.Has(account, name))
        {
            var ending = await instances.DeleteAsync(
                account, name, caller, once.Keep<Pod, Intervention>(pod => Ending(name, pod), OfOrphan), ct);
            return ending.Failed ? ending.Error : Ending(name, ending.Value);
        }

        var adopted = await adoption.DeleteAsync(
            account, name, caller, once.Keep<Disks.Disk, Intervention>(disk => Deleting(name, disk), OfOrphan), ct);
        return adopted.Failed ? adopted.Error : Deleting(name, adopted.Value);

        string OfOrphan<T>(T _) => ChangeWords.OfRemote(account, name);
    }

    private static Intervention Ending(string name, Pod pod) => new(
        pod.Id.Value,
        pod.Status.ToWire(),
        [$"{name} is being ended at its provider; pod {pod.Id} shows how far."]);

    private static Intervention Deleting(string name, Disks.Disk disk) => new(
        disk.Id.Value,
        disk.Status.ToWire(),
        [$"{name} is being deleted at its provider; disk {disk.Id} shows how far."]);
}
