using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Commands;

public sealed class KeyCommandTests : IAsyncLifetime
{
    private readonly CommandLine _line = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _line.Speak(_server);
        var revoked = Rows.Key("ffffffffffff", "old") with { RevokedAt = default(DateTimeOffset) };
        _server.On("GET /api/mooring/v1/keys", new KeyList([Rows.Key("0123456789ab", "ci"), revoked]));
        _server.On("POST /api/mooring/v1/keys", new CreatedKey
        {
            Prefix = "0123456789ab",
            Name = "ci",
            UserId = "cuser",
            TeamId = null,
            Permissions = ["disks:read"],
            CreatedAt = default,
            ExpiresAt = null,
            Key = "mrg_0123456789ab_sekret",
            Detail = null,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Fact]
    public async Task Lists_keys_with_what_they_may_do()
    {
        (await _line.RunAsync("keys", "list")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe(
            """
            PREFIX        NAME  STATE    PERMISSIONS  EXPIRES  TEAM  LAST USED  FROM  AGE
            0123456789ab  ci    holds    disks:write  never    -     never      -     60m
            ffffffffffff  old   revoked  disks:write  never    -     never      -     60m

            """);
    }

    [Theory]
    [InlineData("cgrace")]
    [InlineData("Grace")]
    [InlineData("grace@example.org")]
    public async Task An_operator_finds_the_prefix_of_anothers_key_and_from_where_it_was_used(string called)
    {
        _server.On("GET /api/mooring/v1/users", Rows.List(Rows.User("cada", "Ada"), Rows.User("cgrace", "Grace")));
        _server.On(
            "GET /api/mooring/v1/keys",
            new KeyList(
            [
                Rows.Key("4f2a90c1b7de", "laptop") with
                {
                    LastUsedAt = TimeProvider.System.GetUtcNow().AddMinutes(-5),
                    LastUsedFrom = "192.0.2.7",
                },
            ]));

        (await _line.RunAsync("keys", "list", "--user", called)).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe(
            """
            PREFIX        NAME    STATE  PERMISSIONS  EXPIRES  TEAM  LAST USED  FROM       AGE
            4f2a90c1b7de  laptop  holds  disks:write  never    -     5m ago     192.0.2.7  60m

            """);
        _server.Requests.Last().Route.ShouldBe("GET /api/mooring/v1/keys?user_id=cgrace");
    }

    [Fact]
    public async Task A_new_key_alone_goes_to_standard_output()
    {
        (await _line.RunAsync(
            "keys", "create", "ci", "-p", "disks:read", "-p", "admin:write", "--expires", "2999-01-31"))
            .ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe("mrg_0123456789ab_sekret\n");
        _line.Error.ShouldBe("key 0123456789ab (ci) holds until it is revoked: disks:read\n");
        _server.Requests.Last().Body.ShouldBe(
            """{"name":"ci","permissions":["disks:read","admin:write"],"expiresAt":"2999-01-31T00:00:00.000000","""
            + """ "teamId":null,"userId":null}""".TrimStart());
    }

    [Fact]
    public async Task A_key_can_be_named_by_an_option_and_be_a_teams()
    {
        _line.Time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero));
        _server.On("GET /api/mooring/v1/teams", Rows.List(Rows.Team("cteam", "T")));
        const string typed = "keys create --name ci --permission disks:write --permission availability:read "
            + "--expires 90d --team T";

        (await _line.RunAsync(typed.Split(' '))).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe("mrg_0123456789ab_sekret\n");
        _server.Requests.Last().Body.ShouldBe(
            """{"name":"ci","permissions":["disks:write","availability:read"],"expiresAt":"2027-02-27T"""
            + """00:00:00.000000","teamId":"cteam","userId":null}""");
    }

