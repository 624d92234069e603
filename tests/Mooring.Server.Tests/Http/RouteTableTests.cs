using Mooring.Server.Accounts;
using Mooring.Server.Http;

namespace Mooring.Server.Tests.Http;

/// <summary>
/// Each route with each kind of key gives what the contract's section 2 says: 401 without a valid key, 403 that names
/// the permission without it, success with it. The table is complete: it is compared with what the server serves.
/// </summary>
public sealed class RouteTableTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private static readonly Access ReadWrite = Access.Read | Access.Write;

    public static TheoryData<string> Routes => [.. ContractRoutes.All.Select(route => route.ToString())];

    private TestMooring Mooring => shared.Mooring;

    [Fact]
    public void The_server_serves_these_routes_and_no_others() => ServedRoutes.All
        .Select(route => route.ToString())
        .ShouldBe(ContractRoutes.All.Select(route => route.ToString()), ignoreOrder: true);

    [Fact]
    public void Every_route_says_who_may_use_it_and_it_is_what_the_contract_says() => ServedRoutes.All
        .Select(route => $"{route}: {WordsOf(route)}")
        .ShouldBe(
            ContractRoutes.All.Select(route => $"{route}: {route.Permission ?? "any valid key"}"), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_a_valid_key_it_is_401(string name)
    {
        var route = Of(name);
        var now = Mooring.Time.Now();
        if (route.Permission == ContractRoutes.NoKey)
        {
            (await SendNothingAsync(route, "")).Status.ShouldNotBe(401);
            return;
        }

        string[] keys =
        [
            "",
            "garbage",
            ApiKey.NewSecret(),
            await Mooring.MintKeyAsync(ApiKey.AllPermissions, key => key with { ExpiresAt = now }),
            await Mooring.MintKeyAsync(ApiKey.AllPermissions, key => key with { RevokedAt = now }),
            await Mooring.MintKeyAsync(ApiKey.AllPermissions, key => key with { DisabledAt = now }),
            await DisabledUsersKeyAsync(),
        ];
        await Mooring.SettleAsync();
        var before = await Mooring.SnapshotAsync();

        foreach (var key in keys)
        {
            var reply = await SendNothingAsync(route, key);

            reply.ShouldRefuse(401, "Authorization: Bearer");
            reply.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        }

        (await Mooring.SnapshotAsync()).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_key_is_let_in_exactly_if_it_has_the_permission_and_is_told_which_it_lacks(string name)
    {
        var route = Of(name);
        foreach (var permissions in Kinds())
        {
            var key = await shared.KeyAsync(permissions);
            if (LackedBy(permissions, route) is null)
            {
                (await route.SendAsync(Mooring, key)).ShouldBe(route.Success);
                continue;
            }

            await Mooring.SettleAsync();
            var before = await Mooring.SnapshotAsync();
            (await SendNothingAsync(route, key)).ShouldRefuse(403, $"'{LackedBy(permissions, route)}'");
            (await Mooring.SnapshotAsync()).ShouldBe(before);
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task The_first_key_may_do_everything(string name)
    {
        var route = Of(name);

        (await route.SendAsync(Mooring)).ShouldBe(route.Success);
    }

    /// <summary>Each single permission, all that reads, all but one section, and none.</summary>
    private static IEnumerable<int> Kinds() =>
    [
        0,
        ApiKey.Permit([.. Sections.All.Select(section => (section, Access.Read))]),
        .. Sections.All.Select(section => ApiKey.Permit((section, Access.Read))),
        .. Sections.All.Select(section => ApiKey.Permit((section, ReadWrite))),
        .. Sections.All.Select(
            section => ApiKey.Permit([.. Sections.All.Where(one => one != section).Select(one => (one, ReadWrite))])),
    ];

    /// <summary>
    /// The first permission that a key lacks, by the contract's words and not by the server's own check.
    /// </summary>
    private static string? LackedBy(int permissions, ContractRoute route)
    {
        var has = Sections.ToWire(permissions);
        var all = route.Permission == ContractRoutes.NoKey ? null : route.Permission;
        return all?.Split(", ").FirstOrDefault(needed =>
        {
            var section = needed.Split(':')[0].ToLowerInvariant().Replace(' ', '_');
            return !has.Contains(section + ":read")
                || (needed.EndsWith("write", StringComparison.Ordinal) && !has.Contains(section + ":write"));
        });
    }

    private async Task<string> DisabledUsersKeyAsync()
    {
        var user = await Mooring.MintUserAsync();
        (await Mooring.SendAsync("PATCH", $"/api/mooring/v1/users/{user.Id}", """{"isDisabled":true}""")).ShouldBe(200);
        return user.Key;
    }

    private Task<Reply> SendNothingAsync(ContractRoute route, string key) => Mooring.SendAsync(
        route.Method,
        route.Pattern.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal),
        route.Method is "POST" or "PATCH" or "PUT" ? "{}" : null,
        key);

    private static string WordsOf(ServedRoute route) => route.Permissions switch
    {
        [] when route.Endpoint.Metadata.GetMetadata<NoKeyNeeded>() is not null => ContractRoutes.NoKey,
        [] => "nobody knows",
        [{ Section: null }] => "any valid key",
        var permissions => string.Join(", ", permissions.Select(one =>
            $"{one.Section!.Value.ToWords()}: {(route.Method == "GET" ? "read" : "read and write")}")),
    };

    private static ContractRoute Of(string name) => ContractRoutes.All.Single(route => route.ToString() == name);
}
