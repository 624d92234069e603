using System.Text.Json.Nodes;

namespace Mooring.Simulators.Hyperstack;

/// <summary>
/// Environments and key pairs. An environment's name is taken once; a key pair lives in one environment.
/// </summary>
internal static class HomeRoutes
{
    private const int NameMax = 50;

    public static Reply List(Call call) => call.Paged(
        "environments", [.. call.Account.Homes.Where(home => call.Searches(home.Id, home.Name))], Show);

    public static Reply Create(Call call)
    {
        var (name, region) = (call.Text("name"), call.Text("region"));
        if (name is not { Length: > 0 and <= NameMax })
        {
            return Reply.Refuse("The name must have 1 to 50 characters.");
        }

        if (!Catalog.Regions.Any(known => known.Name == region))
        {
            return call.Missing($"Region {region} was not found.");
        }

        if (call.Account.HomeNamed(name) is not null)
        {
            return Reply.Taken(name);
        }

        var home = new Home(call.Account.NextId(), name, region!, call.Now);
        call.Account.Homes.Add(home);
        return Reply.Ok("Environment created successfully", ("environment", Show(home)));
    }

    public static Reply CreateKeyPair(Call call)
    {
        var (name, environment, key) = (call.Text("name"), call.Text("environment_name"), call.Text("public_key"));
        if (name is not { Length: > 0 and <= NameMax } || key is not { Length: > 0 })
        {
            return Reply.Refuse("A key pair has a name of 1 to 50 characters and a public key.");
        }

        if (call.Account.HomeNamed(environment) is not { } home)
        {
            return call.Missing($"Environment {environment} was not found.");
        }

        return call.Account.KeyPairs.Add((home.Name, name))
            ? Reply.Ok("Key pair created successfully", ("keypair", new JsonObject
            {
                ["id"] = call.Account.NextId(),
                ["name"] = name,
                ["environment"] = Show(home),
                ["public_key"] = key,
            }))
            : Reply.Taken(name);
    }

    private static JsonObject Show(Home home) => new()
    {
        ["id"] = home.Id,
        ["name"] = home.Name,
        ["region"] = home.Region,
        ["features"] = new JsonObject { ["green_status"] = "GREEN", ["network_optimised"] = false },
        ["created_at"] = Shown.Time(home.CreatedAt),
    };
}
