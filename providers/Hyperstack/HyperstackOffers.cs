using Microsoft.Extensions.Logging;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Hyperstack;

/// <summary>
/// What the cloud offers now, in the contract's words. What has no price or no name there is left out.
/// </summary>
internal sealed class HyperstackOffers(HyperstackClient client, HyperstackOptions options, ILogger log)
{
    private const int GpusMax = 64;
    private const decimal SizeMax = 1_000_000;

    public async Task<IReadOnlyList<DiskOffer>> ListDisksAsync(CancellationToken ct)
    {
        var regions = await ReadRegionsAsync(ct);
        var types = (await client.ReadAsync("core/volume-types", WireJson.Default.VolumeTypesAnswer, ct)).VolumeTypes
            ?? throw HyperstackErrors.OfNonsense(changes: false);
        var prices = await ReadPricesAsync(ct);
        List<DiskOffer> offers = [];
        foreach (var type in types.Where(Told.IsPlain).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if ((prices.Find(type) ?? PriceBook.InOptions(options.VolumePrices, type)) is not { } price)
            {
                HyperstackLog.NoPrice(log, "volume type", type);
                continue;
            }

            offers.AddRange(regions.Select(place => new DiskOffer(
                type,
                place,
                price,
                MinSizeGiB: 1,
                HyperstackDisks.SizeGiBMax,
                StepGiB: 1,
                IsMultinode: false,
                // There is no way to ask how much there is.
                Stock.Available,
                Security.SecureCloud,
                Pool: null,
                AdditionalInfo: null)));
        }

        return offers;
    }

    public async Task<IReadOnlyList<InstanceOffer>> ListInstancesAsync(CancellationToken ct)
    {
        var regions = await ReadRegionsAsync(ct);
        var prices = await ReadPricesAsync(ct);
        var stock = new StockBook(
            (await client.ReadAsync("core/stocks", WireJson.Default.StocksAnswer, ct)).Stocks
            ?? throw HyperstackErrors.OfNonsense(changes: false));
        List<InstanceOffer> offers = [];
        foreach (var place in regions)
        {
            var answer = await client.ReadAsync(
                $"core/flavors?region={Uri.EscapeDataString(place.DataCenter!)}", WireJson.Default.FlavorsAnswer, ct);
            var groups = answer.Data ?? throw HyperstackErrors.OfNonsense(changes: false);
            offers.AddRange(
                from flavor in groups.SelectMany(one => one?.Flavors ?? [])
                where flavor is not null && (flavor.RegionName is null || flavor.RegionName == place.DataCenter)
                let offer = OfferOf(flavor, place, prices, stock)
                where offer is not null
                select offer);
        }

        return [.. offers.DistinctBy(offer => (offer.CloudId, offer.Place.DataCenter))];
    }

    private InstanceOffer? OfferOf(WireFlavor flavor, Place place, PriceBook prices, StockBook stock)
    {
        var model = flavor.Gpu?.Trim() ?? "";
        var count = model.Length == 0 ? 1 : flavor.GpuCount ?? 0;
        var gpu = model.Length == 0 ? new Gpu("CPU_NODE", 0, "PCIe") : Gpus.Find(model);
        if (gpu is null)
        {
            HyperstackLog.UnknownGpu(log, model);
            return null;
        }

        if (!Told.IsPlain(flavor.Name) || count is < 1 or > GpusMax || !HasSense(flavor))
        {
            return null;
        }

        // A GPU's row is a price for each; a flavor without one has a row of its own.
        if (prices.Find(model.Length == 0 ? flavor.Name! : model) is not { } each)
        {
            HyperstackLog.NoPrice(log, "flavor", flavor.Name!);
            return null;
        }

        return new InstanceOffer(
            flavor.Name!,
            gpu.Type,
            model.Length == 0 ? null : model,
            count,
            gpu.MemoryGiB,
            gpu.Socket,
            place,
            (int)flavor.Cpu!,
            (int)flavor.Ram!,
            (int)flavor.Disk!,
            flavor.Ephemeral is >= 1
                ? $"Beside it there are {(int)flavor.Ephemeral} GB that are lost when it is hibernated or deleted."
                : null,
            each * count,
            flavor.StockAvailable == false ? Stock.Unavailable : stock.Of(place.DataCenter!, model, count),
            Security.SecureCloud,
            [.. options.Images.Keys],
            InternetSpeedMbps: null);
    }

    private static bool HasSense(WireFlavor flavor) => flavor is
    {
        Cpu: >= 1 and < SizeMax,
        Ram: >= 1 and < SizeMax,
        Disk: >= 1 and < SizeMax,
        Ephemeral: null or (>= 0 and < SizeMax),
    };

    private async Task<IReadOnlyList<Place>> ReadRegionsAsync(CancellationToken ct)
    {
        var answer = await client.ReadAsync("core/regions", WireJson.Default.RegionsAnswer, ct);
        var regions = answer.Regions ?? throw HyperstackErrors.OfNonsense(changes: false);
        List<Place> places = [];
        foreach (var region in regions.Where(one => Regions.IsName(one?.Name)).DistinctBy(one => one.Name))
        {
            places.Add(Regions.PlaceOf(region.Name!, region.Country));
            if (places[^1].Region is null)
            {
                HyperstackLog.UnknownRegion(log, region.Name!);
            }
        }

        return places;
    }

    private async Task<PriceBook> ReadPricesAsync(CancellationToken ct) =>
        new(await client.ReadAsync("pricebook", WireJson.Default.WirePriceArray, ct));
}
