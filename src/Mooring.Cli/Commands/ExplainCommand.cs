using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands;

/// <summary><c>mooring disks explain</c> and <c>mooring pods explain</c>.</summary>
internal sealed class ExplainCommand : ServerCommand
{
    private readonly Target _target;
    private readonly Argument<string> _argument;

    public ExplainCommand(Common common, Target target)
        : base(
            common,
            "explain",
            $"Say why a {target.Kind} is as it is, what comes next, and what you can do.",
            $"mooring {target.Kind}s explain {target.Example}")
    {
        _target = target;
        _argument = target.Argument();
        Arguments.Add(_argument);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = await _target.FindAsync(call, call.Value(_argument));
        var explanation = await (_target.IsDisk
            ? call.Client.ExplainDiskAsync(id, call.Ct)
            : call.Client.ExplainPodAsync(id, call.Ct));
        call.Printer.Details(explanation, Printer.Json.Explanation, Details(explanation, call.Around.Time));
        return ExitCode.Done;
    }

    private static IReadOnlyList<(string Name, string? Value)> Details(Explanation it, TimeProvider time) =>
    [
        (it.Kind, $"{it.Name} ({it.Id})"),
        ("status", $"{it.Status} for {Words.Age(it.Since, time)}, since {Words.Instant(it.Since)}"),
        ("why", it.Reason),
        ("next", it.Next),
        ("next try", it.NextTry is { } next ? Words.Until(next, time) : null),
        ("attempt", it.Attempt == 0 ? null : $"{it.Attempt}"),
        ("deadline", it.Deadline is { } end
            ? $"{Words.Instant(end)} ({Words.Until(end, time)}){(it.IsOverdue ? ", overdue" : "")}"
            : null),
        ("provider", $"{it.Provider.Type}, account {it.Provider.Account}"),
        ("named there", it.Provider.RemoteName + (it.Provider.RemoteId is { } remote ? $" (id {remote})" : "")),
        ("unreadable", it.Provider.UnreadableSince is { } since
            ? $"for {Words.Age(since, time)}: {it.Provider.UnreadableReason}"
            : null),
        ("deletion", it.ForbidDeletion ? "forbidden" : null),
        .. it.Holders.Select(holder => ("attachment", (string?)Attachment(it, holder, time))),
        .. it.YouCan.Select(advice => ("you can", (string?)advice)),
    ];

    private static string Attachment(Explanation it, ExplainedHolder holder, TimeProvider time)
    {
        var other = it.Kind == ResourceKinds.Disk ? $"pod {holder.PodId}" : $"disk {holder.DiskId}";
        return $"{other} at {holder.MountPath}, {holder.Status} for {Words.Age(holder.Since, time)}";
    }
}
