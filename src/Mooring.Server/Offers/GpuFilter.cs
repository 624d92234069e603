using Microsoft.AspNetCore.Http;
using Mooring.Server.Hosts;
using Mooring.Server.Http;

namespace Mooring.Server.Offers;

/// <summary>The filters of GET <c>/availability/gpus</c> and <c>/multi-node</c> (contract 5.2).</summary>
internal sealed record GpuFilter(
    IReadOnlyList<string> Regions,
    string? DataCenter,
    string? CloudId,
    int? GpuCount,
    string? GpuType,
    string? Socket,
    string? Security,
    IReadOnlyList<string> Disks)
{
    private const int DisksAtMost = 100;

    /// <summary>What it reads.</summary>
    public static readonly QueryParameter[] Parameters =
    [
        .. AvailabilityEndpoints.PlaceParameters,
        QueryParameter.Number("gpu_count", "Only offers with so many GPUs, 1 or more."),
        QueryParameter.OneOf("gpu_type", GpuTypes.All, "Only offers with this GPU."),
        QueryParameter.OneOf("socket", KnownValues.Sockets, "Only offers with this GPU socket."),
        QueryParameter.OneOf("security", KnownValues.Securities, "Only offers of this kind of place."),
        QueryParameter.Text(
            "disks",
            "A disk's id: only offers at its provider and in its data center. May be given several times, and is then "
            + "about all of them.").Repeated(),
    ];

    public static GpuFilter From(HttpContext context)
    {
        var query = new Query(context);
        var filter = new GpuFilter(
            query.ManyOf("regions", KnownValues.Regions),
            query.Text("data_center_id"),
            query.Text("cloud_id"),
            query.NumberOrNull("gpu_count", 1, int.MaxValue),
            query.OneOf("gpu_type", GpuTypes.All),
            query.OneOf("socket", KnownValues.Sockets),
            query.OneOf("security", KnownValues.Securities),
            query.Many("disks", DisksAtMost));
        query.Throw();
        return filter;
    }

    public bool Admits(OfferedInstance offered)
    {
        var offer = offered.Offer;
        return (Regions.Count == 0 || Regions.Contains(offer.Place.Region))
            && (DataCenter is null || offer.Place.DataCenter == DataCenter)
            && (CloudId is null || offer.CloudId == CloudId)
            && (GpuCount is null || offer.GpuCount == GpuCount)
            && (GpuType is null || offer.GpuType == GpuType)
            && (Socket is null || offer.Socket == Socket)
            && (Security is null || offer.Security.ToWire() == Security);
    }
}
