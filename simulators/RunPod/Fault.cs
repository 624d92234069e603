namespace Mooring.Simulators.RunPod;

/// <summary>What can go wrong with a call.</summary>
public enum FaultKind
{
    /// <summary>A pod takes longer to run, or to be gone once it is deleted (TERMINATED all that time).</summary>
    Slow,

    /// <summary>It is refused, with words and a status (400).</summary>
    Refused,

    /// <summary>A create finds no room, and the catalogue no stock.</summary>
    OutOfStock,

    /// <summary>It is done, and the connection ends before the answer.</summary>
    LostReply,

    /// <summary>The connection ends before it is done.</summary>
    LostRequest,

    /// <summary>The connection ends, and it is done some time later.</summary>
    Late,

    /// <summary>It is done twice, as by a proxy that repeats requests.</summary>
    Duplicate,

    /// <summary>A deleted pod is gone, and its volume counts as mounted for some time yet.</summary>
    StuckDetach,

    /// <summary>A proxy answers 503 in HTML, and nothing is done.</summary>
    Unreachable,

    /// <summary>429 with Retry-After.</summary>
    Throttled,

    /// <summary>The catalogue's prices are multiplied.</summary>
    Price,

    /// <summary>Pods are shown with another status.</summary>
    WrongStatus,

    /// <summary>The oldest thing of the kind that is listed is gone for good, and nobody deleted it.</summary>
    Disappears,

    /// <summary>It is done, and the answer is held back.</summary>
    Hang,

    /// <summary>It is held back, and done if whoever asked is still there then.</summary>
    Stall,

    /// <summary>401: the key is not accepted.</summary>
    Unauthorized,

    /// <summary>A new pod exits by itself after some time.</summary>
    Ends,

    /// <summary>A new pod is in ERROR after some time.</summary>
    Fails,

    /// <summary>It is done, and the connection ends in the middle of the answer.</summary>
    Truncated,

    /// <summary>It is done, and the answer is 200 with what is no JSON.</summary>
    Garbage,
}

/// <summary>Something that goes wrong, and when. Of several that meet a call, the first is the one.</summary>
public sealed record Fault
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The calls it may meet, as <see cref="Routes"/> names them; <c>*</c> is all.</summary>
    public IReadOnlyList<string> On { get; init; } = ["*"];

    /// <summary>How often at most; null: without end.</summary>
    public int? Times { get; init; }

    /// <summary>By what chance, 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>From when on, in seconds since the start.</summary>
    public double FromSeconds { get; init; }

    /// <summary>Until when, not included.</summary>
    public double UntilSeconds { get; init; } = double.PositiveInfinity;

    /// <summary>The how manyth calls of their route, from 1; empty: all.</summary>
    public IReadOnlyList<long> Calls { get; init; } = [];

    /// <summary>How long what takes time takes: at least.</summary>
    public double Seconds { get; init; } = 10;

    /// <summary>And at most, by chance between the two; null: exactly <see cref="Seconds"/>.</summary>
    public double? SecondsMost { get; init; }

    /// <summary>What RunPod says.</summary>
    public string? Words { get; init; }

    /// <summary>The HTTP status of a refusal.</summary>
    public int HttpStatus { get; init; } = 400;

    /// <summary>For <see cref="FaultKind.Throttled"/>: whole seconds; null: no such header.</summary>
    public int? RetryAfterSeconds { get; init; } = 5;

    /// <summary>For <see cref="FaultKind.Price"/>.</summary>
    public decimal Factor { get; init; } = 2;

    /// <summary>For <see cref="FaultKind.WrongStatus"/>.</summary>
    public string Status { get; init; } = "ERROR";
}

/// <summary>A fault that met a call.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Route">The call's route.</param>
/// <param name="Number">The how manyth call of the route it was.</param>
/// <param name="At">When.</param>
public sealed record MetFault(FaultKind Kind, string Route, long Number, DateTimeOffset At);
