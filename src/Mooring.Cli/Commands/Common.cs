using System.CommandLine;
using Mooring.Cli.Configuration;

namespace Mooring.Cli.Commands;

/// <summary>The options that every verb which speaks to a server has, and the surroundings they all share.</summary>
internal sealed class Common(Surroundings around)
{
    public const string Json = "json";
    private const string Lines = "table";

    public Surroundings Around { get; } = around;

    public Option<string?> Server { get; } = new("--server")
    {
        Description = $"Address of the server; else {Access.ServerVariable}, else the context's, else "
            + $"{Access.DefaultServer}.",
        HelpName = "URL",
    };

    public Option<string?> KeyFile { get; } = new("--key-file")
    {
        Description = $"File that holds the API key, readable by you alone; else {Access.KeyVariable}, else the "
            + "context's. A key is never an argument: other users of the machine could read it.",
        HelpName = "FILE",
    };

    public Option<string?> Context { get; } = new("--context")
    {
        Description = $"Context of the configuration to use; else {Access.ContextVariable}, else the current one.",
        HelpName = "NAME",
    };

    public Option<string> Output { get; } = OutputOption();

    public Wanted Wanted(ParseResult parsed) =>
        new(parsed.GetValue(Server), parsed.GetValue(KeyFile), parsed.GetValue(Context));

    public bool IsJson(ParseResult parsed) => parsed.GetValue(Output) == Json;

    public void AddAccess(Command command)
    {
        command.Options.Add(Server);
        command.Options.Add(KeyFile);
        command.Options.Add(Context);
    }

    private static Option<string> OutputOption()
    {
        var output = new Option<string>("--output", "-o")
        {
            Description = "Form of the answer on standard output.",
            HelpName = $"{Lines}|{Json}",
            DefaultValueFactory = _ => Lines,
        };
        output.AcceptOnlyFromAmong(Lines, Json);
        return output;
    }
}
