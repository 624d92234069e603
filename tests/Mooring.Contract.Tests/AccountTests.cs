using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Contract.Tests;

/// <summary>Users, teams, wallets (contract, sections 8 and 9) and API keys, as whole JSON.</summary>
public sealed class AccountTests
{
    [Fact]
    public void The_contracts_wallet_round_trips()
    {
        const string Example = """
            {"wallet_id":"clvb0iv0c0004oxev5mnt1xiv","team_id":null,"balance_usd":123.45,"currency":"USD",
             "total_billings":3,
             "recent_billings":[{"id":"b1","created_at":"2026-04-30T08:00:00.000000",
               "updated_at":"2026-04-30T08:00:00.000000","last_billed_at":null,"amount_usd":0.05,"currency":"USD",
               "resource_type":"disks","resource_id":"fdb5205fd9b14c9d804d3f70b4c96da0"}]}
            """;

        Wire.ShouldBe(Wire.RoundTrip<Wallet>(Example), Example);
    }

    [Fact]
    public void A_user_with_what_the_key_may_do_round_trips()
    {
        const string Example = """
            {"data":{"id":"clvb0itli0000oxevorvgrpfn","role":"ADMIN","createdAt":"2025-11-07T21:07:15.183000",
               "name":"Ada","email":"ada@example.org","slug":"ada","image":null,"emailVerified":null,
               "hasBetaAccess":false,"isBanned":false,"skipPrepay":false,"blacklist":[],
               "scope":{"disks":{"read":true,"write":false},"ssh_keys":{"read":true,"write":true}}},
             "status":null}
            """;

        Wire.ShouldBe(Wire.RoundTrip<WhoAmI>(Example), Example);
    }

    [Fact]
    public void A_login_is_asked_for_and_answered_in_the_vendors_words()
    {
        const string Question = """{"encryptionPublicKey":"-----BEGIN PUBLIC KEY-----"}""";
        const string Answer = """{"challenge":"KTM-4WX-9QF","status_auth_token":"t"}""";
        const string Waiting = """{"result":null}""";
        const string Done = """{"result":"c2VhbGVk"}""";

        Wire.ShouldBe(Wire.RoundTrip<GenerateChallengeRequest>(Question), Question);
        Wire.ShouldBe(Wire.RoundTrip<Challenge>(Answer), Answer);
        Wire.ShouldBe(Wire.RoundTrip<ChallengeStatus>(Waiting), Waiting);
        Wire.ShouldBe(Wire.RoundTrip<ChallengeStatus>(Done), Done);
    }

    [Fact]
    public void Teams_and_members_round_trip()
    {
        const string Teams = """
            {"total_count":1,"totalCount":1,"offset":0,"limit":100,
             "data":[{"teamId":"clvb0itli0000oxevorvgrpfn","name":"lab","slug":null,"role":"MEMBER",
                      "createdAt":"2025-11-07T21:07:15.183000"}]}
            """;
        const string Members = """
            {"total_count":1,"totalCount":1,"offset":0,"limit":100,
             "data":[{"userId":"clvb0itli0000oxevorvgrpfn","userName":null,"userEmail":null,"role":"ADMIN",
                      "joinedAt":"2025-11-07T21:07:15.183000"}]}
            """;

        Wire.ShouldBe(Wire.RoundTrip<ListPage<UserTeam>>(Teams), Teams);
        Wire.ShouldBe(Wire.RoundTrip<ListPage<TeamMember>>(Members), Members);
    }

    [Fact]
    public void Keys_round_trip()
    {
        const string Request = """
            {"name":"ci","permissions":["disks:write"],"expiresAt":"2030-01-01T00:00:00.000000",
             "teamId":null,"userId":null}
            """;
        const string Created = """
            {"prefix":"0123456789ab","name":"ci","userId":"clvb0itli0000oxevorvgrpfn","teamId":null,
             "permissions":["disks:read","disks:write"],
             "createdAt":"2025-11-07T21:07:15.183000","expiresAt":null,"key":"mrg_0123456789ab_secret",
             "detail":null}
            """;
        const string List = """
            {"data":[{"prefix":"0123456789ab","name":"ci","userId":"clvb0itli0000oxevorvgrpfn","teamId":null,
                      "permissions":[],"createdAt":"2025-11-07T21:07:15.183000",
                      "expiresAt":null,"revokedAt":"2025-11-08T00:00:00.000000","disabledAt":null,
                      "lastUsedAt":"2025-11-07T22:00:00.000000","lastUsedFrom":"127.0.0.1"}]}
            """;
        const string Revoked = """{"prefix":"0123456789ab","revokedAt":"2025-11-08T00:00:00.000000"}""";

        Wire.ShouldBe(Wire.RoundTrip<CreateKeyRequest>(Request), Request);
        Wire.ShouldBe(Wire.RoundTrip<CreatedKey>(Created), Created);
        Wire.ShouldBe(Wire.RoundTrip<KeyList>(List), List);
        Wire.ShouldBe(Wire.RoundTrip<RevokedKey>(Revoked), Revoked);
    }
}
