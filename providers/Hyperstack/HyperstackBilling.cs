using Mooring.Providers.Billing;

namespace Mooring.Providers.Hyperstack;

/// <summary>
/// What the cloud charges, a day at a time (vendor docs, "Billing history"):
/// <c>{"status": true, "billing_history_volume": {"org_id": 7, "billing_history": [{"attributes": {"id": "0b9f…",
/// "infrahub_id": 8429, "resource_name": "a"}, "metrics": {"incurred_bill": 0.01, "price_per_hour": 0.3,
/// "usage_time": 163}}], "total_count": 1, "page": 1, "per_page": 100}}</c>
/// </summary>
internal sealed class HyperstackBilling(HyperstackClient client, int pageSize) : IProviderBilling
{
    private const int PagesMax = 10_000;

    public async Task<IReadOnlyList<Charge>> ListChargesAsync(DateOnly day, CancellationToken ct)
    {
        var volumes = await ReadAllAsync(async page => (await client.ReadAsync(
            PathOf("volume", day, page), WireJson.Default.VolumeBillAnswer, ct)).BillingHistoryVolume);
        var machines = await ReadAllAsync(async page => (await client.ReadAsync(
            PathOf("virtual-machine", day, page), WireJson.Default.MachineBillAnswer, ct)).BillingHistoryVm);
        return [.. Of(ChargedKind.Disk, volumes), .. Of(ChargedKind.Instance, machines)];
    }

    // Times without a zone are UTC (assumed). Whether the end belongs to the time does not matter to what accrues.
    private string PathOf(string things, DateOnly day, int page) => FormattableString.Invariant(
        $"billing/billing/history/{things}?start_date={day:yyyy-MM-dd}T00:00:00")
        + FormattableString.Invariant(
            $"&end_date={day.AddDays(1):yyyy-MM-dd}T00:00:00&page={page}&per_page={pageSize}");

    /// <summary>
    /// Page after page until a short one, as <see cref="Listing{T}"/> does. But here each page says how many lines
    /// there are in all: if that changes on the way, or lines came twice and others not at all, the bill is not whole.
    /// A line that is lost is money, and one that comes twice is too.
    /// </summary>
    private async Task<IReadOnlyCollection<BillLine>> ReadAllAsync(Func<int, Task<WireBill?>> readPage)
    {
        HashSet<(string?, long)> seen = [];
        List<BillLine> lines = [];
        long? total = null;
        for (var number = 1; number <= PagesMax; number++)
        {
            var page = await readPage(number);
            if (page is not { BillingHistory: { } items, TotalCount: >= 0 and var count })
            {
                throw HyperstackErrors.OfNonsense(changes: false);
            }

            if (count != (total ??= count))
            {
                throw Drifting();
            }

            var before = lines.Count;
            foreach (var item in items)
            {
                var line = Read(item);
                if (seen.Add((line.Line, line.Id)))
                {
                    lines.Add(line);
                }
            }

            // The largest page is not documented: what a full one is, the answer says. A page without anything new ends
            // it too: a cloud that takes no notice of page numbers would give the same one for ever.
            var full = page.PerPage is > 0 and var size && size < pageSize ? size : pageSize;
            if (items.Count < full || lines.Count == before)
            {
                return lines.Count == total ? lines : throw Drifting();
            }
        }

        throw new UnreachableException("Hyperstack's bill does not end.");
    }

    private static BillLine Read(WireBillLine? line) =>
        line is { Attributes: { InfrahubId: { } id } of, Metrics.IncurredBill: { } usd }
            ? new BillLine(of.Id, id, of.ResourceName, usd)
            : throw HyperstackErrors.OfNonsense(changes: false);

    private static IEnumerable<Charge> Of(ChargedKind kind, IEnumerable<BillLine> lines) =>
        from line in lines
        group line by line.Id into thing
        select Charge.Sum(kind, Told.IdOf(thing.Key), thing.First().Name, thing.Select(line => line.Usd)) into charge
        where charge.Amount != Money.Zero
        select charge;

    private static UnreachableException Drifting() =>
        new("Hyperstack's bill changed while it was read, or is not whole.");

    /// <summary>A line of a bill.</summary>
    /// <param name="Line">The cloud's id of the line's thing behind the API, as far as it says one.</param>
    /// <param name="Id">The thing's id as all other calls have it.</param>
    /// <param name="Name">The thing's name.</param>
    /// <param name="Usd">USD.</param>
    private sealed record BillLine(string? Line, long Id, string? Name, decimal Usd);
}
