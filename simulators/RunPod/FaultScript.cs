using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mooring.Simulators.RunPod;

/// <summary>Faults, written down.</summary>
public static class FaultScript
{
    /// <summary>
    /// Reads <c>{"faults": [{"kind": "lostReply", "on": ["volumes.create"], "times": 1, "fromSeconds": 60}]}</c>.
    /// </summary>
    /// <exception cref="FaultScriptException">It is no such script; the message says where and why.</exception>
    public static IReadOnlyList<Fault> Parse(string json)
    {
        try
        {
            var script = JsonSerializer.Deserialize<Script>(json, ScriptJson.Options)
                ?? throw new FaultScriptException("A script is an object with the list 'faults'.");
            foreach (var (index, fault) in script.Faults.Index())
            {
                Check(fault, $"faults[{index}]");
            }

            return script.Faults;
        }
        catch (JsonException unreadable)
        {
            throw new FaultScriptException(unreadable.Message, unreadable);
        }
    }

    internal static void Check(Fault fault, string place)
    {
        (bool Holds, string Words)[] rules =
        [
            (fault.On.Count > 0 && fault.On.All(Routes.IsKnown),
                $"'on' names routes: *, {string.Join(", ", Routes.All)}"),
            (fault.Probability is >= 0 and <= 1, "'probability' is from 0 to 1"),
            (fault.Times is null or >= 0, "'times' is 0 or more"),
            (fault.Calls.All(call => call >= 1), "'calls' counts from 1"),
            (fault.FromSeconds >= 0 && fault.UntilSeconds >= fault.FromSeconds, "the time ends after it begins"),
            (fault.Seconds is >= 0 and < 1e9 && (fault.SecondsMost ?? fault.Seconds) is var most
                && most >= fault.Seconds && most < 1e9, "'secondsMost' is 'seconds' or more"),
            (fault.HttpStatus is >= 300 and <= 599, "'httpStatus' is from 300 to 599"),
            (fault.RetryAfterSeconds is null or >= 0, "'retryAfterSeconds' is 0 or more"),
            (fault.Factor is >= 0 and <= 1_000_000, "'factor' is from 0 to a million"),
            (fault.Status.Length > 0, "'status' is a word"),
        ];
        foreach (var (_, words) in rules.Where(rule => !rule.Holds))
        {
            throw new FaultScriptException($"{place}: {words}.");
        }
    }
}

/// <summary>A script that can't be used.</summary>
public sealed class FaultScriptException(string words, Exception? inner = null) : Exception(words, inner);

internal sealed record Script(IReadOnlyList<Fault> Faults);

/// <summary>How scripts and books are written.</summary>
internal static class ScriptJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };
}
