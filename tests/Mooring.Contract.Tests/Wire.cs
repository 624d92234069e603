using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Mooring.Contract.Json;

namespace Mooring.Contract.Tests;

/// <summary>
/// Reads and writes the contract's JSON, and compares it as parsed JSON: names, types, values, nulls.
/// </summary>
internal static class Wire
{
    public static T Read<T>(string json) => JsonSerializer.Deserialize(json, Info<T>())!;

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Info<T>());

    public static JsonNode RoundTrip<T>(string json) => JsonNode.Parse(Write(Read<T>(json)))!;

    public static void ShouldBe(JsonNode actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected))
            .ShouldBeTrue($"{actual.ToJsonString()} is not {expected}");

    /// <summary>The same JSON without members whose value is null.</summary>
    public static JsonNode WithoutNulls(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (value is null)
                {
                    members.Remove(name);
                }
                else
                {
                    WithoutNulls(value);
                }
            }
        }

        return node;
    }

    private static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)ContractJson.Default.GetTypeInfo(typeof(T))!;
}
