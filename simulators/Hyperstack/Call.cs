using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Mooring.Simulators.Hyperstack;

/// <summary>A request that has been let in.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Now">When it is done.</param>
/// <param name="Fault">What befalls it, or null.</param>
/// <param name="FaultTime">How long that takes.</param>
/// <param name="Body">Its body; empty without one.</param>
/// <param name="Query">Its query.</param>
/// <param name="Path">The values in its path.</param>
internal sealed record Call(
    Account Account,
    DateTimeOffset Now,
    Fault? Fault,
    TimeSpan FaultTime,
    JsonObject Body,
    IQueryCollection Query,
    IReadOnlyDictionary<string, string> Path)
{
    private const int PageSizeDefault = 10;

    public Assumptions Assumptions => Account.Script.Assumptions;

    public Delays Delays => Account.Script.Delays;

    public bool Meets(FaultKind kind) => Fault?.Kind == kind;

    /// <summary>When what is asked for now is done.</summary>
    public DateTimeOffset After(double seconds, FaultKind slower = FaultKind.Slow) =>
        Now + TimeSpan.FromSeconds(seconds) + (Meets(slower) ? FaultTime : TimeSpan.Zero);

    public long Id(string name = "id") =>
        long.TryParse(Path[name], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1;

    public string? Text(string name) =>
        Body[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public long? Number(string name) =>
        Body[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    public bool? Flag(string name) =>
        Body[name] is JsonValue value && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False
            ? Body[name]!.GetValue<bool>()
            : null;

    public IReadOnlyList<string> Texts(string name) =>
        Body[name] is JsonArray items ? [.. items.Select(item => item?.ToString() ?? "")] : [];

    public IReadOnlyList<long> Numbers(string name) => Body[name] is JsonArray items
        ? [.. items.OfType<JsonValue>().Select(item => item.TryGetValue<long>(out var number) ? number : -1)]
        : [];

    /// <summary>What can't be found; the contract lacks a 404 for some of it.</summary>
    public Reply Missing(string message) =>
        Reply.Error(Assumptions.MissingIs400 ? 400 : 404, message, "not_found");

    /// <summary>Whether the query's search finds this.</summary>
    public bool Searches(long id, string name)
    {
        var text = Query["search"].ToString();
        return text.Length == 0
            || (Assumptions.SearchIsByPrefix
                ? name.StartsWith(text, StringComparison.Ordinal)
                : name.Contains(text, StringComparison.Ordinal))
            || id.ToString(CultureInfo.InvariantCulture) == text;
    }

    /// <summary>The page that was asked for of what is there, cut from it as it is at this moment.</summary>
    public Reply Paged<T>(string list, IReadOnlyList<T> all, Func<T, JsonNode> show, Action<T>? vanish = null)
    {
        var (items, number, size) = PageOf(all, "pageSize", vanish);
        var shown = new JsonArray([.. items.Select(show)]);
        if (Meets(FaultKind.WrongStatus) && shown is [JsonObject first, ..])
        {
            first["status"] = Fault!.Status;
        }

        return Reply.Ok(
            "Success",
            (list, shown),
            ("page", number),
            ("page_size", size),
            ("count", Assumptions.CountIsOfThePage ? items.Count : all.Count));
    }

    /// <summary>What is on the page that was asked for, its number and how much a full one has.</summary>
    public (List<T> Items, int Number, int Size) PageOf<T>(
        IReadOnlyList<T> all, string sizeParameter, Action<T>? vanish)
    {
        var size = Math.Clamp(QueryNumber(sizeParameter, PageSizeDefault), 1, Assumptions.LargestPage);
        var number = Math.Max(1, QueryNumber("page", 1));
        var items = all.Skip((number - 1) * size).Take(size).ToList();
        if (Meets(FaultKind.Disappears) && items.Count > 0 && vanish is not null)
        {
            vanish(items[0]);
            items.RemoveAt(0);
        }

        return (items, number, size);
    }

    private int QueryNumber(string name, int otherwise) =>
        int.TryParse(Query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;
}
