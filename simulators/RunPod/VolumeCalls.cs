using System.Globalization;
using System.Text.Json.Nodes;

namespace Mooring.Simulators.RunPod;

/// <summary>What can be done with network volumes. Names repeat freely; nothing tells an attachment.</summary>
internal static class VolumeCalls
{
    public static Answer List(Call call)
    {
        var there = call.Place.Volumes.Where(volume => volume.IsThereAt(call.Now)).ToList();
        if (call.Meets(FaultKind.Disappears) && there is [var oldest, ..])
        {
            oldest.End(call.Now, disappears: true);
            there.Remove(oldest);
        }

        return new Answer(200, new JsonObject
        {
            ["networkVolumes"] = new JsonArray(
            [
                .. there.Where(volume => call.Place.IsListed(volume.CreatedAt, call.Now)).Select(Show),
            ]),
        });
    }

    public static Answer Get(Call call) =>
        call.Place.Volume(call.Id, call.Now) is { } volume ? new Answer(200, Show(volume)) : NotFound();

    public static Answer Create(Call call)
    {
        if (call.Meets(FaultKind.OutOfStock))
        {
            return Answer.Problem(
                400, call.Fault!.Words ?? "There is not enough storage capacity left in this data center.");
        }

        var (body, unreadable) = Body.Read(call);
        if (body is null)
        {
            return unreadable!;
        }

        body.Expect(["name", "size", "dataCenter"], ["type"]);
        var name = body.Text("name");
        var size = body.Number("size", 10, 4096);
        var dataCenter = body.Text("dataCenter");
        var tier = body.Text("type", "STANDARD", "HIGH_PERFORMANCE");
        if (body.Refusal() is { } refusal)
        {
            return refusal;
        }

        var catalog = call.Place.Options.Catalog;
        var place = catalog.DataCenters.FirstOrDefault(one => one.Id == dataCenter
            || (call.Place.Options.Assumptions.LowerCaseDataCentersAreTaken
                && string.Equals(one.Id, dataCenter, StringComparison.OrdinalIgnoreCase)));
        if (place is null || place.Tiers.Count == 0)
        {
            var with = string.Join(", ", catalog.DataCenters.Where(one => one.Tiers.Count > 0).Select(one => one.Id));
            return Answer.Problem(400, $"Data center {dataCenter} has no network volumes. These have: {with}.");
        }

        tier ??= place.Tiers[0];
        return place.Tiers.Contains(tier)
            ? new Answer(201, Show(call.Place.AddVolume(name!, size!.Value, dataCenter!, tier, call.Now)))
            : Answer.Problem(400, $"Data center {place.Id} has no volumes of type {tier}.");
    }

    public static Answer Update(Call call)
    {
        if (call.Place.Volume(call.Id, call.Now) is not { } volume)
        {
            return NotFound();
        }

        var (body, unreadable) = Body.Read(call);
        if (body is null)
        {
            return unreadable!;
        }

        body.Expect([], ["name", "size"]);
        var (name, size) = (body.Text("name"), body.Number("size", 10, 4096));
        if (body.Refusal() is { } refusal)
        {
            return refusal;
        }

        if (name is null && size is null)
        {
            return Answer.Problem(422, "Request validation failed.", "$: minProperties: got 0, want 1");
        }

        if (size < volume.SizeGb)
        {
            return Answer.Problem(400, $"A volume can only grow: it has {volume.SizeGb} GB.");
        }

        volume.Name = name ?? volume.Name;
        volume.Grow(size ?? volume.SizeGb, call.Now);
        return new Answer(200, Show(volume));
    }

    public static Answer Delete(Call call)
    {
        if (call.Place.Volume(call.Id, call.Now) is not { } volume)
        {
            return NotFound();
        }

        var assumptions = call.Place.Options.Assumptions;
        var isMounted = volume.StuckUntil > call.Now
            || call.Place.Pods.Exists(pod => pod.Holds(volume.Id, call.Now, assumptions));
        if (isMounted && assumptions.DeleteInUseIsRefused)
        {
            return Answer.Problem(
                assumptions.StatusOfDeleteInUse,
                "The network volume must be removed from all pods before it is deleted.");
        }

        volume.End(call.Now, disappears: false);
        return new Answer(204, null);
    }

    internal static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static JsonNode Show(SimulatedVolume volume) => new JsonObject
    {
        ["id"] = volume.Id,
        ["name"] = volume.Name,
        ["size"] = volume.SizeGb,
        ["dataCenter"] = volume.DataCenter,
        ["type"] = volume.Tier,
    };

    private static Answer NotFound() => Answer.Problem(404, "There is no such network volume.");
}
