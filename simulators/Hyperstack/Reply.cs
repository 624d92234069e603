using System.Text.Json.Nodes;

namespace Mooring.Simulators.Hyperstack;

/// <summary>An answer.</summary>
internal sealed record Reply(int Status, JsonNode Body)
{
    public static Reply Ok(string message, params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        var body = new JsonObject { ["status"] = true, ["message"] = message };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return new Reply(200, body);
    }

    /// <summary>A failure as the vendor's "Errors" page has it; some come without a reason.</summary>
    public static Reply Error(int status, string message, string? reason = null)
    {
        var body = new JsonObject { ["status"] = false, ["message"] = message };
        if (reason is not null)
        {
            body["error_reason"] = reason;
        }

        return new Reply(status, body);
    }

    public static Reply Refuse(string message) => Error(400, message, "bad_request");

    public static Reply Taken(string name) => Error(409, $"The name {name} already exists.", "already_exist");
}
