using Mooring.Server.Accounts;
using Mooring.Server.Tests.Logins;
using Mooring.Server.Tests.ProviderAccounts;

namespace Mooring.Server.Tests.Http;

/// <summary>A row of the contract's section 3, or of our own API beside it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Pattern">The path with its parameters.</param>
/// <param name="Permission">As the contract words it; null where any valid key will do.</param>
/// <param name="Success">The status of a request that succeeds.</param>
/// <param name="Prepare">Makes what the request is about, and gives its address and body.</param>
internal sealed record ContractRoute(
    string Method,
    string Pattern,
    string? Permission,
    int Success,
    Func<TestMooring, Task<(string Path, string? Body)>> Prepare)
{
    public override string ToString() => $"{Method} {Pattern}";

    public async Task<Reply> SendAsync(TestMooring mooring, string? key = null)
    {
        var (path, body) = await Prepare(mooring);
        return Pattern.EndsWith("/stream", StringComparison.Ordinal)
            ? await mooring.FirstEventAsync(path, key)
            : await mooring.SendAsync(Method, path, body, key);
    }
}

/// <summary>Every route that there shall be, with a request to each that succeeds.</summary>
internal static class ContractRoutes
{
    public const string SshKeyLine =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl user@host";

    /// <summary>Of a route that asks for no key at all.</summary>
    public const string NoKey = "no key";

    private const string Credit = """{"amountUsd":0.5,"reference":"invoice 7"}""";

    private const string DiskBody = """{"disk":{"size":1},"provider":{"type":"hyperstack"}}""";
    private const string NoOrphan = """{"providerAccountId":"nobody","name":"none"}""";
    private const string SshKeyBody = $$"""{"name":"laptop","publicKey":"{{SshKeyLine}}"}""";

