using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mooring.Server.Tests.Logins;

namespace Mooring.Server.Tests.Http;

/// <summary>
/// The answer of every route, member by member, against the contract's lists (sections 4 to 9 and 11; 14.5; 16.14):
/// none is missing, none is there that the contract does not have, each has its type, and what may not be null is not.
/// </summary>
public sealed class MemberTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    // A name that ends with ? may be null, and must be there all the same. * stands for any name.
    private const string PayingWallet = """
        {"id":"str","userId?":"str","teamId?":"str","name":"str","mode":"str","status":"str","creditUsd":"num",
         "spentUsd":"num","balanceUsd":"num","reservedUsd":"num","spendPerHour":"num","runsOutAt?":"time",
         "emptySince?":"time","reclaimedFrom?":"time","warningsGiven":"int"}
        """;

    private const string Credit =
        """{"number":"int","at":"time","amountUsd":"num","reference":"str","userId":"str"}""";

    private const string Spec = """
        {"minCount?":"int","defaultCount?":"int","maxCount?":"int","pricePerUnit?":"num","step?":"int",
         "defaultIncludedInPrice?":"bool","additionalInfo?":"str"}
        """;

    private const string Disk = """
        {"id":"str","name":"str","createdAt":"time","updatedAt":"time","terminatedAt?":"time","status":"str",
         "providerType":"str","size":"int",
         "info":{"cloudId?":"str","country?":"str","isMultinode":"bool","dataCenterId?":"str"},
         "priceHr?":"num","stoppedPriceHr?":"num","provisioningPriceHr?":"num","userId?":"str","teamId?":"str",
         "walletId?":"str","pods":["str"],"clusters":["str"]}
        """;

    private const string DiskOffer = $$"""
        {"cloudId?":"str","provider":"str","dataCenter?":"str","country?":"str","region?":"str","spec":{{Spec}},
         "stockStatus":"str","security":"str","isMultinode":"bool"}
        """;

    private const string GpuOffer = $$"""
        {"cloudId":"str","gpuType":"str","socket":"str","provider":"str","security":"str","region?":"str",
         "dataCenter?":"str","country?":"str","gpuCount":"int","gpuMemory":"int","disk":{{Spec}},"vcpu":{{Spec}},
         "memory":{{Spec}},"sharedDisk":{{Spec}},"internetSpeed?":"int","interconnect?":"int","interconnectType?":"str",
         "provisioningTime?":"int","stockStatus":"str",
         "prices":{"onDemand?":"num","communityPrice?":"num","isVariable?":"bool","currency":"str"},
         "images":["str"],"isSpot?":"bool","prepaidTime?":"int"}
        """;

    private const string ProviderAccount = """
        {"id":"str","type":"str","name":"str","priority":"int","settings":{"*":"str"},"createdAt":"time",
         "credentialSetAt?":"time","disabledAt?":"time","unreadableSince?":"time","unreadableReason?":"str"}
        """;

    private const string Prices = """
        {"*":{"*":{"*":{"onDemand?":"num","communityPrice?":"num","spotPrice?":"num"}}}}
        """;

    private const string Ports =
        """[{"internal":"str","external":"str","protocol":"str","usedBy?":"str","description?":"str"}]""";

    // "type" and "createdAt" of an attached resource: what the CLI reads if present (6.2).
    private const string Pod = $$"""
        {"id":"str","status":"str","createdAt":"time","providerType":"str","gpuName":"str","gpuCount":"int",
         "name?":"str","socket?":"str","type?":"str","ip?":"str",
         "resources?":{"memory?":"int","disk?":"int","shared_disk?":"int","vcpus?":"int"},
         "userId?":"str","teamId?":"str","walletId?":"str","clusterId?":"str","installationStatus":"str",
         "installationFailure?":"str","installationProgress?":"int","updatedAt?":"time","terminatedAt?":"time",
         "priceHr":"num","stoppedPriceHr?":"num","provisioningPriceHr?":"num","environmentType":"str",
         "customTemplateId?":"str","isSpot?":"bool","autoRestart?":"bool","primePortMapping":{{Ports}},
         "sshConnection?":"str",
         "attachedResources":[
           {"resourceType":"str","id":"str","status":"str","isDetachable":"bool","mountPath":"str",
            "resourcePath?":"str","size?":"int","isShared?":"bool","type":"str","createdAt":"time"}]}
        """;

    private const string PodStatus = $$"""
        {"podId":"str","providerType":"str","status":"str","sshConnection?":"str","ip?":"str",
         "installationStatus":"str","installationFailure?":"str","installationProgress?":"int","priceHr":"num",
         "costPerHr":"num","primePortMapping":{{Ports}}}
        """;

    private const string PastPod = """
        {"id":"str","name":"str","providerType":"str","type":"str","createdAt":"time","gpuName":"str","gpuCount":"int",
         "priceHr":"num","userId":"str","totalBilledPrice":"num","provisionedBy?":"str","terminatedAt?":"time",
         "socket?":"str","teamId?":"str"}
        """;

    private const string SshKey = """
        {"id":"str","userId":"str","name":"str","publicKey":"str","isPrimary":"bool","isUserKey":"bool",
         "createdAt":"time","updatedAt":"time"}
        """;

    private const string User = """
        {"id":"str","role":"str","createdAt":"time","name":"str","email":"str","slug?":"str","image?":"str",
         "emailVerified?":"bool","hasBetaAccess":"bool","isBanned":"bool","skipPrepay":"bool","blacklist":["str"],
         "scope":{"*":{"read":"bool","write":"bool"}}}
        """;

    private const string Billing = """
        {"id":"str","created_at":"time","updated_at":"time","last_billed_at?":"time","amount_usd":"num",
         "currency":"str","resource_type":"str","resource_id?":"str"}
        """;

    private const string Key = """
        {"prefix":"str","name":"str","userId":"str","teamId?":"str","permissions":["str"],"createdAt":"time",
         "expiresAt?":"time","revokedAt?":"time","disabledAt?":"time","lastUsedAt?":"time","lastUsedFrom?":"str"}
        """;

    private const string UserAccount = """
        {"id":"str","name":"str","email":"str","role":"str","slug?":"str","walletId":"str","createdAt":"time",
         "disabledAt?":"time"}
        """;

    private const string Team = """{"id":"str","name":"str","slug?":"str","walletId":"str","createdAt":"time"}""";

    private const string Member =
        """{"userId":"str","userName?":"str","userEmail?":"str","role":"str","joinedAt":"time"}""";

    private const string Quota = """
        {"userId?":"str","teamId?":"str",
         "limits":{"disks?":"int","sizeGb?":"int","instances?":"int","spendPerHour?":"num"},
         "inUse":{"disks":"int","sizeGb":"int","instances":"int","spendPerHour":"num"}}
        """;

    private const string Explanation = """
        {"id":"str","kind":"str","name":"str","status":"str","since":"time","reason?":"str",
         "provider":{"type":"str","account":"str","remoteName":"str","remoteId?":"str","unreadableSince?":"time",
           "unreadableReason?":"str"},
         "attempt":"int","nextTry?":"time","deadline?":"time","isOverdue":"bool",
         "holders":[{"podId":"str","diskId":"str","status":"str","mountPath":"str","since":"time"}],
         "forbidDeletion":"bool","next":"str","youCan":["str"]}
        """;

    private const string History = """
        {"data":[{"number":"int","at":"time","what":"str","status":"str","words?":"str","priceHr?":"num"}],
         "next?":"int"}
        """;

    private const string Live = """
        {"number":"int","kind":"str","resourceId":"str","at":"time","what":"str","status":"str","words?":"str",
         "priceHr?":"num"}
        """;

    private const string Login = """
        {"id":"str","status":"str","address":"str","userAgent?":"str","createdAt":"time","expiresAt":"time"}
        """;

    private const string Intervention = """{"id":"str","status":"str","did":["str"]}""";
    private const string ByType = "{\"*\":[" + GpuOffer + "]}";
    private const string Status = """{"status":"str"}""";

    private static readonly Dictionary<string, string> Answers = new()
    {
        ["GET /api/v1/disks/"] = List(Disk),
        ["POST /api/v1/disks/"] = Disk,
        ["GET /api/v1/disks/{id}"] = Disk,
        ["PATCH /api/v1/disks/{id}"] = """{"id":"str","name":"str"}""",
        ["DELETE /api/v1/disks/{id}"] = Status,
        ["GET /api/v1/availability/disks"] = $"[{DiskOffer}]",
        ["GET /api/v1/availability/gpus"] = Offers(GpuOffer),
        ["GET /api/v1/availability/multi-node"] = Offers(GpuOffer),
        ["GET /api/v1/availability/gpu-summary"] = Prices,
        ["GET /api/v1/availability/multi-node-summary"] = Prices,
        ["GET /api/v1/availability/"] = ByType,
        ["GET /api/v1/availability/clusters"] = ByType,
        ["GET /api/v1/pods/"] = List(Pod),
        ["POST /api/v1/pods/"] = Pod,
        ["GET /api/v1/pods/{id}"] = Pod,
        ["GET /api/v1/pods/status"] = $$"""{"data":[{{PodStatus}}]}""",
        ["GET /api/v1/pods/history"] = List(PastPod),
        ["DELETE /api/v1/pods/{id}"] = Status,
        ["GET /api/v1/pods/{id}/log"] = """{"data":"str"}""",
        ["GET /api/v1/user/whoami"] = $$"""{"data":{{User}},"status?":"str"}""",
        ["GET /api/v1/user/teams"] =
            List("""{"teamId":"str","name":"str","slug?":"str","role":"str","createdAt":"time"}"""),
        ["PATCH /api/v1/user/slug"] = $$"""{"data":{{User}}}""",
        ["GET /api/v1/teams/{teamId}/members"] = List(Member),
        ["GET /api/v1/billing/wallet"] = $$"""
            {"wallet_id":"str","team_id?":"str","balance_usd":"num","currency":"str","total_billings":"int",
             "recent_billings":[{{Billing}}]}
            """,
        ["GET /api/v1/ssh_keys/"] = List(SshKey),
        ["POST /api/v1/ssh_keys/"] = SshKey,
        ["PATCH /api/v1/ssh_keys/{id}"] = """{"message":"str","updated_fields":["str"]}""",
        ["DELETE /api/v1/ssh_keys/{id}"] = """{"message":"str"}""",
        ["GET /api/mooring/v1/keys/"] = $$"""{"data":[{{Key}}]}""",
        ["POST /api/mooring/v1/keys/"] = """
            {"prefix":"str","name":"str","permissions":["str"],"createdAt":"time","expiresAt?":"time","userId":"str",
             "teamId?":"str","key?":"str","detail?":"str"}
            """,
        ["PATCH /api/mooring/v1/keys/{prefix}"] = Key,
        ["GET /api/mooring/v1/users/"] = List(UserAccount),
        ["POST /api/mooring/v1/users/"] = UserAccount,
        ["GET /api/mooring/v1/users/{id}"] = UserAccount,
        ["PATCH /api/mooring/v1/users/{id}"] = UserAccount,
        ["GET /api/mooring/v1/users/{id}/quota"] = Quota,
        ["PUT /api/mooring/v1/users/{id}/quota"] = Quota,
        ["GET /api/mooring/v1/teams/"] = List(Team),
        ["POST /api/mooring/v1/teams/"] = Team,
        ["PATCH /api/mooring/v1/teams/{id}"] = Team,
        ["DELETE /api/mooring/v1/teams/{id}"] = """{"teamId":"str","userId?":"str"}""",
        ["PUT /api/mooring/v1/teams/{id}/members/{userId}"] = Member,
        ["DELETE /api/mooring/v1/teams/{id}/members/{userId}"] = """{"teamId":"str","userId?":"str"}""",
        ["GET /api/mooring/v1/teams/{id}/quota"] = Quota,
        ["PUT /api/mooring/v1/teams/{id}/quota"] = Quota,
        ["GET /api/mooring/v1/quotas"] = $$"""{"data":[{{Quota}}]}""",
        ["GET /api/mooring/v1/disks/{id}/events"] = History,
        ["POST /api/v1/auth_challenge/generate"] = """{"challenge":"str","status_auth_token":"str"}""",
        ["GET /api/v1/auth_challenge/status"] = """{"detail":"str"}""",
        ["GET /api/mooring/v1/login-requests/"] = $$"""{"data":[{{Login}}]}""",
        ["GET /api/mooring/v1/login-requests/{code}"] = Login,
        ["POST /api/mooring/v1/login-requests/{code}/approve"] = """
            {"id":"str","address":"str","keyPrefix":"str","permissions":["str"],"keyExpiresAt?":"time",
             "collectBefore":"time"}
            """,
        ["POST /api/mooring/v1/login-requests/{code}/deny"] = Login,
        ["GET /api/mooring/v1/events/stream"] = Live,
        ["GET /api/mooring/v1/disks/{id}/events/stream"] = Live,
        ["GET /api/mooring/v1/pods/{id}/events/stream"] = Live,
        ["GET /api/mooring/v1/disks/{id}/explain"] = Explanation,
        ["GET /api/mooring/v1/disks/{id}/deletion"] = """
            {"id":"str","name":"str","status":"str","size":"int","wouldBeAccepted":"bool","refusal?":"str",
             "forbidDeletion":"bool","usedBytes?":"int","usedWords":"str","lastAttachedAt?":"time",
             "lastReleasedAt?":"time",
             "holders":[{"podId":"str","diskId":"str","status":"str","mountPath":"str","since":"time"}],
             "costUsd":"num","priceHr?":"num"}
            """,
        ["PATCH /api/mooring/v1/disks/{id}"] = """{"id":"str","forbidDeletion":"bool"}""",
        ["POST /api/mooring/v1/disks/{id}/retry"] = Intervention,
        ["POST /api/mooring/v1/disks/{id}/suspend"] = Intervention,
        ["POST /api/mooring/v1/disks/{id}/resume"] = Intervention,
        ["POST /api/mooring/v1/disks/{id}/force-detach"] = Intervention,
        ["GET /api/mooring/v1/pods/{id}/events"] = History,
        ["GET /api/mooring/v1/pods/{id}/explain"] = Explanation,
        ["POST /api/mooring/v1/pods/{id}/retry"] = Intervention,
        ["GET /api/mooring/v1/stuck"] = """
            {"data":[{"kind":"str","id":"str","name":"str","status":"str","since":"time","deadline?":"time",
              "reason?":"str","attempt":"int","nextTry?":"time"}]}
            """,
        ["GET /api/mooring/v1/audit/ledger"] = """
            {"at":"time","resources":"int","events":"int","usageSpans":"int","wallets":"int","totalCount":"int",
             "differences":[{"id":"str","words":"str"}]}
            """,
        ["GET /api/mooring/v1/audit"] = """
            {"data":[{"number":"int","at":"time","keyPrefix?":"str","userId?":"str","accountId?":"str",
              "address?":"str","requestId":"str","action?":"str","target?":"str","status":"int","words?":"str"}],
             "next?":"int"}
            """,
        ["GET /api/mooring/v1/costs"] = """
            {"groupBy":"str","from":"day","to":"day","currency":"str","totalUsd":"num","forecastUsd":"num",
             "totalCount":"int","offset":"int","limit":"int","data":[{"id?":"str","name?":"str","usd":"num",
              "forecastUsd?":"num","status?":"str","priceHr?":"num","costToDate?":"num","idleSince?":"time",
              "idleCost?":"num"}]}
            """,
        ["GET /api/mooring/v1/wallets/"] =
            $$"""{"total_count":"int","totalCount":"int","offset":"int","limit":"int","data":[{{PayingWallet}}]}""",
        ["GET /api/mooring/v1/wallets/{id}"] = PayingWallet,
        ["PATCH /api/mooring/v1/wallets/{id}"] = PayingWallet,
        ["GET /api/mooring/v1/wallets/{id}/credits"] = $$"""{"data":[{{Credit}}],"next?":"int"}""",
        ["POST /api/mooring/v1/wallets/{id}/credits"] = $$"""{"credit":{{Credit}},"wallet":{{PayingWallet}}}""",
        ["GET /api/mooring/v1/wallets/{id}/events"] = History,
        ["GET /api/mooring/v1/offers/prices"] = """
            {"data":[{"providerAccountId":"str","providerType":"str","cloudId?":"str","dataCenter?":"str",
              "pricePerGbHour":"num","priceBefore?":"num","seenAt":"time"}],"totalCount":"int"}
            """,
        ["GET /api/mooring/v1/inventory/"] = """
            {"data":[{"kind":"str","providerAccountId":"str","providerType":"str","name":"str","remoteId?":"str",
              "sizeGb?":"int","costHr?":"num","words":"str","firstSeenAt":"time","listedAt":"time"}],
             "totalCount":"int"}
            """,
        ["POST /api/mooring/v1/inventory/adopt"] = """{"detail":"str"}""",
        ["POST /api/mooring/v1/inventory/delete"] = """{"detail":"str"}""",
        ["GET /api/mooring/v1/offers"] = $$"""
            {"data":[{"providerAccountId":"str","type":"str","answeredAt?":"time","ageSeconds?":"int","reason?":"str",
              "disks":[{{DiskOffer}}],"gpus":[{{GpuOffer}}]}]}
            """,
        ["GET /api/mooring/v1/providers/"] = $$"""{"data":[{{ProviderAccount}}]}""",
        ["POST /api/mooring/v1/providers/"] = ProviderAccount,
        ["POST /api/mooring/v1/providers/{id}/test"] =
            """{"id":"str","calls":[{"about":"str","succeeded":"bool","words":"str"}]}""",
        ["POST /api/mooring/v1/providers/{id}/rotate"] = ProviderAccount,
        ["POST /api/mooring/v1/providers/{id}/disable"] = ProviderAccount,
        ["POST /api/mooring/v1/providers/{id}/enable"] = ProviderAccount,
        ["GET /api/mooring/v1/providers/{id}/charges/"] = """
            {"providerAccountId":"str","type":"str","from":"day","to":"day","readAt?":"time","reason?":"str",
              "totalUsd":"num","disksUsd":"num","instancesUsd":"num","unmatchedUsd":"num",
              "days":[{"day":"day","disksUsd":"num","instancesUsd":"num","unmatchedUsd":"num"}],
              "totalCount":"int","resources":[{"kind":"str","remoteId":"str","name?":"str","resourceId?":"str",
                "chargedUsd":"num","accruedUsd?":"num"}],"offset":"int","limit":"int"}
            """,
        ["POST /api/mooring/v1/providers/{id}/charges/read"] = """
            {"providerAccountId":"str","from":"day","to":"day","readAt":"time","charges":"int"}
            """,
        ["DELETE /api/mooring/v1/keys/{prefix}"] = """{"prefix":"str","revokedAt":"time"}""",
    };

    public static TheoryData<string> Routes => [.. ContractRoutes.All.Select(route => route.ToString())];

    [Fact]
    public void Every_route_has_its_list() =>
        Answers.Keys.ShouldBe(ServedRoutes.All.Select(route => route.ToString()), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task An_answer_has_exactly_the_contracts_members(string name)
    {
        var route = ContractRoutes.All.Single(route => route.ToString() == name);
        await FillListsAsync();

        var reply = (await route.SendAsync(shared.Mooring)).ShouldBe(route.Success);

        Compare(reply.Json, JsonNode.Parse(Answers[name])!, "$");
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":"int","b":"int"}""")]
    [InlineData("""{"a":1,"b":1}""", """{"a":"int"}""")]
    [InlineData("""{"a":null}""", """{"a":"int"}""")]
    [InlineData("""{"a":"1"}""", """{"a":"int"}""")]
    [InlineData("""{"a":1.5}""", """{"a":"int"}""")]
    [InlineData("""{"a":"2025-11-07T21:07:15Z"}""", """{"a":"time"}""")]
    [InlineData("""{"a":[{"b":1}]}""", """{"a":[{"c":"int"}]}""")]
    [InlineData("""[]""", """{"a":"int"}""")]
    public void What_differs_is_found(string answer, string shape) => Should.Throw<ShouldAssertException>(
        () => Compare(JsonNode.Parse(answer)!, JsonNode.Parse(shape)!, "$"));

    // So that no list's rows go unseen.
    private async Task FillListsAsync()
    {
        var mooring = shared.Mooring;
        if ((await mooring.GetAsync("/pods/history")).Data.Count == 0)
        {
            await mooring.CreatePodAsync();
            await mooring.EndPodsAsync();
            (await mooring.PostAsync(
                "/ssh_keys/", $$"""{"name":"first","publicKey":"{{ContractRoutes.SshKeyLine}}"}""")).ShouldBe(200);
        }

        if ((await mooring.SendAsync("GET", "/api/mooring/v1/inventory/")).Data.Count == 0)
        {
            mooring.PlantOrphan();
            await mooring.SweepAsync();
        }

        if ((await mooring.SendAsync("GET", "/api/mooring/v1/login-requests/")).Data.Count == 0)
        {
            await LoginClient.NewCodeAsync(mooring);
        }

        if ((await mooring.GetAsync("/pods/")).Data.Count == 0)
        {
            await mooring.CreatePodAsync(await mooring.CreateDiskAsync());
        }
    }

    private static void Compare(JsonNode? actual, JsonNode shape, string where)
    {
        switch (shape)
        {
            case JsonObject members:
                CompareMembers((actual as JsonObject).ShouldNotBeNull(where), members, where);
                break;
            case JsonArray items:
                foreach (var item in (actual as JsonArray).ShouldNotBeNull(where))
                {
                    Compare(item, items[0]!, where + "[]");
                }

                break;
            default:
                HasType((actual as JsonValue).ShouldNotBeNull(where), shape.GetValue<string>())
                    .ShouldBeTrue($"{where} is {actual} and should be {shape}");
                break;
        }
    }

    private static void CompareMembers(JsonObject actual, JsonObject shape, string where)
    {
        if (shape.ContainsKey("*"))
        {
            foreach (var (name, value) in actual)
            {
                Compare(value, shape["*"]!, $"{where}.{name}");
            }

            return;
        }

        actual.Select(member => member.Key)
            .ShouldBe(shape.Select(member => member.Key.TrimEnd('?')), ignoreOrder: true, where);
        foreach (var (name, expected) in shape)
        {
            var value = actual[name.TrimEnd('?')];
            if (value is not null || !name.EndsWith('?'))
            {
                Compare(value, expected!, $"{where}.{name}");
            }
        }
    }

    private static bool HasType(JsonValue value, string type) => (value.GetValueKind(), type) switch
    {
        (JsonValueKind.String, "str") => true,
        (JsonValueKind.String, "time") => DateTime.TryParseExact(
            value.GetValue<string>(),
            "yyyy-MM-dd'T'HH:mm:ss.ffffff",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out _),
        (JsonValueKind.String, "day") => DateOnly.TryParseExact(value.GetValue<string>(), "yyyy-MM-dd", out _),
        (JsonValueKind.Number, "num") => true,
        (JsonValueKind.Number, "int") => value.TryGetValue<int>(out _),
        (JsonValueKind.True or JsonValueKind.False, "bool") => true,
        _ => false,
    };

    // Both totals: 13, D1.
    private static string List(string row) =>
        $$"""{"total_count":"int","totalCount":"int","offset":"int","limit":"int","data":[{{row}}]}""";

    private static string Offers(string offer) => $$"""{"items":[{{offer}}],"totalCount":"int"}""";
}
