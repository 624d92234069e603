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
        server.Requests.ElementAt(1).Body.ShouldBe("""{"name":"ci","permissions":["disks:read"],"expiresAt":null,"teamId":null,"userId":null}""");
    }
}
