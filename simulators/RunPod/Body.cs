using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mooring.Simulators.RunPod;

/// <summary>
/// A request body, held against a strict schema: a field that is missing, unknown or of another type is told in
/// <c>errors</c>. As at the real place, where something required is missing all the other fields are called
/// "additional" too.
/// </summary>
internal sealed class Body
{
    private readonly JsonObject _fields;
    private readonly bool _nullsAreRefused;
    private readonly List<string> _errors = [];
    private readonly string _path;

    private Body(JsonObject fields, bool nullsAreRefused, string path, List<string>? errors = null)
    {
        (_fields, _nullsAreRefused, _path) = (fields, nullsAreRefused, path);
        _errors = errors ?? [];
    }

    public IReadOnlyList<string> Names => [.. _fields.Select(pair => pair.Key)];

    /// <summary>Reads it; null and a 400 where it is no JSON object.</summary>
    public static (Body? Body, Answer? Refusal) Read(Call call)
    {
        try
        {
            if (JsonNode.Parse(call.Body.Span) is JsonObject fields)
            {
                return (new Body(fields, call.Place.Options.Assumptions.NullsAreRefused, "$"), null);
            }
        }
        catch (JsonException)
        {
            // It is told below, like JSON of another kind.
        }

        return (null, Answer.Problem(400, "The request body is no JSON object."));
    }

    /// <summary>Which fields there must and may be.</summary>
    public Body Expect(IReadOnlyList<string> required, IReadOnlyList<string> optional)
    {
        var missing = required.Where(name => !_fields.ContainsKey(name)).ToList();
        _errors.AddRange(missing.Select(name => $"{_path}: missing property '{name}'"));
        var additional = Names.Where(
            name => missing.Count > 0 || (!required.Contains(name) && !optional.Contains(name)));
        _errors.AddRange(additional.Select(name => $"{_path}: additional properties '{name}' not allowed"));
        return this;
    }

    public string? Text(string name, params IReadOnlyList<string> allowed)
    {
        var value = Get<string>(name, "string");
        if (value is "" || (value is not null && allowed.Count > 0 && !allowed.Contains(value)))
        {
            _errors.Add($"{_path}.{name}: value must be one of the allowed ones and not empty");
        }

        return value;
    }

    public int? Number(string name, int least, int most)
    {
        var value = Get<int?>(name, "integer");
        if (value < least || value > most)
        {
            _errors.Add($"{_path}.{name}: must be from {least} to {most} but found {value}");
        }

        return value;
    }

    public bool? Flag(string name) => Get<bool?>(name, "boolean");

    public IReadOnlyList<string> Texts(string name)
    {
        if (!Has(name))
        {
            return [];
        }

        if (_fields[name] is JsonArray array && array.All(item => item?.GetValueKind() == JsonValueKind.String))
        {
            return [.. array.Select(item => item!.GetValue<string>())];
        }

        _errors.Add($"{_path}.{name}: want array of strings");
        return [];
    }

    public Body? Object(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        if (_fields[name] is JsonObject inner)
        {
            return new Body(inner, _nullsAreRefused, $"{_path}.{name}", _errors);
        }

        _errors.Add($"{_path}.{name}: want object");
        return null;
    }

    public IReadOnlyList<Body>? Objects(string name, int most)
    {
        if (!Has(name))
        {
            return null;
        }

        if (_fields[name] is not JsonArray array || array.Any(item => item is not JsonObject))
        {
            _errors.Add($"{_path}.{name}: want array of objects");
            return [];
        }

        if (array.Count > most)
        {
            _errors.Add($"{_path}.{name}: maxItems: got {array.Count}, want {most}");
        }

        return
        [
            .. array.Select((item, index) =>
                new Body((JsonObject)item!, _nullsAreRefused, $"{_path}.{name}[{index}]", _errors)),
        ];
    }

    /// <summary>A 422 if anything was wrong.</summary>
    public Answer? Refusal() =>
        _errors.Count == 0 ? null : Answer.Problem(422, "Request validation failed.", _errors);

    private bool Has(string name)
    {
        if (!_fields.TryGetPropertyValue(name, out var value))
        {
            return false;
        }

        if (value is null && _nullsAreRefused)
        {
            _errors.Add($"{_path}.{name}: got null");
        }

        return value is not null;
    }

    private T? Get<T>(string name, string want)
    {
        if (!Has(name))
        {
            return default;
        }

        if (_fields[name] is JsonValue value && value.TryGetValue<T>(out var got))
        {
            return got;
        }

        _errors.Add($"{_path}.{name}: want {want}");
        return default;
    }
}
