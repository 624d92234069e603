using System.CommandLine;

namespace Mooring.Cli.Commands;

/// <summary>A verb that speaks to a server.</summary>
internal abstract class ServerCommand : ExplainedCommand
{
    protected ServerCommand(
        Common common, string name, string description, params IReadOnlyList<string> examples)
        : base(name, description, examples)
    {
        Common = common;
        SetAction(InvokeAsync);
    }

    protected Common Common { get; }

    /// <summary>To be called when a verb's own options are there, so that help lists those first.</summary>
    protected void AddCommonOptions()
    {
        Options.Add(Common.Output);
        Common.AddAccess(this);
    }

    /// <returns>One of <see cref="ExitCode"/>.</returns>
    protected abstract Task<int> RunAsync(Call call);

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken ct)
    {
        using var interruption = new Interruption(ct);
        return await Verdict.OfAsync(
            Common.Around.Error,
            async () =>
            {
                using var call = Call.Open(Common, parsed, interruption.Work);
                return await RunAsync(call);
            },
            interruption.Work);
    }
}

/// <summary>A group of verbs, named by what they are about.</summary>
internal sealed class NounCommand : ExplainedCommand
{
    public NounCommand(string name, string description, params IReadOnlyList<ExplainedCommand> verbs)
        : base(name, description, [.. verbs.Select(verb => verb.Examples[0])])
    {
        foreach (var verb in verbs)
        {
            Subcommands.Add(verb);
        }
    }
}
