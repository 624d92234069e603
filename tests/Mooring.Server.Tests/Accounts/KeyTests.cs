using System.Text;
using Mooring.Server.Accounts;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Accounts;

/// <summary>What a valid key is (contract, section 2). What each may do is in RouteTableTests.</summary>
public sealed class KeyTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private TestMooring Mooring => shared.Mooring;

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
        var ending =
            await Mooring.MintKeyAsync(ApiKey.AllPermissions, key => key with { ExpiresAt = now.AddMicroseconds(1) });

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

        (await Mooring.SendAsync("DELETE", $"/api/mooring/v1/keys/{ApiKey.PrefixOf(key)}")).ShouldBe(200);

        ShouldBeUnauthorized(await Mooring.GetAsync("/disks/", key));
    }

    [Fact]
    public async Task The_first_key_is_in_a_file_for_its_owner_alone_and_nowhere_else()
    {
        var file = Path.Combine(Mooring.DataDirectory, "admin.key");

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(Mooring.AdminKey + "\n");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var row =
            await Mooring.ReadAsync(async db => (await db.ApiKeys.FindAsync(ApiKey.PrefixOf(Mooring.AdminKey)!))!);
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
        var counts = await mooring.ReadAsync(db => Task.FromResult(
            (db.ApiKeys.Count(), db.Users.Count(), db.Accounts.Count(), db.Wallets.Count())));
        counts.ShouldBe((1, 1, 1, 1));
    }

    [Fact]
    public async Task Health_wants_no_key()
    {
        (await Mooring.SendAsync("GET", "/healthz/live", key: "")).ShouldBe(200);
        (await Mooring.SendAsync("GET", "/healthz/ready", key: "")).ShouldBe(200);
    }

    private Task<Reply> SendAsync(string header) => Mooring.SendAsync(
        "GET",
        "/api/v1/disks/",
        key: "",
        change: request => request.Headers.TryAddWithoutValidation("Authorization", header));

    private static void ShouldBeUnauthorized(Reply reply)
    {
        reply.ShouldRefuse(401, "Authorization: Bearer");
        reply.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }
}
