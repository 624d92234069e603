using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Availability;

/// <summary><c>mooring availability prices</c>.</summary>
internal sealed class PricesCommand : ServerCommand
{
    private const int LimitMax = 500;

    private readonly Option<int> _limit = new("--limit")
    {
        Description = $"Rows at most, 1 to {LimitMax}.",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    };

    public PricesCommand(Common common)
        : base(
            common,
            "prices",
            "List what disk offers have cost, and each change, the last first. Disks that exist keep their price.",
            "mooring availability prices",
            "mooring availability prices --limit 500 -o json")
    {
        _limit.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int>() is < 1 or > LimitMax)
            {
                option.AddError($"--limit must be a number from 1 to {LimitMax}.");
            }
        });
        Options.Add(_limit);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var prices = await call.Client.ListOfferPricesAsync(limit: call.Value(_limit), ct: call.Ct);
        call.Printer.Rows(prices.Data, Printer.Json.PriceSeen, Table, "No disk offer was seen yet.");
        return ExitCode.Done;
    }

    private static readonly Table<PriceSeen> Table = new(
        new Column<PriceSeen>("SEEN", price => Words.Instant(price.SeenAt)),
        new Column<PriceSeen>("PROVIDER", price => price.ProviderType) { WidthMin = 8 },
        new Column<PriceSeen>("CLOUD ID", price => price.CloudId) { WidthMin = 8, LeftOut = 1 },
        new Column<PriceSeen>("DATA CENTER", price => price.DataCenter) { WidthMin = 11 },
        new Column<PriceSeen>("USD/GB/H", price => Words.Price(price.PricePerGbHour)) { IsRight = true },
        new Column<PriceSeen>("BEFORE", price => Words.Price(price.PriceBefore)) { IsRight = true });
}
