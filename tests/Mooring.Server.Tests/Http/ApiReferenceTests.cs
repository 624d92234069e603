using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mooring.Server.Http;

namespace Mooring.Server.Tests.Http;

/// <summary>/openapi/v1.json and /docs/api: complete, as checked in, and without a word to anybody else.</summary>
public sealed partial class ApiReferenceTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private TestMooring Mooring => shared.Mooring;

    [Fact]
    public async Task The_document_is_the_one_that_is_checked_in()
    {
        var served = (await ReadAsync()).ToJsonString();

        var stored = JsonNode.Parse(await File.ReadAllTextAsync(Stored(), TestContext.Current.CancellationToken))!;

        served.ShouldBe(
            stored.ToJsonString(),
            "Make it anew with: dotnet build src/Mooring.Daemon -p:UpdateApiReference=true");
    }

    [Fact]
    public async Task Every_route_is_in_it_with_its_words_and_its_permission()
    {
        var document = await ReadAsync();

        var operations = OperationsOf(document).ToList();

        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        operations.Select(one => one.Name).ShouldBe(
            ServedRoutes.All.Select(route => $"{route.Method} {route.Pattern.TrimEnd('/')}"), ignoreOrder: true);
        operations.Select(one => one.Operation["operationId"]!.GetValue<string>()).ShouldBeUnique();
        operations.ShouldAllBe(one => one.Operation["summary"]!.GetValue<string>().EndsWith('.')
            && one.Operation["description"]!.GetValue<string>().StartsWith("Permission: ")
            && one.Operation["tags"]!.AsArray().Count == 1);
        document["components"]!["securitySchemes"]!.AsObject().Count.ShouldBe(1);
        document["security"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Every_operation_has_its_body_its_answer_its_errors_and_its_parameters()
    {
        var operations = OperationsOf(await ReadAsync()).ToDictionary(one => one.Name, one => one.Operation);
        foreach (var route in ServedRoutes.All)
        {
            var operation = operations[$"{route.Method} {route.Pattern.TrimEnd('/')}"];
            var responses = operation["responses"]!.AsObject();
            var needsKey = route.Permissions.Count > 0;
            List<string> expected = needsKey ? ["401"] : [];
            expected.AddRange(!needsKey || route.Permissions is [{ Section: null }] ? [] : ["403"]);
            expected.AddRange(route.PathParameters.Count > 0 ? ["404"] : []);
            (operation["security"] is not JsonArray { Count: 0 }).ShouldBe(needsKey, route.ToString());
            expected.AddRange(route.Body is null ? [] : ["413", "415", "422"]);
            expected.AddRange(route.Query.Count > 0 ? ["422"] : []);

            expected.Except(responses.Select(one => one.Key)).ShouldBeEmpty(route.ToString());
            responses.Count(one => one.Key is "200" or "201").ShouldBe(1, route.ToString());
            responses.ShouldAllBe(one => one.Value!["content"]!.AsObject().First().Value!["schema"] != null
                && one.Value["content"]!.AsObject().First().Key
                    == (one.Key == "200" && route.Pattern.EndsWith("/stream")
                        ? "text/event-stream"
                        : "application/json")
                && one.Value["description"]!.GetValue<string>().EndsWith('.'));
            (operation["requestBody"] is not null).ShouldBe(route.Body is not null, route.ToString());
            var parameters = operation["parameters"]?.AsArray() ?? [];
            parameters.Select(one => one!["name"]!.GetValue<string>())
                .ShouldBe(
                    [
                        .. route.PathParameters,
                        .. route.Query.Select(one => one.Name),
                        .. route.Method == "POST" ? [Idempotency.Header] : Array.Empty<string>(),
                    ],
                    route.ToString());
            parameters.ShouldAllBe(one => one!["description"]!.GetValue<string>().EndsWith('.'));
        }
    }

    [Fact]
    public async Task Every_member_of_every_body_and_answer_is_described()
    {
        var schemas = (await ReadAsync())["components"]!["schemas"]!.AsObject();

        var silent = from schema in schemas
                     from member in schema.Value!["properties"]?.AsObject() ?? []
                     where WordsOf(member.Value!) is not { Length: > 2 } words || words.Contains("&lt;")
                     select $"{schema.Key}.{member.Key}";

        silent.ShouldBeEmpty();
        schemas.Where(schema => schema.Value!["description"] is null).Select(schema => schema.Key).ShouldBeEmpty();
        schemas.Count.ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task What_a_request_must_have_is_said()
    {
        var schemas = (await ReadAsync())["components"]!["schemas"]!;

        Required("CreateDiskRequest").ShouldBe(["disk", "provider"]);
        Required("CreateDisk").ShouldBe(["size"]);
        Required("CreatePod").ShouldBe(["cloudId", "gpuType", "socket", "gpuCount"]);
        Required("CreateKeyRequest").ShouldBe(["name"]);
        schemas["CreateDisk"]!["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();

        IEnumerable<string> Required(string name) =>
            schemas[name]!["required"]!.AsArray().Select(one => one!.GetValue<string>());
    }

    [Theory]
    [InlineData("/docs/api/")]
    [InlineData("/docs/api/scalar.js")]
    [InlineData("/docs/api/scalar.aspnetcore.js")]
    public async Task The_page_and_its_scripts_come_from_this_server_and_may_load_nothing_else(string path)
    {
        var reply = (await Mooring.SendAsync("GET", path, key: "")).ShouldBe(200);

        reply.Text.Length.ShouldBeGreaterThan(500);
        if (path == "/docs/api/")
        {
            reply.Text.ShouldNotContain("//", Case.Sensitive, "no address of another server");
            Source().Matches(reply.Text).Select(match => match.Groups["path"].Value)
                .ShouldBe(["scalar.js", "scalar.aspnetcore.js"]);
            reply.Text.ShouldContain("openapi/v1.json");
            reply.Text.ShouldContain("\"telemetry\":false");
            var policy = reply.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldContain("connect-src 'self';");
            policy.ShouldNotContain("//");
        }
    }

    [Fact]
    public async Task The_page_is_found_without_its_slash_too() =>
        (await Mooring.SendAsync("GET", "/docs/api", key: "")).Headers.Location!.ToString().ShouldBe("api/");

    private async Task<JsonObject> ReadAsync() =>
        (await Mooring.SendAsync("GET", "/openapi/v1.json", key: "")).ShouldBe(200).Object;

    private static IEnumerable<(string Name, JsonObject Operation)> OperationsOf(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!.AsObject());

    // Of a member that is another record or null, the words stand beside the reference.
    private static string? WordsOf(JsonNode member) => member["description"]?.GetValue<string>()
        ?? (member["oneOf"] as JsonArray)?.Select(one => one!["description"]?.GetValue<string>())
            .FirstOrDefault(words => words is not null);

    private static string Stored([CallerFilePath] string path = "")
    {
        var directory = path;
        while ((directory = Path.GetDirectoryName(directory)) is not null)
        {
            if (File.Exists(Path.Combine(directory, "mooring.slnx")))
            {
                return Path.Combine(directory, "docs", "reference", "openapi-v1.json");
            }
        }

        throw new InvalidOperationException($"{path} is in no checkout.");
    }

    [GeneratedRegex("src=\"(?<path>[^\"]*)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Source();
}
