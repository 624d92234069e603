using System.Text.Json.Nodes;
using Mooring.Contract.Native;
using Mooring.Contract.V1;
using Mooring.Server.Accounts;
using Mooring.Server.Tests.Logins;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;
using Mooring.Server.Tests.ProviderAccounts;

namespace Mooring.Server.Tests.Http;

/// <summary>
/// <see cref="HostileValues"/> in every member of every body, in every query parameter and in every part of a path, as
/// the server's own endpoints name them. Whatever comes: no answer is a fault of the server's, each refusal has its
/// words, and a refused request leaves nothing behind.
/// </summary>
public abstract class HostileValueTests(Backend backend) : IAsyncLifetime
{
    // In samples, for what is known only once the server runs.
    private const string Account = "THE-ACCOUNT";
    private const string Orphan = "THE-ORPHAN";

    // Kestrel itself refuses a request line of more than 8 KiB, before there is a request.
    private const int LongestPath = 8_000;

    /// <summary>A body of each kind that is good but for the place that is replaced.</summary>
    internal static readonly IReadOnlyDictionary<Type, string> Good = new Dictionary<Type, string>
    {
        [typeof(CreateDiskRequest)] =
            """{"disk":{"size":1,"name":"n"},"provider":{"type":"hyperstack"},"team":null}""",
        [typeof(ChangeDiskRequest)] = """{"forbidDeletion":true}""",
        [typeof(RenameDiskRequest)] = """{"name":"n"}""",
        [typeof(CreatePodRequest)] = """
            {"pod":{"name":"p","cloudId":"cpu-1","gpuType":"CPU_NODE","socket":"PCIe","gpuCount":1,
                    "envVars":[{"key":"A","value":"b"}]},
             "provider":{"type":"hyperstack"},"disks":[],"team":null}
            """,
        [typeof(CreateSshKeyRequest)] = $$"""{"name":"n","publicKey":"{{ContractRoutes.SshKeyLine}}"}""",
        [typeof(UpdateSshKeyRequest)] = """{"isPrimary":true}""",
        [typeof(UpdateSlugRequest)] = """{"slug":"ada"}""",
        [typeof(GenerateChallengeRequest)] = LoginClient.Body,
        [typeof(ApproveLoginRequest)] = """{"name":"n","permissions":["disks:read"],"expiresAt":null}""",
        [typeof(CreateKeyRequest)] = """{"name":"n","permissions":["disks:read"],"expiresAt":null}""",
        [typeof(UpdateKeyRequest)] = """{"name":"n"}""",
        [typeof(CreateUserRequest)] = """{"name":"n","email":"n@localhost","role":"USER"}""",
        [typeof(UpdateUserRequest)] = """{"name":"n","role":"USER"}""",
        [typeof(CreateTeamRequest)] = """{"name":"n"}""",
        [typeof(UpdateTeamRequest)] = """{"name":"n"}""",
        [typeof(SetTeamMemberRequest)] = """{"role":"MEMBER"}""",
        [typeof(Contract.Native.Quota)] = """{"disks":1000000,"spendPerHour":1.5}""",
        [typeof(ChangeWalletRequest)] = """{"mode":"showback"}""",
        [typeof(TopUpRequest)] = """{"amountUsd":0.5,"reference":"n"}""",
        [typeof(AddProviderAccountRequest)] = $$"""
            {"type":"{{ScriptedCloud.Type}}","name":"n","credential":"{{ScriptedCloud.Good}}","priority":1,
             "settings":{},"test":true}
            """,
        [typeof(RotateCredentialRequest)] = $$"""{"credential":"{{ScriptedCloud.Better}}","test":true}""",
        [typeof(AdoptRequest)] =
            $$"""
            {"providerAccountId":"{{Account}}","name":"{{Orphan}}","remoteId":null,"diskName":"n","priceHr":0.1}
            """,
        [typeof(DeleteOrphanRequest)] = $$"""{"providerAccountId":"{{Account}}","name":"{{Orphan}}"}""",
    };

    private TestMooring? _mooring;
    private string _before = "";
    private string _account = "";
    private string _orphan = "";

    private TestMooring Mooring => _mooring!;

    public static TheoryData<string> Routes => [.. ServedRoutes.All.Select(route => route.ToString())];

    public static TheoryData<string> RoutesWithBodies =>
        [.. ServedRoutes.All.Where(route => route.Body is not null).Select(route => route.ToString())];

