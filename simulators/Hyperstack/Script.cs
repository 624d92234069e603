using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mooring.Simulators.Hyperstack;

/// <summary>What can go wrong.</summary>
public enum FaultKind
{
    /// <summary>What is asked for takes so many seconds longer.</summary>
    Slow,

    /// <summary>400 with the words.</summary>
    Refused,

    /// <summary>200 with <c>status: false</c> and the words.</summary>
    StatusFalse,

    /// <summary>400 with prose about capacity: there is no code for it.</summary>
    OutOfStock,

    /// <summary>A machine is accepted, and ends in ERROR.</summary>
    EndsInError,

    /// <summary>Done, and the connection is cut instead of an answer.</summary>
    LostReply,

    /// <summary>The connection is cut, and nothing done.</summary>
    LostRequest,

    /// <summary>The connection is cut, and it is done so many seconds later.</summary>
    Late,

    /// <summary>Two are made under one name.</summary>
    Duplicate,

    /// <summary>A detach takes so many seconds longer.</summary>
    StuckDetach,

    /// <summary>The connection is cut.</summary>
    Unreachable,

    /// <summary>500 with the message alone, and nothing done.</summary>
    ServerError,

    /// <summary>429.</summary>
    Throttled,

    /// <summary>401.</summary>
    Unauthorized,

    /// <summary>The price book says so many times the price.</summary>
    PriceChange,

    /// <summary>What is shown has this status, whatever it truly has.</summary>
    WrongStatus,

    /// <summary>The first of what would be shown vanishes, and is missing from the answer.</summary>
    Disappears,

    /// <summary>Held up for so many seconds before it is done.</summary>
    Hang,

    /// <summary>Done, and the answer is held up for so many seconds.</summary>
    SlowReply,
}

/// <summary>Something that goes wrong, and when. A call meets the first fault of the script that befalls it.</summary>
public sealed record Fault
{
    /// <summary>What goes wrong; <c>fault</c> in scripts.</summary>
    [JsonPropertyName("fault")]
    public required FaultKind Kind { get; init; }

    /// <summary>Names of routes (<c>volumes.create</c>), or their beginnings (<c>volumes.*</c>), or <c>*</c>.</summary>
    public required IReadOnlyList<string> On { get; init; }

    // What has a default can be set: read by generated code, an init-only property would lose it.

    /// <summary>From so many seconds after the start of the simulator.</summary>
    public double FromSeconds { get; init; }

    /// <summary>Until then; null for ever.</summary>
    public double? UntilSeconds { get; init; }

    /// <summary>So often at the most.</summary>
    public int? Times { get; init; }

    /// <summary>Only the calls of these numbers, from 1, of those that it could befall.</summary>
    public IReadOnlyList<int>? Calls { get; init; }

    /// <summary>With this chance, 0 to 1.</summary>
    public double Probability { get; set; } = 1;

    /// <summary>How long, for the faults that take time.</summary>
    public double Seconds { get; init; }

    /// <summary>If it is there: a time between <see cref="Seconds"/> and this, by chance.</summary>
    public double? SecondsMost { get; init; }

    /// <summary>What the cloud says.</summary>
    public string? Words { get; init; }

    /// <summary>The status that is shown.</summary>
    public string? Status { get; init; }

    /// <summary>How many times the price.</summary>
    public decimal Factor { get; set; } = 1;

    /// <summary>A Retry-After that the real cloud is not known to send.</summary>
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>A script: what goes wrong, how long things take, what is assumed.</summary>
public sealed record Script
{
    /// <summary>What goes wrong.</summary>
    public IReadOnlyList<Fault> Faults { get; set; } = [];

    /// <summary>How long things take.</summary>
    public Delays Delays { get; set; } = new();

    /// <summary>What is assumed.</summary>
    public Assumptions Assumptions { get; set; } = new();

    /// <summary>Reads a script from its text.</summary>
    /// <exception cref="FormatException">It is no script; the words say where.</exception>
    public static Script Parse(string json) => Read(json, ScriptJson.Default.Script);

    /// <summary>Reads a list of faults.</summary>
    /// <exception cref="FormatException">It is none; the words say where.</exception>
    public static IReadOnlyList<Fault> ParseFaults(string json) => Read(json, ScriptJson.Default.IReadOnlyListFault);

    private static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new FormatException("A script is not null.");
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"That is no script: {wrong.Message}", wrong);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(Script))]
[JsonSerializable(typeof(IReadOnlyList<Fault>))]
[JsonSerializable(typeof(Books))]
[JsonSerializable(typeof(string))]
internal sealed partial class ScriptJson : JsonSerializerContext;
