using System.Text;
using Mooring.Server.Accounts;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Accounts;

/// <summary>Who may do what (contract, section 2 and 3; 13, D27 and D30).</summary>
public sealed class KeyTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private const string DiskId = "fdb5205fd9b14c9d804d3f70b4c96da0";
    private static readonly Access ReadWrite = Access.Read | Access.Write;

    private TestMooring Mooring => shared.Mooring;

    /// <summary>Every route: method, path, section, and what the permission is called.</summary>
    public static TheoryData<string, string, string, string> Routes => new()
    {
        { "GET", "/disks/", "Disks", "Disks: read" },
        { "POST", "/disks/", "Disks", "Disks: read and write" },
        { "GET", "/disks/" + DiskId, "Disks", "Disks: read" },
        { "PATCH", "/disks/" + DiskId, "Disks", "Disks: read and write" },
        { "DELETE", "/disks/" + DiskId, "Disks", "Disks: read and write" },
        { "GET", "/availability/disks", "Availability", "Availability: read" },
        { "GET", "/availability/gpus", "Availability", "Availability: read" },
        { "GET", "/availability/multi-node", "Availability", "Availability: read" },
        { "GET", "/availability/gpu-summary", "Availability", "Availability: read" },
        { "GET", "/pods/", "Instances", "Instances: read" },
        { "POST", "/pods/", "Instances", "Instances: read and write" },
        { "GET", "/pods/" + DiskId, "Instances", "Instances: read" },
        { "GET", "/pods/status", "Instances", "Instances: read" },
        { "GET", "/pods/history", "Instances", "Instances: read" },
        { "DELETE", "/pods/" + DiskId, "Instances", "Instances: read and write" },
        { "GET", $"/pods/{DiskId}/log", "Instances", "Instances: read" },
        { "GET", "/ssh_keys/", "SshKeys", "SSH keys: read" },
        { "POST", "/ssh_keys/", "SshKeys", "SSH keys: read and write" },
        { "PATCH", "/ssh_keys/" + DiskId, "SshKeys", "SSH keys: read and write" },
        { "DELETE", "/ssh_keys/" + DiskId, "SshKeys", "SSH keys: read and write" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Each_route_wants_a_key_and_its_own_permission(string method, string path, string section, string permission)
    {
        var own = Enum.Parse<Section>(section);
        var needed = method == "GET" ? Access.Read : ReadWrite;
        var others = Enum.GetValues<Section>().Where(one => one != own).Select(one => (one, ReadWrite));
        var before = await Mooring.SnapshotAsync();

        ShouldBeUnauthorized(await SendAsync(""));
        (await SendAsync(await Mooring.MintKeyAsync(ApiKey.Permit([.. others])))).ShouldRefuse(403, permission);
        if (method != "GET")
        {
            (await SendAsync(await Mooring.MintKeyAsync(ApiKey.Permit((own, Access.Read))))).ShouldRefuse(403, permission);
            (await SendAsync(await Mooring.MintKeyAsync(ApiKey.Permit((own, Access.Write))))).ShouldRefuse(403, permission);
        }

        // With just that permission it goes on to the route itself: an empty body is a 422 there, an unknown id a 404.
        (await SendAsync(await Mooring.MintKeyAsync(ApiKey.Permit((own, needed))))).Status.ShouldBeOneOf(200, 404, 422);
        (await Mooring.SnapshotAsync()).ShouldBe(before);

        Task<Reply> SendAsync(string key) => Mooring.SendAsync(method, "/api/v1" + path, method == "GET" ? null : "{}", key);
    }

    [Fact]
    public async Task The_routes_above_are_all_there_are()
    {
        var endpoints = ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)Mooring.App).DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal));

        var served = endpoints.SelectMany(endpoint => endpoint.Metadata
            .OfType<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()
            .Single().HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText!.Replace("{id}", DiskId, StringComparison.Ordinal)}"));

        served.ShouldBe(Routes.Select(row => $"{row.Data.Item1} /api/v1{row.Data.Item2}"), ignoreOrder: true);
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x")]
    [InlineData("Bearer mrg_")]
    [InlineData("Bearer mrg_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer mrg_00000000000")]
    [InlineData("Bearer mrg_' OR 1=1 --_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    [InlineData("mrg_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_valid_key_is_401(string header) => ShouldBeUnauthorized(await SendAsync(header));

    [Fact]
    public async Task A_keys_prefix_with_another_secret_is_401()
    {
        var key = Mooring.AdminKey;

        ShouldBeUnauthorized(await SendAsync("Bearer " + key[..^1] + (key[^1] == 'A' ? 'B' : 'A')));
        ShouldBeUnauthorized(await SendAsync("Bearer " + key[..^1]));
        ShouldBeUnauthorized(await SendAsync("Bearer " + new string('x', 5_000)));
    }

    [Fact]
    public async Task Two_authorization_headers_are_401() => ShouldBeUnauthorized(
        await Mooring.SendAsync("GET", "/api/v1/disks/", key: "", change: request =>
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer x");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Mooring.AdminKey);
        }));

    [Fact]
    public async Task The_schemes_name_is_read_in_any_case() =>
        (await SendAsync("bEARER " + Mooring.AdminKey)).ShouldBe(200);

    [Fact]
    public async Task A_key_ends_at_the_very_instant_of_its_expiry()
    {
        var now = Mooring.Time.Now();
        var over = await Mooring.MintKeyAsync(ApiKey.AllPermissions, key => key with { ExpiresAt = now });
        var ending = await Mooring.MintKeyAsync(ApiKey.AllPermissions, key => key with { ExpiresAt = now.AddMicroseconds(1) });

        ShouldBeUnauthorized(await Mooring.GetAsync("/disks/", over));
        (await Mooring.GetAsync("/disks/", ending)).ShouldBe(200);
        Mooring.Time.Advance(TimeSpan.FromMicroseconds(1));
        ShouldBeUnauthorized(await Mooring.GetAsync("/disks/", ending));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_from_the_next_request_on()
    {
        var key = await Mooring.MintKeyAsync(ApiKey.AllPermissions);
        (await Mooring.GetAsync("/disks/", key)).ShouldBe(200);

        await Mooring.Database.WriteAsync(
            async (db, ct) =>
            {
                var row = (await db.ApiKeys.FindAsync([ApiKey.PrefixOf(key)!], ct))!;
                db.Entry(row).Property(one => one.RevokedAt).CurrentValue = Mooring.Time.Now();
            },
            TestContext.Current.CancellationToken);

        ShouldBeUnauthorized(await Mooring.GetAsync("/disks/", key));
    }

    [Fact]
    public async Task The_first_key_is_in_a_file_for_its_owner_alone_and_nowhere_else()
    {
        var file = Path.Combine(Mooring.DataDirectory, "admin.key");

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(Mooring.AdminKey + "\n");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var row = await Mooring.ReadAsync(async db => (await db.ApiKeys.FindAsync(ApiKey.PrefixOf(Mooring.AdminKey)!))!);
        row.Hash.ShouldBe(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(Mooring.AdminKey)));
        Mooring.Log.All.ShouldAllBe(line => !line.Contains(Mooring.AdminKey));
    }

    [Fact]
    public async Task A_second_start_makes_no_second_key_and_the_first_still_opens()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var key = mooring.AdminKey;

        await mooring.RestartAsync();

        mooring.AdminKey.ShouldBe(key);
        (await mooring.GetAsync("/disks/" + disk)).ShouldBe(200);
        (await mooring.ReadAsync(db => Task.FromResult((db.ApiKeys.Count(), db.Users.Count(), db.Accounts.Count(), db.Wallets.Count()))))
            .ShouldBe((1, 1, 1, 1));
    }

    [Fact]
    public async Task Health_wants_no_key()
    {
        (await Mooring.SendAsync("GET", "/healthz/live", key: "")).ShouldBe(200);
        (await Mooring.SendAsync("GET", "/healthz/ready", key: "")).ShouldBe(200);
    }

    private Task<Reply> SendAsync(string header) => Mooring.SendAsync(
        "GET", "/api/v1/disks/", key: "", change: request => request.Headers.TryAddWithoutValidation("Authorization", header));

    private static void ShouldBeUnauthorized(Reply reply)
    {
        reply.ShouldRefuse(401, "Authorization: Bearer");
        reply.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }
}
