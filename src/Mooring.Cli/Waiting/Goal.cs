using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Waiting;

/// <summary>How far a resource is on the way to what is waited for.</summary>
internal enum Progress
{
    /// <summary>Still on the way.</summary>
    Waiting,

    /// <summary>What was waited for has come about.</summary>
    Reached,

    /// <summary>It will not come about by itself.</summary>
    Missed,
}

/// <summary>What is waited for.</summary>
/// <param name="Words">As in "not yet …".</param>
/// <param name="Of">What the server's explanation means for it.</param>
/// <param name="IsAbsence">Whether it has come about where the server knows the resource no more.</param>
internal sealed record Goal(string Words, Func<Explanation, Progress> Of, bool IsAbsence = false)
{
    public static Goal Active { get; } = new("ACTIVE", explanation => explanation.Status switch
    {
        Statuses.Active => Progress.Reached,
        Statuses.Error or Statuses.Stopped or Statuses.Deleting or Statuses.Terminated => Progress.Missed,
        _ => Progress.Waiting,
    });

    public static Goal Gone { get; } = new(
        "TERMINATED",
        explanation => explanation.Status == Statuses.Terminated ? Progress.Reached : Progress.Waiting,
        IsAbsence: true);

    public static Goal Free { get; } = new("free of instances", explanation => explanation switch
    {
        { Holders.Count: 0, Status: not Statuses.Pending } => Progress.Reached,
        _ => Progress.Waiting,
    });

    /// <summary>At rest again, wherever the retry leads to.</summary>
    public static Goal Settled { get; } = new("at rest", explanation => explanation.Status switch
    {
        Statuses.Active or Statuses.Stopped or Statuses.Terminated => Progress.Reached,
        Statuses.Error when explanation.NextTry is null => Progress.Missed,
        _ => Progress.Waiting,
    });
}