    public async ValueTask InitializeAsync()
    {
        // Finite stocks, so that what is refused can be seen to reserve nothing.
        _mooring = await TestMooring.StartAsync(
            mooring => mooring.Disks.Offers = [ScriptedDisks.PooledOffer(1_000)], backend);
        _orphan = Mooring.PlantOrphan();
        await Mooring.SweepAsync();
        _account = await Mooring.ProviderAccountIdAsync();
        _before = await Mooring.SnapshotAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public void Every_body_that_is_read_has_its_sample() => ServedRoutes.All
        .Select(route => route.Body).OfType<Type>().Distinct()
        .ShouldBe(Good.Keys, ignoreOrder: true);

    // Otherwise a refusal would be about something else than the value in question.
    [Theory]
    [MemberData(nameof(RoutesWithBodies))]
    public async Task The_sample_itself_is_accepted(string name)
    {
        var route = Of(name);

        var reply = await Mooring.SendAsync(
            route.Method, await PathForAsync(route), Filled(Good[route.Body!]));

        reply.Status.ShouldBeOneOf([200, 201], reply.Text);
    }

    [Theory]
    [MemberData(nameof(RoutesWithBodies))]
    public async Task In_bodies(string name)
    {
        var route = Of(name);
        string[] members =
        [
            "", .. ServedRoutes.MembersOf(route.Body!),
            "unknown", .. ServedRoutes.MembersOf(route.Body!)
                .Where(member => member.Contains('.') && !member.EndsWith(".0", StringComparison.Ordinal))
                .Select(member => member[..member.LastIndexOf('.')] + ".unknown").Distinct(),
        ];
        var path = await PathForAsync(route);
        _before = await Mooring.SnapshotAsync();
        foreach (var (index, member) in members.Index())
        {
            foreach (var value in new HostileValues((uint)index).ForBodies())
            {
                await CheckAsync(route, path, Put(Good[route.Body!], member, value));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task In_queries_and_paths(string name)
    {
        var route = Of(name);
        var body = route.Body is null ? null : Good[route.Body];
        var values = new HostileValues(0).ForAddresses();
        foreach (var parameter in route.Query)
        {
            foreach (var value in values)
            {
                await CheckAsync(
                    route, $"{route.PathWith("x")}?{parameter.Name}={Uri.EscapeDataString(value)}", body);
            }

            var doubled = string.Join(
                '&', values.Take(9).Select(one => $"{parameter.Name}={Uri.EscapeDataString(one)}"));
            await CheckAsync(route, $"{route.PathWith("x")}?{doubled}", body);
        }

        foreach (var value in route.PathParameters.Count == 0 ? [] : values)
        {
            // A path's "." and ".." are the client's own to resolve, and Kestrel refuses a NUL before there is a
            // request (docs/reference/errors.md).
            if (value.Trim('.', ' ').Length > 0 && !value.Contains('\0', StringComparison.Ordinal))
            {
                await CheckAsync(route, route.PathWith(Uri.EscapeDataString(value)), body);
            }
        }
    }

    private string Filled(string sample) => sample
        .Replace(Account, _account, StringComparison.Ordinal)
        .Replace(Orphan, _orphan, StringComparison.Ordinal);

    private async Task CheckAsync(ServedRoute route, string path, string? body)
    {
        body = body is null ? null : Filled(body);
        if (path.Length > LongestPath)
        {
            return;
        }

        var said = $"{route.Method} {path} {body}";
        var reply = await Mooring.SendAsync(route.Method, path, body);

        reply.Status.ShouldBeLessThan(500, said + "\n" + reply.Text);
        Mooring.Log.Errors.ShouldBeEmpty(said);
        if (reply.Status >= 400)
        {
            reply.ContentType.ShouldBe("application/json", said);
            reply.Object["detail"].ShouldNotBeNull(said);
            if (reply.Status == 422)
            {
                reply.ShouldFault(
                    [.. reply.Object["errors"]!.AsArray().Select(error => error!["param"]!.GetValue<string>())]);
            }
        }
        else
        {
            await UndoAsync(route, reply);
            _before = route.Method == "GET" ? _before : await Mooring.SnapshotAsync();
        }

        if (route.Method != "GET")
        {
            (await Mooring.SnapshotAsync()).ShouldBe(_before, said + "\n" + reply.Text);
        }
    }

    // What was accepted runs its course and is taken back, so that the next refusal is seen against a quiet server.
    private async Task UndoAsync(ServedRoute route, Reply reply)
    {
        if (route.Method != "POST" || !CanBeUndone(route.Pattern))
        {
            await Mooring.SettleAsync();
            return;
        }

        var item = route.Pattern + (reply.Object["id"] ?? reply.Object["prefix"])!.GetValue<string>();
        if (route.Pattern == "/api/v1/disks/")
        {
            await Mooring.ShowsAsync(item["/api/v1".Length..], "ACTIVE");
        }

        (await Mooring.SendAsync("DELETE", item)).ShouldBe(200);
        if (route.Pattern == "/api/v1/pods/")
        {
            await Mooring.ShowsAsync(item["/api/v1".Length..], "TERMINATED");
        }
    }

    // An account stays, as a user and a booking do, an orphan is one no more, and a login request ends by itself.
    private static bool CanBeUndone(string pattern) =>
        !pattern.StartsWith("/api/v1/auth_challenge", StringComparison.Ordinal)
        && !pattern.StartsWith("/api/mooring/v1/login-requests", StringComparison.Ordinal)
        && !pattern.StartsWith("/api/mooring/v1/providers", StringComparison.Ordinal)
        && !pattern.StartsWith("/api/mooring/v1/inventory", StringComparison.Ordinal)
        && !pattern.StartsWith("/api/mooring/v1/users", StringComparison.Ordinal)
        && !pattern.StartsWith("/api/mooring/v1/wallets", StringComparison.Ordinal);

    private async Task<string> PathForAsync(ServedRoute route) =>
        route.Pattern == "/api/mooring/v1/teams/{id}/members/{userId}"
            ? $"/api/mooring/v1/teams/{await NewTeamAsync()}/members/{(await Mooring.MintUserAsync()).Id}"
            : route.PathWith(await IdForAsync(route));

    private async Task<string> NewTeamAsync() => (await Mooring.SendAsync(
        "POST", "/api/mooring/v1/teams/", Good[typeof(CreateTeamRequest)])).ShouldBe(201).Id;

    private async Task<string> IdForAsync(ServedRoute route) => route.Pattern switch
    {
        "/api/mooring/v1/login-requests/{code}/approve" => await LoginClient.NewCodeAsync(Mooring),
        "/api/mooring/v1/providers/{id}/rotate" => (await Mooring.SendAsync(
            "POST", "/api/mooring/v1/providers/", Good[typeof(AddProviderAccountRequest)])).ShouldBe(201).Id,
        "/api/mooring/v1/keys/{prefix}" => ApiKey.PrefixOf(await Mooring.MintKeyAsync(0))!,
        "/api/mooring/v1/users/{id}" or "/api/mooring/v1/users/{id}/quota" => (await Mooring.MintUserAsync()).Id,
        "/api/mooring/v1/teams/{id}" or "/api/mooring/v1/teams/{id}/quota" => await NewTeamAsync(),
        "/api/mooring/v1/wallets/{id}" or "/api/mooring/v1/wallets/{id}/credits" =>
            (await Mooring.MintUserAsync()).Wallet,
        "/api/v1/disks/{id}" or "/api/mooring/v1/disks/{id}" => await Mooring.CreateDiskAsync(),
        "/api/v1/ssh_keys/{id}" =>
            (await Mooring.PostAsync("/ssh_keys/", Good[typeof(CreateSshKeyRequest)])).ShouldBe(200).Id,
        _ => "x",
    };

    /// <summary>The body with one place replaced by other text, which need not be JSON.</summary>
    private static string Put(string good, string member, string value)
    {
        const string Mark = "\"the place to replace\"";
        if (member.Length == 0)
        {
            return value == HostileValues.Absent ? "" : value;
        }

        var body = JsonNode.Parse(good)!;
        var parts = member.Split('.');
        var node = body;
        foreach (var (part, next) in parts.Zip(parts.Skip(1)))
        {
            node = node is JsonArray items
                ? items[0]!
                : node[part] ??= next == "0" ? new JsonArray() : new JsonObject();
        }

        if (node is JsonArray array)
        {
            array.Clear();
            array.Add(JsonNode.Parse(Mark));
        }
        else if (value == HostileValues.Absent)
        {
            node.AsObject().Remove(parts[^1]);
        }
        else
        {
            node[parts[^1]] = JsonNode.Parse(Mark);
        }

        return body.ToJsonString().Replace(Mark, value, StringComparison.Ordinal);
    }

    private static ServedRoute Of(string name) => ServedRoutes.All.Single(route => route.ToString() == name);
}

public sealed class SqliteHostileValueTests() : HostileValueTests(Backend.Sqlite);

public sealed class PostgresHostileValueTests() : HostileValueTests(Backend.PostgreSql);
