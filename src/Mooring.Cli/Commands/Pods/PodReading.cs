using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Client;

namespace Mooring.Cli.Commands.Pods;

/// <summary><c>mooring pods list</c>.</summary>
internal sealed class ListPodsCommand : ServerCommand
{
    public ListPodsCommand(Common common)
        : base(
            common,
            "list",
            "List your pods that are there, newest first; 'history' has those that have ended.",
            "mooring pods list",
            "mooring pods list -o json | jq -r '.[].sshConnection'") => AddCommonOptions();

    protected override async Task<int> RunAsync(Call call)
    {
        var pods = await call.Client.ListPodsAsync(ct: call.Ct).ToListAsync(call.Ct);
        call.Printer.Rows(pods, Printer.Json.Pod, PodTables.List(call.Around.Time), "There are no pods.");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring pods history</c>.</summary>
internal sealed class PodHistoryCommand : ServerCommand
{
    private readonly Option<int> _limit = new("--limit")
    {
        Description = "Rows at most.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    public PodHistoryCommand(Common common)
        : base(
            common,
            "history",
            "List your pods that have ended, the last first, with what they cost.",
            "mooring pods history",
            "mooring pods history --limit 1000 -o json | jq 'map(.totalBilledPrice) | add'")
    {
        _limit.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int>() < 1)
            {
                option.AddError("--limit must be a number, at least 1.");
            }
        });
        Options.Add(_limit);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var ended = await call.Client.ListPodHistoryAsync(PodHistoryOrder.LastTerminatedFirst, ct: call.Ct)
            .Take(call.Value(_limit))
            .ToListAsync(call.Ct);
        call.Printer.Rows(ended, Printer.Json.PodHistoryEntry, PodTables.History, "No pod has ended yet.");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring pods get</c>.</summary>
internal sealed class GetPodCommand : ServerCommand
{
    private readonly Argument<string> _pod = new PodArgument();

    public GetPodCommand(Common common)
        : base(common, "get", "Show a pod; by its id also one that is gone.", "mooring pods get trainer-1")
    {
        Arguments.Add(_pod);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var pod = await call.Client.GetPodAsync(await Naming.PodAsync(call, call.Value(_pod)), call.Ct);
        call.Printer.Details(pod, Printer.Json.Pod, PodTables.Details(pod, call.Around.Time));
        return ExitCode.Done;
    }
}

/// <summary><c>mooring pods logs</c>.</summary>
internal sealed class PodLogsCommand : ServerCommand
{
    private readonly Argument<string> _pod = new PodArgument();

    private readonly Option<int> _tail = new("--tail")
    {
        Description = "Lines at most, from the end.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    public PodLogsCommand(Common common)
        : base(
            common,
            "logs",
            "Print the last lines that a pod's main process wrote.",
            "mooring pods logs trainer-1 --tail 1000")
    {
        _tail.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int>() < 1)
            {
                option.AddError("--tail must be a number, at least 1.");
            }
        });
        Arguments.Add(_pod);
        Options.Add(_tail);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = await Naming.PodAsync(call, call.Value(_pod));
        var log = await call.Client.GetPodLogAsync(id, call.Value(_tail), call.Ct);
        call.Printer.Lines(new(log), Printer.Json.PodLog, [.. Printable.Lines(log)]);
        return ExitCode.Done;
    }
}
