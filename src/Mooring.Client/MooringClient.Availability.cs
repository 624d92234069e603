using System.Text.Json.Serialization.Metadata;
using Mooring.Contract.V1;
using GpuSummary = System.Collections.Generic.IReadOnlyDictionary<
    string,
    System.Collections.Generic.IReadOnlyDictionary<
        string,
        System.Collections.Generic.IReadOnlyDictionary<string, Mooring.Contract.V1.SummaryPrice>>>;

namespace Mooring.Client;

public sealed partial class MooringClient
{
    // The most that a page may hold (contract 5.1).
    private const int OfferPageSize = 100;

    /// <summary>Places and prices where a disk can be had, read page by page.</summary>
    /// <param name="filter">Null for all.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<DiskOffer> ListDiskOffersAsync(
        DiskOfferFilter? filter = null,
        CancellationToken ct = default) =>
        WalkOffersAsync(
            "disks",
            // The bare array is the route's default form, and has no total (contract 13, D2).
            () => new QueryString()
                .Add("envelope", "true")
                .Add("regions", filter?.Regions)
                .Add("data_center_id", filter?.DataCenterId)
                .Add("cloud_id", filter?.CloudId),
            ApiTransport.Json.OfferPageDiskOffer,
            // What makes an offer one offer (contract 14.6).
            offer => (
                offer.Provider,
                offer.CloudId,
                offer.DataCenter,
                offer.Country,
                offer.Region,
                offer.Spec.DefaultCount),
            ct);

    /// <summary>Instances that can be had, read page by page.</summary>
    /// <param name="filter">Null for all.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<GpuOffer> ListGpuOffersAsync(
        GpuOfferFilter? filter = null,
        CancellationToken ct = default) =>
        WalkGpuOffersAsync("gpus", filter, ct);

    /// <summary>Clusters of several nodes that can be had, read page by page.</summary>
    /// <param name="filter">Null for all.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<GpuOffer> ListMultiNodeOffersAsync(
        GpuOfferFilter? filter = null,
        CancellationToken ct = default) => WalkGpuOffersAsync("multi-node", filter, ct);

    /// <summary>
    /// The cheapest prices: by GPU type, then by GPU count in decimal digits, then by <c>cheapest</c> or a region's
    /// name (contract 5.3). The value under <c>cheapest</c> may be null.
    /// </summary>
    /// <param name="ct">Ends the call.</param>
    public Task<GpuSummary> GetGpuSummaryAsync(CancellationToken ct = default) => GetSummaryAsync("gpu-summary", ct);

    /// <summary>The same for clusters of several nodes.</summary>
    /// <param name="ct">Ends the call.</param>
    public Task<GpuSummary> GetMultiNodeSummaryAsync(CancellationToken ct = default) =>
        GetSummaryAsync("multi-node-summary", ct);

    private Task<GpuSummary> GetSummaryAsync(string route, CancellationToken ct) => _api.GetAsync(
        $"availability/{route}",
        (JsonTypeInfo<GpuSummary>)ApiTransport.Json.GetTypeInfo(typeof(GpuSummary))!,
        ct);

    private IAsyncEnumerable<GpuOffer> WalkGpuOffersAsync(string route, GpuOfferFilter? filter, CancellationToken ct) =>
        WalkOffersAsync(
            route,
            () => new QueryString()
                .Add("regions", filter?.Regions)
                .Add("data_center_id", filter?.DataCenterId)
                .Add("cloud_id", filter?.CloudId)
                .Add("gpu_count", filter?.GpuCount)
                .Add("gpu_type", filter?.GpuType)
                .Add("socket", filter?.Socket)
                .Add("security", filter?.Security)
                .Add("disks", filter?.Disks),
            ApiTransport.Json.OfferPageGpuOffer,
            // The lists of image names are compared by reference, and no part of which offer it is.
            offer => offer with { Images = [] },
            ct);

    private IAsyncEnumerable<T> WalkOffersAsync<T, TKey>(
        string route,
        Func<QueryString> filter,
        JsonTypeInfo<OfferPage<T>> answer,
        Func<T, TKey> key,
        CancellationToken ct) =>
        Paging.WalkAsync(
            async (position, token) =>
            {
                var query = filter().Add("page", position.PageNumber).Add("page_size", OfferPageSize);
                var page = await _api.GetAsync($"availability/{route}{query}", answer, token);
                return new Paging.Page<T>(page.Items, OfferPageSize, page.TotalCount);
            },
            key,
            ct);
}
