using System.Text.Json.Nodes;
using CsCheck;
using Mooring.Server.Tests.Offers;

namespace Mooring.Server.Tests.Http;

/// <summary>
/// Values that nobody should send, in every member of every body, in every query parameter and in every id. Whatever
/// comes: no answer is a fault of the server's, each refusal has its words, and a refused request leaves nothing behind.
/// </summary>
public sealed class HostileValueTests(HostileMooring shared) : IClassFixture<HostileMooring>
{
    // Kestrel itself refuses a request line of more than 8 KiB, before there is a request.
    private const int LongestPath = 8_000;
    private const string Absent = "{\"absent\":true}";

    private static readonly Gen<string> Text = Gen.OneOf(
        OneOf(
            "", " ", "\0", "\n", "'", "\"", "' OR 1=1 --", "%", "_", "../../etc/passwd", "{}", "null", "true", "0", "-1", "1e309",
            "\u202e\u0000\uffff", "💾💾", "\ufffd", "<script>", "${jndi:ldap://x}", "$(reboot)", "a\tb", "ACTIVE", "TERMINATED"),
        Gen.String[Gen.Char, 0, 40].Select(OnlyWholeCharacters),
        Gen.Int[200, 4_000].Select(length => new string('x', length)),
        Gen.String[Gen.Char.AlphaNumeric, 1, 40]);

    private static readonly Gen<string> Number = Gen.OneOf(
        OneOf("0", "-0", "-1", "1", "1.5", "500.0", "1e2", "1e400", "-1e400", "1e-400", "2147483647", "2147483648",
            "-2147483649", "9223372036854775808", "79228162514264337593543950336", "0.1e1"),
        Gen.Int.Select(number => number.ToString()),
        Gen.Double.Where(double.IsFinite).Select(number => number.ToString("R")));

