using System.Text.Json;

namespace Mooring.Providers.Simulated;

/// <summary>
/// One object of a script, read member by member. What was not asked for by the end is refused, with the names that are
/// known in its place: a mistyped member is never silently ignored. A member that is null counts as absent.
/// </summary>
internal sealed class ScriptObject
{
    private readonly JsonElement _element;
    private readonly string _path;
    private readonly string _source;
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    public ScriptObject(JsonElement element, string path, string source)
    {
        (_element, _path, _source) = (element, path, source);
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ScriptException($"{source}: {path} must be an object.");
        }
    }

    /// <summary>The object as it is written, for telling it from others.</summary>
    public string Text => JsonSerializer.Serialize(_element, ScriptJson.Default.JsonElement);

    public string? OptionalText(string name)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 1000 } text
            ? text
            : throw Fault(name, "must be text of 1 to 1000 characters, or null");
    }

    public string RequiredText(string name) => OptionalText(name) ?? throw Fault(name, "is required");

    public long Whole(string name, long otherwise, long least, long most) =>
        OptionalWhole(name, least, most) ?? otherwise;

    public long? OptionalWhole(string name, long least, long most)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            && number >= least && number <= most
            ? number
            : throw Fault(name, $"must be a whole number from {least} to {most}");
    }

    public decimal? OptionalDecimal(string name, decimal least, decimal most)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)
            && number >= least && number <= most
            ? number
            : throw Fault(name, $"must be a number from {least} to {most}");
    }

    public bool Flag(string name, bool otherwise) => Take(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Fault(name, "must be true or false"),
    };

    public TimeSpan? OptionalSeconds(string name, TimeSpan most) =>
        OptionalDecimal(name, 0, (decimal)most.TotalSeconds) is { } seconds
            ? TimeSpan.FromMicroseconds((double)decimal.Round(seconds * 1_000_000))
            : null;

    /// <summary>Seconds, or an object with <c>least</c> and <c>most</c> between which they are drawn.</summary>
    public Delay? OptionalDelay(string name, TimeSpan most)
    {
        if (Take(name) is not { ValueKind: JsonValueKind.Object } value)
        {
            return OptionalSeconds(name, most) is { } exact ? new Delay(exact, exact) : null;
        }

        var range = new ScriptObject(value, $"{_path}.{name}", _source);
        var shortest = range.OptionalSeconds("least", most) ?? throw range.Fault("least", "is required");
        var longest = range.OptionalSeconds("most", most) ?? throw range.Fault("most", "is required");
        range.End();
        return shortest <= longest
            ? new Delay(shortest, longest)
            : throw Fault(name, "must have a 'least' that is no more than its 'most'");
    }

    public T? OptionalOneOf<T>(string name, IReadOnlyDictionary<string, T> values)
        where T : struct
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String && values.TryGetValue(value.GetString()!, out var found)
            ? found
            : throw Fault(name, $"must be one of {string.Join(", ", values.Keys)}");
    }

    public IReadOnlyList<string>? OptionalTexts(string name) => OptionalItems(name)
        ?.Select(item => item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } text
            ? text
            : throw Fault(name, "must be a list of texts"))
        .ToList();

    public IReadOnlyList<long>? OptionalWholes(string name, long least) => OptionalItems(name)
        ?.Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var number) && number >= least
            ? number
            : throw Fault(name, $"must be a list of whole numbers, each {least} or more"))
        .ToList();

    public IReadOnlyList<ScriptObject> Objects(string name) =>
    [
        .. (OptionalItems(name) ?? []).Select(
            (item, index) => new ScriptObject(item, $"{_path}.{name}[{index}]", _source)),
    ];

    public ScriptObject? OptionalObject(string name) =>
        Take(name) is { } value ? new ScriptObject(value, $"{_path}.{name}", _source) : null;

    /// <summary>To be called when all that is known here was asked for.</summary>
    /// <exception cref="ScriptException">It has a member that was not asked for.</exception>
    public void End()
    {
        foreach (var member in _element.EnumerateObject().Where(member => !_known.Contains(member.Name)))
        {
            throw Fault(member.Name, $"is not known here. Known are: {string.Join(", ", _known)}");
        }
    }

    public ScriptException Fault(string name, string words) => new($"{_source}: {_path}.{name} {words}.");

    private JsonElement? Take(string name)
    {
        _known.Add(name);
        return _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private IEnumerable<JsonElement>? OptionalItems(string name) => Take(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value => value.EnumerateArray(),
        _ => throw Fault(name, "must be a list"),
    };
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
internal sealed partial class ScriptJson : System.Text.Json.Serialization.JsonSerializerContext;
