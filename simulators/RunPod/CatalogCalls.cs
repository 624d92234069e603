using System.Text.Json.Nodes;

namespace Mooring.Simulators.RunPod;

/// <summary>What can be had, where and at what price. Unknown query parameters are passed over.</summary>
internal static class CatalogCalls
{
    private static readonly string[] OnlyWithAvailability =
        ["count", "cloud", "countryCodes", "cudaVersions", "minCudaVersion"];

    public static Answer DataCenters(Call call)
    {
        var types = Words(call, "networkVolumeTypes");
        var shown = call.Place.Options.Catalog.DataCenters
            .Where(one => call.Id is null || one.Id == call.Id)
            .Where(one => types.All(one.Tiers.Contains))
            .Select(one => Show(call, one))
            .ToList();
        return call.Id is null
            ? new Answer(200, new JsonObject { ["dataCenters"] = new JsonArray([.. shown]) })
            : shown is [var only] ? new Answer(200, only) : Answer.Problem(404, "There is no such data center.");
    }

    public static Answer Gpus(Call call)
    {
        string? product = call.Query["product"];
        var hasAvailability = Words(call, "include").Contains("AVAILABILITY");
        if (hasAvailability != (product is not null)
            || (!hasAvailability && OnlyWithAvailability.Any(call.Query.ContainsKey)))
        {
            return Answer.Problem(400, "include=AVAILABILITY and product need each other, and the rest needs both.");
        }

        if (!int.TryParse(call.Query["count"].FirstOrDefault() ?? "1", out var count) || count < 1)
        {
            return Answer.Problem(400, "count is a number from 1 on.");
        }

        var shown = call.Place.Options.Catalog.Gpus
            .Where(gpu => call.Id is null || gpu.Id == call.Id)
            .Select(gpu => Show(call, gpu, hasAvailability, count))
            .ToList();
        return call.Id is null
            ? new Answer(200, new JsonObject { ["gpus"] = new JsonArray([.. shown]) })
            : shown is [var only] ? new Answer(200, only) : Answer.Problem(404, "There is no such GPU.");
    }

    private static JsonObject Show(Call call, SimulatedDataCenter place)
    {
        var shown = new JsonObject
        {
            ["id"] = place.Id,
            ["name"] = place.Name,
            ["region"] = place.Region,
            ["globalNetwork"] = true,
            ["networkVolumeTypes"] = new JsonArray([.. place.Tiers.Select(tier => (JsonNode?)tier)]),
            ["compliance"] = new JsonArray(),
        };
        var gpus = call.Place.Options.Catalog.Gpus.Where(gpu => gpu.Stock.ContainsKey(place.Id)).ToList();
        if (Words(call, "include").Contains("GPU_AVAILABILITY") && gpus.Count > 0)
        {
            shown["gpuAvailability"] = new JsonArray(
            [
                .. gpus.Select(gpu => new JsonObject
                {
                    ["id"] = gpu.Id, ["name"] = gpu.Name, ["availability"] = StockOf(call, gpu, place.Id, 1),
                }),
            ]);
        }

        return shown;
    }

    private static JsonObject Show(Call call, SimulatedGpu gpu, bool hasAvailability, int count)
    {
        var price = gpu.UsdPerHour * (call.Meets(FaultKind.Price) ? call.Fault!.Factor : 1);
        var shown = new JsonObject
        {
            ["id"] = gpu.Id,
            ["name"] = gpu.Name,
            ["pool"] = null,
            ["manufacturer"] = gpu.Id.StartsWith("AMD", StringComparison.Ordinal) ? "AMD" : "NVIDIA",
            ["memory"] = gpu.MemoryGb,
            ["secure"] = true,
            ["community"] = false,
            ["price"] = new JsonObject { ["secure"] = price, ["community"] = null, ["serverless"] = null },
            ["maxCount"] = new JsonObject { ["secure"] = gpu.MaxCount, ["community"] = 0 },
        };
        if (!hasAvailability)
        {
            return shown;
        }

        var places = gpu.Stock.Keys.Where(_ => count <= gpu.MaxCount)
            .Select(place => (Place: place, Stock: StockOf(call, gpu, place, count))).ToList();
        shown["availability"] = places.Select(one => one.Stock).FirstOrDefault(one => one != "NONE") ?? "NONE";
        if (places.Count > 0)
        {
            shown["dataCenters"] = new JsonArray(
            [
                .. places.Select(one => new JsonObject
                {
                    ["id"] = one.Place,
                    ["name"] = call.Place.Options.Catalog.DataCenters.FirstOrDefault(dc => dc.Id == one.Place)?.Name,
                    ["availability"] = one.Stock,
                }),
            ]);
        }

        return shown;
    }

    private static string StockOf(Call call, SimulatedGpu gpu, string place, int count) =>
        call.Meets(FaultKind.OutOfStock) || count > gpu.MaxCount ? "NONE" : gpu.Stock[place];

    private static string[] Words(Call call, string key) =>
        call.Query[key].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
}