    private static readonly Gen<string> Json = Gen.OneOf(
        OneOf("null", "true", "false", "[]", "{}", "[null]", "[[]]", "{\"a\":1}", "{\"a\":1,\"a\":2}", "[{\"key\":null}]", "\"\\ud800\"",
            "[" + string.Join(',', Enumerable.Repeat("1", 300)) + "]",
            string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100)), Absent, "nul", "1,", "\""),
        Number,
        Text.Select(text => JsonValue.Create(text).ToJsonString()));

    private static readonly string[] DiskMembers =
        ["", "disk", "disk.size", "disk.name", "disk.cloudId", "disk.dataCenterId", "disk.country", "disk.unknown", "provider", "provider.type", "team", "team.teamId"];

    private static readonly string[] PodMembers =
    [
        "", "pod", "pod.cloudId", "pod.gpuType", "pod.socket", "pod.gpuCount", "pod.name", "pod.diskSize", "pod.vcpus", "pod.memory",
        "pod.maxPrice", "pod.image", "pod.customTemplateId", "pod.dataCenterId", "pod.country", "pod.jupyterPassword", "pod.sshKeyId",
        "pod.security", "pod.envVars", "pod.envVars.0", "pod.envVars.0.key", "pod.envVars.0.value", "pod.autoRestart", "pod.prepaidForHr",
        "pod.unknown", "provider", "provider.type", "disks", "disks.0", "team", "team.teamId", "sharedWithTeam", "shared_with_team",
        "teamMemberIds", "team_member_ids",
    ];

    private static readonly string[] Queries =
    [
        "/disks/?limit=", "/disks/?offset=", "/pods/?limit=", "/pods/?offset=", "/pods/status?pod_ids=", "/pods/history?sort_by=",
        "/pods/history?sort_order=", "/pods/history?limit=", "/ssh_keys/?limit=", "/ssh_keys/?offset=", "/availability/disks?page=",
        "/availability/disks?page_size=", "/availability/disks?regions=", "/availability/disks?data_center_id=",
        "/availability/disks?cloud_id=", "/availability/disks?envelope=", "/availability/gpus?gpu_count=", "/availability/gpus?gpu_type=",
        "/availability/gpus?socket=", "/availability/gpus?security=", "/availability/gpus?disks=", "/availability/gpus?page=",
        "/availability/multi-node?gpu_count=", "/availability/multi-node?disks=", "/availability/gpu-summary?x=",
    ];

    private static readonly (string Method, string Path, string? Body)[] Items =
    [
        ("GET", "/disks/{0}", null), ("PATCH", "/disks/{0}", """{"name":"n"}"""), ("DELETE", "/disks/{0}", null), ("GET", "/pods/{0}", null),
        ("DELETE", "/pods/{0}", null), ("GET", "/pods/{0}/log", null), ("PATCH", "/ssh_keys/{0}", """{"isPrimary":true}"""),
        ("DELETE", "/ssh_keys/{0}", null),
    ];

    private TestMooring Mooring => shared.Mooring;

    [Fact]
    public Task In_bodies_of_disks() => BodiesAsync(
        "POST", "/disks/", """{"disk":{"size":1,"name":"n"},"provider":{"type":"hyperstack"},"team":null}""", DiskMembers, 150);

    [Fact]
    public Task In_bodies_of_instances() => BodiesAsync(
        "POST",
        "/pods/",
        """
        {"pod":{"name":"p","cloudId":"cpu-1","gpuType":"CPU_NODE","socket":"PCIe","gpuCount":1,"envVars":[{"key":"A","value":"b"}]},
         "provider":{"type":"hyperstack"},"disks":["0"]}
        """,
        PodMembers,
        300);

    [Fact]
    public async Task In_bodies_of_renames() => await BodiesAsync(
        "PATCH", "/disks/" + await Mooring.CreateDiskAsync(), """{"name":"n"}""", ["", "name", "size"], 75);

    [Fact]
    public Task In_bodies_of_keys() => BodiesAsync(
        "POST",
        "/ssh_keys/",
        """{"name":"n","publicKey":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"}""",
        ["", "name", "publicKey", "isPrimary"],
        75);

    [Fact]
    public Task In_queries() => Gen.Select(OneOf(Queries), Text.Array[1, 3]).SampleAsync(
        async (query, values) =>
        {
            var name = query[(query.IndexOf('?', StringComparison.Ordinal) + 1)..];
            var path = query + string.Join('&' + name, values.Select(Uri.EscapeDataString));
            if (path.Length < LongestPath)
            {
                await CheckAsync("GET", path, null);
            }
        },
        iter: 250,
        threads: 1);

    [Fact]
    public Task In_ids() => Gen.Select(OneOf(Items), Text.Where(text => text.Length is > 0 and < 1_000)).SampleAsync(
        async (item, id) =>
        {
            // A path's "." and ".." are the client's own to resolve, and a NUL is refused by Kestrel before there is a request.
            if (id.Trim('.', ' ').Length > 0 && !id.Contains('\0', StringComparison.Ordinal))
            {
                await CheckAsync(item.Method, string.Format(item.Path, Uri.EscapeDataString(id)), item.Body);
            }
        },
        iter: 200,
        threads: 1);

    private Task BodiesAsync(string method, string path, string good, string[] members, int iterations) =>
        Gen.Select(OneOf(members), Json).SampleAsync(
            (member, value) => CheckAsync(method, path, Put(good, member, value)), iter: iterations, threads: 1);

    private async Task CheckAsync(string method, string path, string? body)
    {
        var before = await Mooring.SnapshotAsync();
        var said = $"{method} {path} {body}";

        var reply = await Mooring.SendAsync(method, "/api/v1" + path, body);

        reply.Status.ShouldBeLessThan(500, said + "\n" + reply.Text);
        if (reply.Status >= 400)
        {
            reply.Object["detail"].ShouldNotBeNull(said);
            if (reply.Status == 422)
            {
                reply.ShouldFault([.. reply.Object["errors"]!.AsArray().Select(error => error!["param"]!.GetValue<string>())]);
            }

            (await Mooring.SnapshotAsync()).ShouldBe(before, said + "\n" + reply.Text);
            Mooring.Log.Errors.ShouldBeEmpty(said);
            return;
        }

        await UndoAsync(method, path, reply);
    }

    // What was accepted runs its course and is taken back, so that the next refusal is seen against a quiet server.
    private async Task UndoAsync(string method, string path, Reply reply)
    {
        if (method != "POST")
        {
            return;
        }

        if (path != "/ssh_keys/")
        {
            await Mooring.ShowsAsync(path + reply.Id, "ACTIVE");
        }

        (await Mooring.DeleteAsync(path + reply.Id)).ShouldBe(200);
        if (path == "/pods/")
        {
            await Mooring.ShowsAsync(path + reply.Id, "TERMINATED");
        }
    }

    /// <summary>The body with one place replaced by other text, which need not be JSON.</summary>
    private static string Put(string good, string member, string value)
    {
        const string Mark = "\"the place to replace\"";
        var body = JsonNode.Parse(good)!;
        if (member.Length == 0)
        {
            return value;
        }

        var parts = member.Split('.');
        var node = body;
        foreach (var part in parts.SkipLast(1))
        {
            node = node is JsonArray items ? items[int.Parse(part)]! : node[part] ??= new JsonObject();
        }

        if (node is JsonArray array)
        {
            array[int.Parse(parts[^1])] = JsonNode.Parse(Mark);
        }
        else if (value == Absent)
        {
            node.AsObject().Remove(parts[^1]);
        }
        else
        {
            node[parts[^1]] = JsonNode.Parse(Mark);
        }

        return body.ToJsonString().Replace(Mark, value, StringComparison.Ordinal);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    // A lone half of a pair can't be sent as UTF-8; as an escape in JSON it is among the values above.
    private static string OnlyWholeCharacters(string text) => string.Concat(text.EnumerateRunes());
}

/// <summary>A server with finite stocks, so that what is refused can be seen to reserve nothing.</summary>
public sealed class HostileMooring : IAsyncLifetime
{
    private TestMooring? _mooring;

    internal TestMooring Mooring => _mooring ?? throw new InvalidOperationException("The server is not started.");

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync(
        mooring => mooring.Disks.Offers = [ScriptedDisks.PooledOffer(1_000)]);

    public async ValueTask DisposeAsync()
    {
        if (_mooring is not null)
        {
            await _mooring.DisposeAsync();
        }
    }
}
