using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Cli.Waiting;
using Mooring.Client;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands;

/// <summary>An operator's hand on a disk or pod: retry, suspend, resume.</summary>
internal sealed class InterventionCommand : ServerCommand
{
    private readonly Target _target;
    private readonly Argument<string> _argument;
    private readonly Func<MooringClient, string, CancellationToken, Task<Intervention>> _act;
    private readonly WaitOptions? _wait;
    private readonly Goal? _goal;

    /// <param name="common">What all verbs share.</param>
    /// <param name="target">What it is about.</param>
    /// <param name="verb">Its name.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="act">The call.</param>
    /// <param name="goal">What can be waited for; null where the answer is the end.</param>
    private InterventionCommand(
        Common common,
        Target target,
        string verb,
        string description,
        Func<MooringClient, string, CancellationToken, Task<Intervention>> act,
        Goal? goal = null)
        : base(
            common,
            verb,
            description,
            $"mooring {target.Kind}s {verb} {target.Example}{(goal is null ? "" : " --wait")}")
    {
        _target = target;
        _act = act;
        _goal = goal;
        _argument = target.Argument();
        Arguments.Add(_argument);
        _wait = goal is null ? null : new WaitOptions(this, $"the {target.Kind} is {goal.Words}");
        AddCommonOptions();
    }

    public static InterventionCommand Retry(Common common, Target target) => new(
        common,
        target,
        "retry",
        $"Have the next step of a {target.Kind} that waits or failed tried at once.",
        target.IsDisk
            ? (client, id, ct) => client.RetryDiskAsync(id, ct)
            : (client, id, ct) => client.RetryPodAsync(id, ct),
        Goal.Settled);

    public static InterventionCommand Suspend(Common common) => new(
        common,
        Target.Disk,
        "suspend",
        "Suspend a disk: its data is kept, it can't be attached, and it costs its stopped price.",
        (client, id, ct) => client.SuspendDiskAsync(id, ct));

    public static InterventionCommand Resume(Common common) => new(
        common,
        Target.Disk,
        "resume",
        "End a disk's suspension.",
        (client, id, ct) => client.ResumeDiskAsync(id, ct),
        Goal.Active);

    protected override async Task<int> RunAsync(Call call)
    {
        var id = await _target.FindAsync(call, call.Value(_argument));
        var done = await _act(call.Client, id, call.Ct);
        await FinishAsync(call, _target, done, _wait, _goal);
        return ExitCode.Done;
    }

    /// <summary>Says what was done, and waits if that was asked for.</summary>
    public static async Task FinishAsync(Call call, Target target, Intervention done, WaitOptions? wait, Goal? goal)
    {
        if (wait is not null && goal is not null)
        {
            var (waited, now) = await wait.RunAsync(call, target.Kind, done.Id, goal);
            done = done with { Status = now?.Status ?? (waited ? Statuses.Terminated : done.Status) };
        }

        call.Printer.Lines(
            done, Printer.Json.Intervention, [.. done.Did, $"{target.Kind} {done.Id} is {done.Status}"]);
    }
}
