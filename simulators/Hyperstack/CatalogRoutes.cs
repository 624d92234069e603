using System.Globalization;
using System.Text.Json.Nodes;

namespace Mooring.Simulators.Hyperstack;

/// <summary>What there is to be had, its price and its stock.</summary>
internal static class CatalogRoutes
{
    public static Reply Regions() => Reply.Ok(
        "Getting regions successful",
        ("regions", new JsonArray([
            .. Catalog.Regions.Select(region => (JsonNode)new JsonObject
            {
                ["id"] = region.Id,
                ["name"] = region.Name,
                ["description"] = region.Country,
                ["country"] = region.Country,
                ["green_status"] = region.Green,
                ["features"] = new JsonObject(),
            }),
        ])));

    public static Reply VolumeTypes() => Reply.Ok(
        "Success", ("volume_types", new JsonArray([.. Catalog.VolumeTypes.Select(type => (JsonNode)type)])));

    // A bare array, without an envelope.
    public static Reply PriceBook(Call call)
    {
        var factor = call.Meets(FaultKind.PriceChange) ? call.Fault!.Factor : 1;
        return new Reply(200, new JsonArray([
            .. Catalog.Prices.Select(row => (JsonNode)new JsonObject
            {
                ["id"] = row.Id,
                ["name"] = row.Name,
                ["value"] = row.Value * factor,
                ["original_value"] = row.Value,
                ["discount_applied"] = factor < 1,
                ["start_time"] = null,
                ["end_time"] = null,
            }),
        ]));
    }

    // Only "stocks", without an envelope; "available" is a text.
    public static Reply Stocks(Call call)
    {
        var number = call.Meets(FaultKind.OutOfStock) ? 0 : 396;
        var regions = Catalog.Flavors.Where(flavor => flavor.Gpu.Length > 0).GroupBy(flavor => flavor.Region);
        return new Reply(200, new JsonObject
        {
            ["stocks"] = new JsonArray([
                .. regions.Select(region => (JsonNode)new JsonObject
                {
                    ["region"] = region.Key,
                    ["stock-type"] = "GPU",
                    ["models"] = new JsonArray([
                        .. region.GroupBy(flavor => flavor.Gpu).Select(model => (JsonNode)new JsonObject
                        {
                            ["model"] = model.Key,
                            ["available"] = number > 200 ? "200+" : "0",
                            ["planned_7_days"] = null,
                            ["planned_30_days"] = null,
                            ["planned_100_days"] = null,
                            ["configurations"] = new JsonObject(((int[])[1, 2, 4, 8, 10]).Select(
                                each => KeyValuePair.Create(
                                    string.Create(CultureInfo.InvariantCulture, $"{each}x"),
                                    (JsonNode?)(each == 10 ? 0 : number / each)))),
                        }),
                    ]),
                }),
            ]),
        });
    }

    public static Reply Flavors(Call call)
    {
        var region = call.Query["region"].ToString();
        var groups = Catalog.Flavors.Where(flavor => region.Length == 0 || flavor.Region == region)
            .GroupBy(flavor => (flavor.Gpu, flavor.Region));
        return Reply.Ok("Success", ("data", new JsonArray([
            .. groups.Select(group => (JsonNode)new JsonObject
            {
                ["gpu"] = group.Key.Gpu,
                ["region_name"] = group.Key.Region,
                ["flavors"] = new JsonArray([.. group.Select(Show)]),
            }),
        ])));
    }

    private static JsonNode Show(Flavor flavor)
    {
        var shown = Shown.Of(flavor);
        shown["region_name"] = flavor.Region;
        shown["display_name"] = null;
        shown["stock_available"] = true;
        shown["created_at"] = "2026-05-06T16:04:09Z";
        shown["labels"] = new JsonArray();
        shown["features"] = new JsonObject();
        return shown;
    }
}