    public static readonly IReadOnlyList<ContractRoute> All =
    [
        Get("/api/v1/disks/", "Disks: read"),
        new("POST", "/api/v1/disks/", "Disks: read and write", 201, _ => Just("/api/v1/disks/", DiskBody)),
        new("GET", "/api/v1/disks/{id}", "Disks: read", 200, mooring => OfDiskAsync(mooring, "")),
        new("PATCH", "/api/v1/disks/{id}", "Disks: read and write", 200,
            mooring => OfDiskAsync(mooring, "", """{"name":"N"}""")),
        new("DELETE", "/api/v1/disks/{id}", "Disks: read and write", 200, mooring => OfDiskAsync(mooring, "")),
        Get("/api/v1/availability/disks", "Availability: read"),
        Get("/api/v1/availability/gpus", "Availability: read"),
        Get("/api/v1/availability/multi-node", "Availability: read"),
        Get("/api/v1/availability/gpu-summary", "Availability: read"),
        Get("/api/v1/availability/multi-node-summary", "Availability: read"),
        Get("/api/v1/availability/", "Availability: read"),
        Get("/api/v1/availability/clusters", "Availability: read"),
        Get("/api/v1/pods/", "Instances: read"),
        new("POST", "/api/v1/pods/", "Instances: read and write", 200, async mooring =>
        {
            await mooring.EndPodsAsync();
            return ("/api/v1/pods/", TestMooring.PodBody(await mooring.CreateDiskAsync()));
        }),
        new("GET", "/api/v1/pods/{id}", "Instances: read", 200, mooring => OfPodAsync(mooring, "")),
        new("GET", "/api/v1/pods/status", "Instances: read", 200, async mooring =>
            ("/api/v1/pods/status?pod_ids=" + (await OfPodAsync(mooring, "")).Path.Split('/')[^1], null)),
        Get("/api/v1/pods/history", "Instances: read"),
        new("DELETE", "/api/v1/pods/{id}", "Instances: read and write", 200, mooring => OfPodAsync(mooring, "")),
        new("GET", "/api/v1/pods/{id}/log", "Instances: read", 200, mooring => OfPodAsync(mooring, "/log")),
        Get("/api/v1/user/whoami", null),
        Get("/api/v1/user/teams", "Teams: read"),
        new("PATCH", "/api/v1/user/slug", "Keys: read and write", 200,
            _ => Just("/api/v1/user/slug", """{"slug":"ada-l"}""")),
        new("GET", "/api/v1/teams/{teamId}/members", "Teams: read", 200,
            async mooring => ($"/api/v1/teams/{await TeamAsync(mooring)}/members", null)),
        Get("/api/v1/billing/wallet", "Billing: read"),
        Get("/api/v1/ssh_keys/", "SSH keys: read"),
        new("POST", "/api/v1/ssh_keys/", "SSH keys: read and write", 200, async mooring =>
        {
            await DeleteSshKeysAsync(mooring);
            return ("/api/v1/ssh_keys/", SshKeyBody);
        }),
        new("PATCH", "/api/v1/ssh_keys/{id}", "SSH keys: read and write", 200,
            mooring => OfSshKeyAsync(mooring, """{"isPrimary":true}""")),
        new("DELETE", "/api/v1/ssh_keys/{id}", "SSH keys: read and write", 200,
            mooring => OfSshKeyAsync(mooring, null)),
        Get("/api/mooring/v1/keys/", "Keys: read"),
        // A key gives no more than it has: what every key that may ask here has is enough for this one.
        new("POST", "/api/mooring/v1/keys/", "Keys: read and write", 201,
            _ => Just("/api/mooring/v1/keys/", """{"name":"ci","permissions":["keys:read"]}""")),
        new("PATCH", "/api/mooring/v1/keys/{prefix}", "Keys: read and write", 200, async mooring =>
            ("/api/mooring/v1/keys/" + ApiKey.PrefixOf(await mooring.MintKeyAsync(0)), """{"isDisabled":true}""")),
        Get("/api/mooring/v1/users/", "Admin: read"),
        new("POST", "/api/mooring/v1/users/", "Admin: read and write", 201,
            _ => Just("/api/mooring/v1/users/", NewUser())),
        new("GET", "/api/mooring/v1/users/{id}", "Admin: read", 200,
            async mooring => ("/api/mooring/v1/users/" + await UserAsync(mooring), null)),
        new("PATCH", "/api/mooring/v1/users/{id}", "Admin: read and write", 200,
            async mooring => ("/api/mooring/v1/users/" + await UserAsync(mooring), """{"isDisabled":true}""")),
        new("GET", "/api/mooring/v1/users/{id}/quota", "Admin: read", 200,
            async mooring => ($"/api/mooring/v1/users/{await UserAsync(mooring)}/quota", null)),
        new("PUT", "/api/mooring/v1/users/{id}/quota", "Admin: read and write", 200,
            async mooring => ($"/api/mooring/v1/users/{await UserAsync(mooring)}/quota", """{"disks":3}""")),
        Get("/api/mooring/v1/teams/", "Teams: read"),
        new("POST", "/api/mooring/v1/teams/", "Teams: read and write, Admin: read and write", 201, async mooring =>
        {
            await DeleteTeamsAsync(mooring);
            return ("/api/mooring/v1/teams/", """{"name":"vision"}""");
        }),
        new("PATCH", "/api/mooring/v1/teams/{id}", "Teams: read and write", 200,
            async mooring => ("/api/mooring/v1/teams/" + await TeamAsync(mooring), """{"name":"speech"}""")),
        new("DELETE", "/api/mooring/v1/teams/{id}", "Teams: read and write", 200,
            async mooring => ("/api/mooring/v1/teams/" + await TeamAsync(mooring), null)),
        new("PUT", "/api/mooring/v1/teams/{id}/members/{userId}", "Teams: read and write", 200, async mooring =>
            ($"/api/mooring/v1/teams/{await TeamAsync(mooring)}/members/{await UserAsync(mooring)}", "{}")),
        new("DELETE", "/api/mooring/v1/teams/{id}/members/{userId}", "Teams: read and write", 200, async mooring =>
        {
            var member = $"/api/mooring/v1/teams/{await TeamAsync(mooring)}/members/{await UserAsync(mooring)}";
            (await mooring.SendAsync("PUT", member, "{}")).ShouldBe(200);
            return (member, null);
        }),
        new("GET", "/api/mooring/v1/teams/{id}/quota", "Admin: read", 200,
            async mooring => ($"/api/mooring/v1/teams/{await TeamAsync(mooring)}/quota", null)),
        new("PUT", "/api/mooring/v1/teams/{id}/quota", "Admin: read and write", 200,
            async mooring => ($"/api/mooring/v1/teams/{await TeamAsync(mooring)}/quota", """{"sizeGb":100000}""")),
        Get("/api/mooring/v1/quotas", "Billing: read"),
        new("POST", "/api/v1/auth_challenge/generate", NoKey, 200, async mooring =>
        {
            await LoginClient.ForgetAllAsync(mooring);
            return ("/api/v1/auth_challenge/generate", LoginClient.Body);
        }),
        // An API key is no request's token.
        new("GET", "/api/v1/auth_challenge/status", NoKey, 404,
            _ => Just("/api/v1/auth_challenge/status?challenge=KTM-4WX-9QF")),
        Get("/api/mooring/v1/login-requests/", "Admin: read"),
        new("GET", "/api/mooring/v1/login-requests/{code}", "Keys: read", 200,
            async mooring => ("/api/mooring/v1/login-requests/" + await LoginClient.NewCodeAsync(mooring), null)),
        new("POST", "/api/mooring/v1/login-requests/{code}/approve", "Keys: read and write", 200,
            async mooring => (
                $"/api/mooring/v1/login-requests/{await LoginClient.NewCodeAsync(mooring)}/approve",
                """{"permissions":["keys:read"]}""")),
        new("POST", "/api/mooring/v1/login-requests/{code}/deny", "Keys: read and write", 200,
            async mooring => (
                $"/api/mooring/v1/login-requests/{await LoginClient.NewCodeAsync(mooring)}/deny", null)),
        Native("GET", "disks/{id}/events", "Disks: read", OfDiskAsync),
        new("GET", "/api/mooring/v1/events/stream", "Disks: read, Instances: read", 200, async mooring =>
        {
            await mooring.CreateDiskAsync();
            return ("/api/mooring/v1/events/stream?after=0", null);
        }),
        Native("GET", "disks/{id}/events/stream", "Disks: read",
            (mooring, suffix) => OfDiskAsync(mooring, suffix + "?after=0")),
        Native("GET", "pods/{id}/events/stream", "Instances: read",
            (mooring, suffix) => OfPodAsync(mooring, suffix + "?after=0")),
        Native("GET", "disks/{id}/explain", "Disks: read", OfDiskAsync),
        Native("GET", "disks/{id}/deletion", "Disks: read", OfDiskAsync),
        Native("PATCH", "disks/{id}", "Disks: read and write",
            (mooring, suffix) => OfDiskAsync(mooring, suffix, """{"forbidDeletion":true}""")),
        Native("POST", "disks/{id}/retry", "Disks: read and write", async (mooring, suffix) =>
        {
            var disk = await mooring.CreateDiskAsync();
            await mooring.MakeUnreadableAsync();
            return ($"/api/mooring/v1/disks/{disk}{suffix}", null);
        }),
        Native("POST", "disks/{id}/suspend", "Disks: read and write", OfDiskAsync),
        Native("POST", "disks/{id}/resume", "Disks: read and write", async (mooring, suffix) =>
        {
            var disk = "/api/mooring/v1/disks/" + await mooring.CreateDiskAsync();
            (await mooring.SendAsync("POST", disk + "/suspend")).ShouldBe(200);
            return (disk + suffix, null);
        }),
        Native("POST", "disks/{id}/force-detach", "Disks: read and write, Instances: read and write",
            async (mooring, suffix) =>
            {
                await mooring.EndPodsAsync();
                var disk = await mooring.CreateDiskAsync();
                await mooring.CreatePodAsync(disk);
                return ($"/api/mooring/v1/disks/{disk}{suffix}", null);
            }),
        Native("GET", "pods/{id}/events", "Instances: read", OfPodAsync),
        Native("GET", "pods/{id}/explain", "Instances: read", OfPodAsync),
        Native("POST", "pods/{id}/retry", "Instances: read and write", async (mooring, suffix) =>
        {
            var pod = await OfPodAsync(mooring, suffix);
            await mooring.MakeUnreadableAsync();
            return pod;
        }),
        Get("/api/mooring/v1/stuck", "Disks: read, Instances: read"),
        Get("/api/mooring/v1/audit/ledger", "Admin: read"),
        Get("/api/mooring/v1/audit", "Admin: read"),
        Get("/api/mooring/v1/costs", "Billing: read"),
        Get("/api/mooring/v1/wallets/", "Billing: read"),
        new("GET", "/api/mooring/v1/wallets/{id}", "Billing: read", 200,
            async mooring => (await WalletAsync(mooring), null)),
        new("PATCH", "/api/mooring/v1/wallets/{id}", "Admin: read and write", 200,
            async mooring => (await WalletAsync(mooring), """{"mode":"showback"}""")),
        new("GET", "/api/mooring/v1/wallets/{id}/credits", "Billing: read", 200, async mooring =>
        {
            var credits = await WalletAsync(mooring) + "/credits";
            (await mooring.SendAsync("POST", credits, Credit)).ShouldBe(201);
            return (credits, null);
        }),
        new("POST", "/api/mooring/v1/wallets/{id}/credits", "Admin: read and write", 201,
            async mooring => (await WalletAsync(mooring) + "/credits", Credit)),
        new("GET", "/api/mooring/v1/wallets/{id}/events", "Billing: read", 200, async mooring =>
        {
            var wallet = await WalletAsync(mooring);
            (await mooring.SendAsync("POST", wallet + "/credits", Credit)).ShouldBe(201);
            return (wallet + "/events", null);
        }),
        Get("/api/mooring/v1/offers/prices", "Availability: read"),
        Get("/api/mooring/v1/inventory/", "Admin: read"),
        // There is no orphan: that needs a provider with one, which InventoryTests have.
        new("POST", "/api/mooring/v1/inventory/adopt", "Admin: read and write", 404,
            _ => Just("/api/mooring/v1/inventory/adopt", NoOrphan)),
        new("POST", "/api/mooring/v1/inventory/delete", "Admin: read and write", 404,
            _ => Just("/api/mooring/v1/inventory/delete", NoOrphan)),
        Get("/api/mooring/v1/offers", "Availability: read"),
        Get("/api/mooring/v1/providers/", "Admin: read"),
        new("POST", "/api/mooring/v1/providers/", "Admin: read and write", 201,
            _ => Just("/api/mooring/v1/providers/", NewAccount())),
        Native("POST", "providers/{id}/test", "Admin: read and write", OfAccountAsync),
        Native("POST", "providers/{id}/rotate", "Admin: read and write", async (mooring, suffix) =>
            ((await OfAccountAsync(mooring, suffix)).Path, $$"""{"credential":"{{ScriptedCloud.Better}}"}""")),
        Native("POST", "providers/{id}/disable", "Admin: read and write", OfAccountAsync),
        Native("POST", "providers/{id}/enable", "Admin: read and write", OfAccountAsync),
        Native("GET", "providers/{id}/charges/", "Admin: read", async (mooring, suffix) =>
        {
            var (path, _) = await OfAccountAsync(mooring, suffix);
            (await mooring.SendAsync("POST", path + "read")).ShouldBe(200);
            return (path, null);
        }),
        Native("POST", "providers/{id}/charges/read", "Admin: read and write", OfAccountAsync),
        new("DELETE", "/api/mooring/v1/keys/{prefix}", "Keys: read and write", 200, async mooring =>
            ("/api/mooring/v1/keys/" + ApiKey.PrefixOf(await mooring.MintKeyAsync(0)), null)),
    ];

