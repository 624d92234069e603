using Mooring.Contract.Native;

namespace Mooring.Client.Tests;

public sealed class KeyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_makes_and_revokes_keys()
    {
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(context => asked++ switch
        {
            0 => LoopbackServer.AnswerAsync(context, new KeyList([])),
            1 => LoopbackServer.AnswerAsync(
                context,
                new CreatedKey
                {
                    Prefix = "0123456789ab",
                    Name = "ci",
                    UserId = "cuser",
                    TeamId = null,
                    Permissions = ["disks:read"],
                    CreatedAt = default,
                    ExpiresAt = null,
                    Key = "mrg_new.key",
                    Detail = null,
                },
                status: 201),
            _ => LoopbackServer.AnswerAsync(context, new RevokedKey("0123456789ab", default)),
        });

        (await server.Client.ListKeysAsync(Ct)).ShouldBeEmpty();
        var request = new CreateKeyRequest { Name = "ci", Permissions = ["disks:read"] };
        (await server.Client.CreateKeyAsync(request, Ct)).Key.ShouldBe("mrg_new.key");
        (await server.Client.RevokeKeyAsync("0123456789ab", Ct)).Prefix.ShouldBe("0123456789ab");

        server.Requests.Select(seen => $"{seen.Method} {seen.Target}").ShouldBe(
        [
            "GET /api/mooring/v1/keys",
            "POST /api/mooring/v1/keys",
            "DELETE /api/mooring/v1/keys/0123456789ab",
        ]);
        server.Requests.ElementAt(1).Body.ShouldBe(
            """{"name":"ci","permissions":["disks:read"],"expiresAt":null,"teamId":null,"userId":null}""");
    }

    [Fact]
    public async Task Asks_for_another_users_keys_by_the_users_id()
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, new KeyList([])));

        (await server.Client.ListUserKeysAsync("cgrace&x", Ct)).ShouldBeEmpty();

        server.Requests.ShouldHaveSingleItem().Target.ShouldBe("/api/mooring/v1/keys?user_id=cgrace%26x");
    }

    [Fact]
    public async Task Looks_at_a_login_request_approves_and_denies_it()
    {
        var asked = new LoginRequest
        {
            Id = "4f2a90c1b7de",
            Status = "WAITING",
            Address = "192.0.2.7",
            UserAgent = null,
            CreatedAt = Sample.Created,
            ExpiresAt = Sample.Created,
        };
        await using var server = await LoopbackServer.StartAsync(context => context.Request.Path.Value switch
        {
            "/api/mooring/v1/login-requests" => LoopbackServer.AnswerAsync(context, new LoginRequestList([asked])),
            "/api/mooring/v1/login-requests/KTM-4WX-9QF/approve" => LoopbackServer.AnswerAsync(
                context,
                new ApprovedLogin
                {
                    Id = asked.Id,
                    Address = asked.Address,
                    KeyPrefix = "0123456789ab",
                    Permissions = ["disks:read"],
                    KeyExpiresAt = null,
                    CollectBefore = Sample.Created,
                }),
            _ => LoopbackServer.AnswerAsync(context, asked),
        });

        (await server.Client.ListLoginRequestsAsync(Ct)).Single().Address.ShouldBe("192.0.2.7");
        (await server.Client.GetLoginRequestAsync("KTM 4WX 9QF", Ct)).Id.ShouldBe(asked.Id);
        var wish = new ApproveLoginRequest { Name = "laptop", Permissions = ["disks:read"] };
        (await server.Client.ApproveLoginRequestAsync("KTM-4WX-9QF", wish, Ct)).KeyPrefix.ShouldBe("0123456789ab");
        (await server.Client.DenyLoginRequestAsync(asked.Id, Ct)).Status.ShouldBe("WAITING");

        server.Requests.Select(seen => $"{seen.Method} {seen.Target} {seen.Body}").ShouldBe(
        [
            "GET /api/mooring/v1/login-requests ",
            "GET /api/mooring/v1/login-requests/KTM%204WX%209QF ",
            "POST /api/mooring/v1/login-requests/KTM-4WX-9QF/approve "
                + """{"name":"laptop","permissions":["disks:read"],"expiresAt":null}""",
            "POST /api/mooring/v1/login-requests/4f2a90c1b7de/deny ",
        ]);
    }
}
