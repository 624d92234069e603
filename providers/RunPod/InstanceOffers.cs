using Microsoft.Extensions.Logging;
using Mooring.Providers.Instances;

namespace Mooring.Providers.RunPod;

/// <summary>Which pods can be had where, and at what price: one answer of the catalogue a number of GPUs.</summary>
internal sealed partial class InstanceOffers(RunPodApi api, RunPodOptions options, ILogger logger)
{
    public async Task<IReadOnlyList<InstanceOffer>> ListAsync(CancellationToken ct)
    {
        var regions = (await api.ListDataCentersAsync(ct)).ToDictionary(one => one.Id, one => one.Region);
        List<InstanceOffer> offers = [];
        foreach (var count in options.GpuCounts)
        {
            offers.AddRange(
                from listed in await api.ListGpusAsync(count, ct)
                where listed.Secure && (listed.MaxCount?.Secure is not { } most || most >= count)
                let gpu = Known(listed)
                where gpu is not null && listed.Price?.Secure is >= 0 and < 100_000
                from place in (listed.DataCenters ?? []).OfType<GpuDataCenter>()
                where DataCenters.IsId(place.Id)
                select OfferOf(gpu, count, listed.Price!.Secure!.Value, place, regions.GetValueOrDefault(place.Id)));
        }

        return [.. offers.DistinctBy(offer => (offer.CloudId, offer.Place.DataCenter))];
    }

    private Gpu? Known(CatalogGpu listed)
    {
        var gpu = Gpus.Find(listed.Id);
        if (gpu is null)
        {
            LogUnknownGpu(logger, listed.Id);
        }

        return gpu;
    }

    private InstanceOffer OfferOf(Gpu gpu, int count, decimal usdPerGpu, GpuDataCenter place, string? region) => new(
        Gpus.CloudIdOf(gpu, count),
        gpu.Type,
        gpu.Id,
        count,
        gpu.MemoryGiB,
        gpu.Socket,
        DataCenters.PlaceOf(place.Id, region),
        options.VcpusPerGpu * count,
        options.MemoryGiBPerGpu * count,
        options.ContainerDiskGb,
        "Wiped when the pod stops; RunPod charges for it beside this price.",
        Money.FromUsd(decimal.Round(usdPerGpu, 12)) * count,
        StockOf(place.Availability),
        Security.SecureCloud,
        [.. options.Images.Keys.Order(StringComparer.Ordinal)],
        InternetSpeedMbps: null);

    private static Stock StockOf(string? availability) => availability switch
    {
        "NONE" => Stock.Unavailable,
        "LOW" => Stock.Low,
        "MEDIUM" => Stock.Medium,
        "HIGH" => Stock.High,
        _ => Stock.Available,
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "The contract has no name for {Gpu}: not offered")]
    private static partial void LogUnknownGpu(ILogger logger, string gpu);
}