    [Theory]
    [InlineData("keys create", "Say what the key is for: 'keys create NAME', or --name NAME.")]
    [InlineData("keys create -p disks:read", "Say what the key is for: 'keys create NAME', or --name NAME.")]
    [InlineData("keys create ci --name ci", "The key is named twice: give NAME or --name, not both.")]
    public async Task A_new_key_has_one_name(string typed, string told)
    {
        (await _line.RunAsync(typed.Split(' '))).ShouldBe(ExitCode.Usage);

        _line.Error.ShouldBe($"{told}\n\nSee: mooring keys create --help\n");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_whose_text_was_lost_on_the_way_is_told_to_be_revoked()
    {
        _server.On("POST /api/mooring/v1/keys", new CreatedKey
        {
            Prefix = "0123456789ab",
            Name = "ci",
            UserId = "cuser",
            TeamId = null,
            Permissions = [],
            CreatedAt = default,
            ExpiresAt = null,
            Key = null,
            Detail = "It was made before.",
        });

        (await _line.RunAsync("keys", "create", "ci")).ShouldBe(ExitCode.Failed);

        _line.Output.ShouldBeEmpty();
        _line.Error.ShouldContain("mooring keys revoke 0123456789ab");
    }

    [Fact]
    public async Task A_new_key_can_be_written_to_a_file_that_nobody_else_may_read()
    {
        var file = Path.Combine(_line.Folder.Path, "ci.key");

        (await _line.RunAsync("keys", "create", "ci", "--save", file)).ShouldBe(ExitCode.Done);

        (_line.Output + _line.Error).ShouldNotContain("sekret");
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
            .ShouldBe("mrg_0123456789ab_sekret\n");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await _line.RunAsync("keys", "create", "ci", "--save", file)).ShouldBe(ExitCode.Usage);
        _server.Changes.Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("0d")]
    [InlineData("-1d")]
    public async Task An_expiry_that_is_no_time_is_refused(string time)
    {
        (await _line.RunAsync("keys", "create", "ci", "--expires", time)).ShouldBe(ExitCode.Usage);
        _server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ci")]
    [InlineData("0123456789ab")]
    public async Task Revokes_a_key_by_name_or_prefix(string called)
    {
        const string route = "DELETE /api/mooring/v1/keys/0123456789ab";
        _server.On(route, new RevokedKey("0123456789ab", default));

        (await _line.RunAsync("keys", "revoke", called, "-y")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe("key ci (0123456789ab) is revoked\n");
        _server.Changes.ShouldBe([route]);
    }

    [Fact]
    public async Task Revokes_another_users_key_by_its_prefix_and_says_beforehand_whose_it_is_not()
    {
        const string route = "DELETE /api/mooring/v1/keys/4f2a90c1b7de";
        _server.On(route, new RevokedKey("4f2a90c1b7de", default));

        (await _line.RunAsync("keys", "revoke", "4f2a90c1b7de")).ShouldBe(ExitCode.Usage);
        _line.Error.ShouldContain("4f2a90c1b7de is none of your own keys");
        _server.Changes.ShouldBeEmpty();

        (await _line.RunAsync("keys", "revoke", "4f2a90c1b7de", "-y")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldBe("key 4f2a90c1b7de is revoked\n");
        _server.Changes.ShouldBe([route]);
    }

    [Fact]
    public async Task A_revoked_key_is_not_called_by_its_name_any_more()
    {
        (await _line.RunAsync("keys", "revoke", "old", "-y")).ShouldBe(ExitCode.NotFound);
        _server.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_private_key_never_leaves_the_machine()
    {
        var file = _line.Folder.File("id", "-----BEGIN OPENSSH PRIVATE KEY-----\nsekret\n");

        (await _line.RunAsync("ssh-keys", "add", "laptop", file)).ShouldBe(ExitCode.Usage);

        _line.Error.ShouldBe($"mooring: {file} is the private half and stays with you; add {file}.pub\n");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Adds_promotes_and_removes_ssh_keys()
    {
        var file = _line.Folder.File("id.pub", "ssh-ed25519 AAAA me\n");
        _server.On("POST /api/v1/ssh_keys/", Rows.SshKey("ck1", "laptop"));
        _server.On(
            "GET /api/v1/ssh_keys/",
            new ListPage<SshKey> { TotalCount = 1, Offset = 0, Limit = 100, Data = [Rows.SshKey("ck1", "laptop")] });
        _server.On("PATCH /api/v1/ssh_keys/ck1", new SshKeyUpdated("It is your main one.", ["isPrimary"]));
        _server.On("DELETE /api/v1/ssh_keys/ck1", new SshKeyDeleted("It is deleted."));

        (await _line.RunAsync("ssh-keys", "add", "laptop", file)).ShouldBe(ExitCode.Done);
        JsonDocument.Parse(_server.Requests.Last().Body).RootElement.GetProperty("publicKey").GetString()
            .ShouldBe("ssh-ed25519 AAAA me");
        (await _line.RunAsync("ssh-keys", "primary", "laptop")).ShouldBe(ExitCode.Done);
        (await _line.RunAsync("ssh-keys", "delete", "ck1")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldBe("SSH key ck1: It is deleted.\n");
    }
}
