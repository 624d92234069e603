using System.Globalization;
using System.Text.Json.Nodes;

namespace Mooring.Simulators.Hyperstack;

/// <summary>Things as the API shows them.</summary>
internal static class Shown
{
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static JsonObject Of(Flavor flavor) => new()
    {
        ["id"] = flavor.Id,
        ["name"] = flavor.Name,
        ["cpu"] = flavor.Cpu,
        ["ram"] = flavor.Ram,
        ["disk"] = flavor.Disk,
        ["ephemeral"] = flavor.Ephemeral,
        ["gpu"] = flavor.Gpu,
        ["gpu_count"] = flavor.GpuCount,
    };

    public static JsonObject Of(Call call, Volume volume) => new()
    {
        ["id"] = volume.Id,
        ["name"] = volume.Name,
        ["environment"] = Of(volume.Home),
        ["description"] = volume.Description,
        ["volume_type"] = volume.Type,
        ["size"] = volume.Size,
        ["status"] = call.Account.StatusOf(volume, call.Now),
        ["bootable"] = false,
        ["image_id"] = null,
        ["callback_url"] = null,
        ["created_at"] = Time(volume.CreatedAt),
        ["updated_at"] = null,
        ["attachments"] = new JsonArray([
            .. HoldsShown(call, hold => hold.Volume == volume).Select(hold => (JsonNode)new JsonObject
            {
                ["id"] = hold.Id,
                ["device"] = hold.Device,
                ["status"] = hold.StatusAt(call.Now),
                ["instance_id"] = hold.Machine.Id,
                ["protected"] = hold.IsProtected,
            }),
        ]),
    };

    public static JsonObject Of(Call call, Machine machine)
    {
        var status = machine.StatusAt(call.Now);
        return new JsonObject
        {
            ["id"] = machine.Id,
            ["name"] = machine.Name,
            ["status"] = status,
            ["vm_state"] = status == "CREATING" ? "building" : status.ToLowerInvariant(),
            ["power_state"] = status == "ACTIVE" ? "RUNNING" : "NOSTATE",
            ["environment"] = Of(machine.Home),
            ["image"] = new JsonObject { ["name"] = machine.Image },
            ["os"] = "Ubuntu",
            ["flavor"] = Of(machine.Flavor),
            ["keypair"] = new JsonObject { ["name"] = machine.KeyPair },
            ["fixed_ip"] = status == "CREATING" ? null : "10.0.0.7",
            ["floating_ip"] = status == "CREATING" ? null : machine.FloatingIp,
            ["floating_ip_status"] = machine.FloatingIp is null || status == "CREATING" ? null : "ATTACHED",
            ["locked"] = false,
            ["labels"] = new JsonArray([.. machine.Labels.Select(label => (JsonNode)label)]),
            ["volume_attachments"] = new JsonArray([
                .. HoldsShown(call, hold => hold.Machine == machine).Select(hold => Of(call, hold, isOfMachine: true)),
            ]),
            ["security_rules"] = new JsonArray(),
            ["contract_id"] = null,
            ["created_at"] = Time(machine.CreatedAt),
        };
    }

    /// <summary>An attachment: with its volume where a machine is shown, else with both ids.</summary>
    public static JsonNode Of(Call call, Hold hold, bool isOfMachine)
    {
        var shown = new JsonObject
        {
            ["id"] = hold.Id,
            ["status"] = hold.StatusAt(call.Now),
            ["device"] = hold.Device,
            ["protected"] = hold.IsProtected,
            ["created_at"] = Time(hold.CreatedAt),
        };
        if (isOfMachine)
        {
            shown["volume"] = new JsonObject
            {
                ["id"] = hold.Volume.Id,
                ["name"] = hold.Volume.Name,
                ["size"] = hold.Volume.Size,
                ["volume_type"] = hold.Volume.Type,
                ["bootable"] = false,
                ["description"] = hold.Volume.Description,
            };
        }
        else
        {
            shown["instance_id"] = hold.Machine.Id;
            shown["volume_id"] = hold.Volume.Id;
        }

        return shown;
    }

    private static IEnumerable<Hold> HoldsShown(Call call, Func<Hold, bool> isAsked) =>
        call.Account.Holds.Where(hold =>
            isAsked(hold) && (call.Assumptions.EndedAttachmentsLinger || hold.IsInForceAt(call.Now)));

    private static JsonObject Of(Home home) => new()
    {
        ["id"] = home.Id,
        ["name"] = home.Name,
        ["region"] = home.Region,
        ["features"] = new JsonObject(),
    };
}
