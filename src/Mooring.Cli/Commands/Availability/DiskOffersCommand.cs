using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Client;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.Availability;

/// <summary><c>mooring availability disks</c>.</summary>
internal sealed class DiskOffersCommand : ServerCommand
{
    private readonly PlaceFilters _filters;

    public DiskOffersCommand(Common common)
        : base(
            common,
            "disks",
            "List where disks can be had, and at what price.",
            "mooring availability disks",
            "mooring availability disks --region canada --region eu_west",
            "mooring availability disks --data-center US-1 -o json")
    {
        _filters = new PlaceFilters(this);
        AddCommonOptions();
    }

    public static Table<DiskOffer> Table { get; } = new(
        new Column<DiskOffer>("OFFER", ShortId.Of),
        new Column<DiskOffer>("PROVIDER", offer => offer.Provider) { WidthMin = 8 },
        new Column<DiskOffer>("CLOUD ID", offer => offer.CloudId) { WidthMin = 8 },
        new Column<DiskOffer>("DATA CENTER", offer => offer.DataCenter) { WidthMin = 11 },
        new Column<DiskOffer>("COUNTRY", offer => offer.Country) { LeftOut = 2 },
        new Column<DiskOffer>("REGION", offer => offer.Region) { LeftOut = 1 },
        new Column<DiskOffer>("GB", offer => Range(offer.Spec)) { IsRight = true },
        new Column<DiskOffer>("USD/GB/H", offer => Words.Price(offer.Spec.PricePerUnit)) { IsRight = true },
        new Column<DiskOffer>("STOCK", offer => offer.StockStatus),
        new Column<DiskOffer>("HOLDERS", offer => offer.IsMultinode ? "several" : "one") { LeftOut = 3 });

    protected override async Task<int> RunAsync(Call call)
    {
        var filter = new DiskOfferFilter
        {
            Regions = _filters.Regions(call),
            DataCenterId = _filters.DataCenter(call),
            CloudId = _filters.CloudId(call),
        };
        var offers = await call.Client.ListDiskOffersAsync(filter, call.Ct).ToListAsync(call.Ct);
        call.Printer.Rows(offers, Printer.Json.DiskOffer, Table, "No disks can be had there now.");
        return ExitCode.Done;
    }

    private static string Range(Spec spec) => $"{Math.Max(1, spec.MinCount ?? 1)}–{spec.MaxCount?.ToString() ?? "…"}";
}

/// <summary>The filters that both kinds of offers have (contract 5.1).</summary>
internal sealed class PlaceFilters
{
    private readonly Option<string[]> _regions = new("--region")
    {
        Description = "Only in this region; may be given several times.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _dataCenter = new("--data-center")
    {
        Description = "Only in this data center.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _cloudId = new("--cloud-id")
    {
        Description = "Only with this cloud id.",
        HelpName = "ID",
    };

    public PlaceFilters(Command command)
    {
        command.Options.Add(_regions);
        command.Options.Add(_dataCenter);
        command.Options.Add(_cloudId);
    }

    public IReadOnlyList<string>? Regions(Call call) =>
        call.Value(_regions) is { Length: > 0 } regions ? regions : null;

    public string? DataCenter(Call call) => call.Value(_dataCenter);

    public string? CloudId(Call call) => call.Value(_cloudId);
}
