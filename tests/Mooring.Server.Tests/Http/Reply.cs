using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Mooring.Server.Tests.Http;

/// <summary>An answer as a client sees it.</summary>
internal sealed record Reply(int Status, string Text, HttpResponseHeaders Headers, string? ContentType)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException("The body is null.");

    public JsonObject Object => Json.AsObject();

    public string Id => Object["id"]!.GetValue<string>();

    /// <summary>The <c>detail</c> of an error other than 422.</summary>
    public string Detail => Object["detail"]!.GetValue<string>();

    public IReadOnlyList<JsonObject> Data => [.. Object["data"]!.AsArray().Select(row => row!.AsObject())];

    /// <summary>The status is this one, or the test fails with the body.</summary>
    public Reply ShouldBe(int status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }

    /// <summary>An error with words for the user, and nothing else, as the contract's section 2 has it.</summary>
    public string ShouldRefuse(int status, params string[] words)
    {
        ShouldBe(status);
        ContentType.ShouldBe("application/json");
        Object.Select(member => member.Key).ShouldBe(["detail"]);
        Detail.Length.ShouldBeGreaterThan(10);
        foreach (var word in words)
        {
            Detail.ShouldContain(word);
        }

        return Detail;
    }

    /// <summary>A 422 in both of its forms, with these members at fault.</summary>
    public void ShouldFault(params string[] parameters)
    {
        ShouldBe(422);
        ContentType.ShouldBe("application/json");
        var details = Object["detail"]!.AsArray();
        var errors = Object["errors"]!.AsArray();
        Object.Count.ShouldBe(2);
        errors.Select(error => error!["param"]!.GetValue<string>()).ShouldBe(parameters, ignoreOrder: true);
        details.Count.ShouldBe(errors.Count);
        foreach (var (detail, error) in details.Zip(errors))
        {
            var where = detail!["loc"]!.AsArray().Select(part => part!.GetValue<string>()).ToList();
            where[0].ShouldBeOneOf("body", "query");
            string.Join('.', where.Count > 1 ? where.Skip(1) : where).ShouldBe(error!["param"]!.GetValue<string>());
            detail["msg"]!.GetValue<string>().ShouldBe(error["details"]!.GetValue<string>());
            detail["msg"]!.GetValue<string>().Length.ShouldBeGreaterThan(5);
            detail["type"]!.GetValue<string>().ShouldBe("value_error");
        }
    }

    /// <summary>
    /// The body is this JSON: names, types, values and nulls, where members that differ each time count as equal.
    /// </summary>
    public void ShouldBeJson(string expected)
    {
        var (left, right) = (Masked(Json), Masked(JsonNode.Parse(expected)!));
        JsonNode.DeepEquals(left, right).ShouldBeTrue($"{left.ToJsonString()}\nis not\n{right.ToJsonString()}");
    }

    private static JsonNode Masked(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var name in new[] { "id", "createdAt", "updatedAt", "userId", "walletId" })
                {
                    if (members[name] is JsonValue)
                    {
                        members[name] = "masked";
                    }
                }

                foreach (var (_, value) in members)
                {
                    _ = value is null ? null : Masked(value);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    _ = item is null ? null : Masked(item);
                }

                break;
        }

        return node;
    }
}
