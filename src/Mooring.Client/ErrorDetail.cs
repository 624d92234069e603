using System.Text.Json;

namespace Mooring.Client;

/// <summary>
/// The words in an error's body (contract, section 2). Samples:
/// <code>
/// {"detail":"disk 0199… is attached to pod 0198…; delete the pod first"}
/// {"detail":[{"loc":["body","disk","size"],"msg":"must be between 1 and 100000","type":"value_error"}],
///  "errors":[{"param":"disk.size","details":"must be between 1 and 100000"}]}
/// </code>
/// </summary>
internal static class ErrorDetail
{
    private const int WordsMax = 2_000;

    /// <summary>The server's words and its list of faults; both empty where the body has none.</summary>
    public static (string Words, IReadOnlyList<string> Faults) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return ("", []);
            }

            var faults = Faults(document.RootElement);
            return faults.Count > 0
                ? (Cut(string.Join("; ", faults)), faults)
                : (Cut(Text(document.RootElement, "detail")), []);
        }
        catch (JsonException)
        {
            // A proxy's HTML page, say: it would tell a user less than the status code does.
            return ("", []);
        }
    }

    private static List<string> Faults(JsonElement root)
    {
        var faults = new List<string>();
        foreach (var fault in Items(root, "detail"))
        {
            Add(
                faults,
                fault.ValueKind == JsonValueKind.String ? fault.GetString()! : Named(Place(fault), Text(fault, "msg")));
        }

        if (faults.Count == 0)
        {
            foreach (var fault in Items(root, "errors"))
            {
                Add(faults, Named(Text(fault, "param"), Text(fault, "details")));
            }
        }

        return faults;
    }

    private static void Add(List<string> faults, string fault)
    {
        if (fault.Length > 0)
        {
            faults.Add(fault);
        }
    }

    private static string Named(string place, string words) => place.Length == 0 ? words : $"{place}: {words}";

    private static string Place(JsonElement fault) =>
        string.Join('.', Items(fault, "loc").Select(part => part.ToString()).SkipWhile(part => part is "body"));

    private static JsonElement.ArrayEnumerator Items(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object
        && owner.TryGetProperty(name, out var list)
        && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : default;

    private static string Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object
        && owner.TryGetProperty(name, out var text)
        && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : "";

    private static string Cut(string words) => words.Length <= WordsMax ? words : words[..WordsMax] + " …";
}