    private static ContractRoute Native(
        string method,
        string pattern,
        string permission,
        Func<TestMooring, string, Task<(string Path, string? Body)>> prepare) => new(
            method,
            "/api/mooring/v1/" + pattern,
            permission,
            200,
            async mooring =>
            {
                var (path, body) = await prepare(mooring, pattern[(pattern.IndexOf('}') + 1)..]);
                return (path.Replace("/api/v1/", "/api/mooring/v1/", StringComparison.Ordinal), body);
            });

    private static async Task<string> WalletAsync(TestMooring mooring) =>
        "/api/mooring/v1/wallets/"
        + (await mooring.GetAsync("/billing/wallet")).Object["wallet_id"]!.GetValue<string>();

    private static ContractRoute Get(string pattern, string? permission) =>
        new("GET", pattern, permission, 200, _ => Just(pattern));

    private static Task<(string Path, string? Body)> Just(string path, string? body = null) =>
        Task.FromResult((path, body));

    private static Task<(string Path, string? Body)> OfDiskAsync(TestMooring mooring, string suffix) =>
        OfDiskAsync(mooring, suffix, null);

    private static async Task<(string Path, string? Body)> OfDiskAsync(
        TestMooring mooring, string suffix, string? body) =>
        ($"/api/v1/disks/{await mooring.CreateDiskAsync()}{suffix}", body);

