using System.Text.Json.Nodes;

namespace Mooring.Providers.Simulated.Tests;

/// <summary>
/// The schema that editors read says what the reader does: the reader's own word for what it knows is in the message
/// with which it refuses a member that nobody knows.
/// </summary>
public class SchemaTests
{
    private static readonly JsonObject Schema = (JsonObject)JsonNode.Parse(Guide.Schema)!;

    public static TheoryData<string> Kinds => [.. FaultReader.Kinds.Keys];

    [Theory]
    [InlineData("", """{ "provider": "a", "bogus": 1 }""")]
    [InlineData("properties/delays", """{ "provider": "a", "delays": { "bogus": 1 } }""")]
    [InlineData("$defs/disk", """{ "provider": "a", "disks": [{ "bogus": 1 }] }""")]
    [InlineData("$defs/instance", """{ "provider": "a", "instances": [{ "cloudId": "x", "bogus": 1 }] }""")]
    public void Names_the_members_that_the_reader_knows(string place, string script)
    {
        var described = (JsonObject)place.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate<string, JsonNode>(Schema, (node, name) => node[name]!);
        Names(described).ShouldBe(KnownIn(script), ignoreOrder: true);
        described["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public void Names_every_kind_of_fault() =>
        Faults.Keys.ShouldBe(FaultReader.Kinds.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Names_the_members_and_verbs_of_each_kind_of_fault(string kind)
    {
        var described = Faults[kind];
        var possible = FaultKinds.CanBefall(FaultReader.Kinds[kind]).Select(verb => verb.NameOf());
        var verbs = Enumeration(described["properties"]!["on"]!["items"]!).ToList();
        verbs.Where(verb => !verb.Contains('*', StringComparison.Ordinal)).ShouldBe(possible, ignoreOrder: true);
        verbs.Where(verb => verb.Contains('*', StringComparison.Ordinal)).ShouldAllBe(pattern =>
            Verbs.Matching(pattern).Any(verb => possible.Contains(verb.NameOf())));

        string[] values = [.. described["required"]!.AsArray().Select(member => member!.GetValue<string>() switch
        {
            "seconds" => "\"seconds\": 1",
            "factor" => "\"factor\": 2",
            "status" => "\"status\": \"Ready\"",
            _ => $"\"fault\": \"{kind}\", \"on\": [\"{possible.First()}\"]",
        }).Distinct()];
        var known = KnownIn($$"""
            { "provider": "a", "faults": [{ {{string.Join(", ", values)}}, "bogus": 1 }] }
            """);
        Names(described).Concat(Names((JsonObject)Schema["$defs"]!["conditions"]!)).ShouldBe(known, ignoreOrder: true);
    }

    [Fact]
    public void Names_every_state_and_region()
    {
        Enumeration(Faults["wrongStatus"]["properties"]!["status"]!)
            .ShouldBe(FaultReader.DiskStates.Keys.Union(FaultReader.InstanceStates.Keys), ignoreOrder: true);
        foreach (var region in Enumeration(Schema["$defs"]!["disk"]!["properties"]!["region"]!))
        {
            Simulation.Parse($$"""{ "provider": "a", "disks": [{ "region": "{{region}}" }] }""")
                .Disks.Single().Offer.Place.Region.ShouldBe(region);
        }
    }

    [Fact]
    public void Every_member_and_every_fault_is_explained_on_the_page()
    {
        var page = Guide.Page;
        string[] members =
        [
            .. Names(Schema), .. Names((JsonObject)Schema["properties"]!["delays"]!),
            .. Names((JsonObject)Schema["$defs"]!["disk"]!), .. Names((JsonObject)Schema["$defs"]!["instance"]!),
            .. Names((JsonObject)Schema["$defs"]!["conditions"]!), .. Faults.Values.SelectMany(Names), .. Faults.Keys,
            .. Verbs.All.Select(verb => verb.NameOf()),
        ];
        members.Distinct().Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static Dictionary<string, JsonObject> Faults => Schema["$defs"]!["fault"]!["oneOf"]!.AsArray()
        .ToDictionary(kind => kind!["properties"]!["fault"]!["const"]!.GetValue<string>(), kind => (JsonObject)kind!);

    private static IEnumerable<string> Names(JsonObject described) =>
        ((JsonObject)described["properties"]!).Select(member => member.Key);

    private static IEnumerable<string> Enumeration(JsonNode described) =>
        described["enum"]!.AsArray().Where(value => value is not null).Select(value => value!.GetValue<string>());

    private static string[] KnownIn(string script)
    {
        const string Known = "bogus is not known here. Known are: ";
        var message = Should.Throw<ScriptException>(() => Simulation.Parse(script)).Message;
        message.ShouldContain(Known);
        return message[(message.IndexOf(Known, StringComparison.Ordinal) + Known.Length)..].TrimEnd('.').Split(", ");
    }
}
