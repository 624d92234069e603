using System.CommandLine;
using Mooring.Cli.Completion;
using Mooring.Cli.Output;
using Mooring.Client;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.Availability;

/// <summary><c>mooring availability gpus</c>.</summary>
internal sealed class GpuOffersCommand : ServerCommand
{
    private readonly Option<string?> _type = new("--gpu-type")
    {
        Description = "Only with this type of GPU; CPU_NODE for none.",
        HelpName = "TYPE",
    };

    private readonly Option<int?> _count = new("--gpu-count")
    {
        Description = "Only with this many GPUs.",
        HelpName = "N",
    };

    private readonly Option<string[]> _disks = new("--disk")
    {
        Description = "Only where this disk can be attached, by id or name; may be given several times.",
        HelpName = "DISK",
    };

    private readonly Option<bool> _multiNode = new("--multi-node")
    {
        Description = "Clusters of several nodes in place of single instances.",
    };

    private readonly PlaceFilters _filters;

    public GpuOffersCommand(Common common)
        : base(
            common,
            "gpus",
            "List what instances can be had, with or without GPUs, and at what price.",
            "mooring availability gpus",
            "mooring availability gpus --disk training-data",
            "mooring availability gpus --gpu-type H100_80GB --gpu-count 8 -o json")
    {
        Wish.For(_disks, Kind.Disks);
        Options.Add(_type);
        Options.Add(_count);
        Options.Add(_disks);
        Options.Add(_multiNode);
        _filters = new PlaceFilters(this);
        AddCommonOptions();
    }

    public static Table<GpuOffer> Table { get; } = new(
        new Column<GpuOffer>("OFFER", ShortId.Of),
        new Column<GpuOffer>("GPUS", Gpus) { WidthMin = 8 },
        new Column<GpuOffer>("VCPUS", offer => $"{offer.Vcpu.DefaultCount}") { IsRight = true },
        new Column<GpuOffer>("MEMORY", offer => $"{offer.Memory.DefaultCount} GB") { IsRight = true },
        new Column<GpuOffer>("PROVIDER", offer => offer.Provider) { WidthMin = 8, LeftOut = 4 },
        new Column<GpuOffer>("CLOUD ID", offer => offer.CloudId) { WidthMin = 8, LeftOut = 3 },
        new Column<GpuOffer>("DATA CENTER", offer => offer.DataCenter) { WidthMin = 11 },
        new Column<GpuOffer>("COUNTRY", offer => offer.Country) { LeftOut = 1 },
        new Column<GpuOffer>("USD/H", Price) { IsRight = true },
        new Column<GpuOffer>("STOCK", offer => offer.StockStatus),
        new Column<GpuOffer>("IMAGES", offer => string.Join(",", offer.Images)) { WidthMin = 8, LeftOut = 2 });

    protected override async Task<int> RunAsync(Call call)
    {
        var disks = new List<string>();
        foreach (var disk in call.Value(_disks) ?? [])
        {
            disks.Add(await Naming.DiskAsync(call, disk));
        }

        var filter = new GpuOfferFilter
        {
            Regions = _filters.Regions(call),
            DataCenterId = _filters.DataCenter(call),
            CloudId = _filters.CloudId(call),
            GpuType = call.Value(_type),
            GpuCount = call.Value(_count),
            Disks = disks,
        };
        var offers = await (call.Value(_multiNode)
            ? call.Client.ListMultiNodeOffersAsync(filter, call.Ct)
            : call.Client.ListGpuOffersAsync(filter, call.Ct)).ToListAsync(call.Ct);
        call.Printer.Rows(offers, Printer.Json.GpuOffer, Table, "No instances can be had there now.");
        return ExitCode.Done;
    }

    private static string Gpus(GpuOffer offer) =>
        offer.GpuType == "CPU_NODE" ? "none" : $"{offer.GpuCount}x {offer.GpuType} {offer.Socket}";

    private static string Price(GpuOffer offer) =>
        OfferChoice.PriceHr(offer) is < decimal.MaxValue and var price
            ? Words.Price(price) + (offer.Prices.Currency == "USD" ? "" : $" {offer.Prices.Currency}")
            : "-";
}