    private static async Task<(string Path, string? Body)> OfPodAsync(TestMooring mooring, string suffix)
    {
        await mooring.EndPodsAsync();
        return ($"/api/v1/pods/{await mooring.CreatePodAsync(await mooring.CreateDiskAsync())}{suffix}", null);
    }

    private static async Task<(string Path, string? Body)> OfSshKeyAsync(TestMooring mooring, string? body)
    {
        await DeleteSshKeysAsync(mooring);
        return ("/api/v1/ssh_keys/" + (await mooring.PostAsync("/ssh_keys/", SshKeyBody)).ShouldBe(200).Id, body);
    }

    private static string NewUser() =>
        $$"""{"name":"grace","email":"{{Path.GetRandomFileName()}}@localhost"}""";

    private static async Task<string> UserAsync(TestMooring mooring) =>
        (await mooring.SendAsync("POST", "/api/mooring/v1/users/", NewUser())).ShouldBe(201).Id;

    // A user is in some teams only: one that is there already will do.
    private static async Task<string> TeamAsync(TestMooring mooring) =>
        (await mooring.SendAsync("GET", "/api/mooring/v1/teams/")).Data is [var team, ..]
            ? team["id"]!.GetValue<string>()
            : (await mooring.SendAsync("POST", "/api/mooring/v1/teams/", """{"name":"vision"}""")).ShouldBe(201).Id;

    private static async Task DeleteTeamsAsync(TestMooring mooring)
    {
        foreach (var team in (await mooring.SendAsync("GET", "/api/mooring/v1/teams/")).Data)
        {
            var path = "/api/mooring/v1/teams/" + team["id"]!.GetValue<string>();
            (await mooring.SendAsync("DELETE", path)).ShouldBe(200);
        }
    }

    // Names are given once.
    private static string NewAccount() =>
        $$"""
        {"type":"{{ScriptedCloud.Type}}","name":"{{Path.GetRandomFileName()}}","credential":"{{ScriptedCloud.Good}}"}
        """;

    private static async Task<(string Path, string? Body)> OfAccountAsync(TestMooring mooring, string suffix)
    {
        var added = await mooring.SendAsync("POST", "/api/mooring/v1/providers/", NewAccount());
        return ($"/api/mooring/v1/providers/{added.ShouldBe(201).Id}{suffix}", null);
    }

    private static async Task DeleteSshKeysAsync(TestMooring mooring)
    {
        foreach (var key in (await mooring.GetAsync("/ssh_keys/")).Data)
        {
            (await mooring.DeleteAsync("/ssh_keys/" + key["id"]!.GetValue<string>())).ShouldBe(200);
        }
    }
}
