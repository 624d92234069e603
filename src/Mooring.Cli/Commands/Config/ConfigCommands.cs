using System.CommandLine;
using Mooring.Cli.Configuration;
using Mooring.Cli.Output;

namespace Mooring.Cli.Commands.Config;

/// <summary>A verb about the configuration file; no server is asked.</summary>
internal abstract class ConfigCommand : ExplainedCommand
{
    protected ConfigCommand(
        Common common, string name, string description, params IReadOnlyList<string> examples)
        : base(name, description, examples)
    {
        Common = common;
        SetAction(async (parsed, ct) =>
        {
            using var interruption = new Interruption(ct);
            return await Verdict.OfAsync(
                common.Around.Error,
                async () =>
                {
                    await RunAsync(parsed, ConfigurationFile.Of(common.Around), interruption.Work);
                    return ExitCode.Done;
                },
                interruption.Work);
        });
    }

    protected Common Common { get; }

    protected void Say(string line) => Common.Around.Error.WriteLine(Printable.Line(line));

    protected abstract Task RunAsync(ParseResult parsed, ConfigurationFile file, CancellationToken ct);

    /// <summary>The context that is meant: one named on the command line or in the environment may be new.</summary>
    protected string NameOf(ParseResult parsed, Contexts contexts) =>
        parsed.GetValue(Common.Context) ?? Common.Around.Variable(Access.ContextVariable) ?? contexts.Current;
}

/// <summary><c>mooring config show</c>.</summary>
internal sealed class ShowConfigCommand : ConfigCommand
{
    public ShowConfigCommand(Common common)
        : base(
            common,
            "show",
            "Say which server and key hold, and where each comes from. A key is never shown.",
            "mooring config show",
            "mooring config show --context lab")
    {
        Options.Add(common.Output);
        common.AddAccess(this);
    }

    protected override Task RunAsync(ParseResult parsed, ConfigurationFile file, CancellationToken ct)
    {
        var access = Access.Of(Common.Wanted(parsed), Common.Around);
        var shown = new Shown(file.Path, access.Context, $"{access.Server}", access.ServerFrom, access.KeyFrom);
        new Printer(Common.Around, Common.IsJson(parsed)).Details(
            shown,
            ConfigurationJson.Default.Shown,
            ("file", File.Exists(file.Path) ? file.Path : $"{file.Path} (not there)"),
            ("context", access.Context),
            ("server", $"{access.Server} (from {access.ServerFrom})"),
            ("key", $"from {access.KeyFrom}"));
        return Task.CompletedTask;
    }
}

/// <summary><c>mooring config set</c>.</summary>
internal sealed class SetConfigCommand : ConfigCommand
{
    private readonly Argument<string> _name = Setting.Argument();

    private readonly Argument<string?> _value = new("value")
    {
        Description = "Its value. A key is no argument: it is asked for, or read from standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public SetConfigCommand(Common common)
        : base(
            common,
            "set",
            "Remember a server, a key file or a key in a context; the first context is called default.",
            "mooring config set server https://mooring.example",
            "mooring config set key-file ~/.mooring.key",
            "mooring config set key --context lab")
    {
        Arguments.Add(_name);
        Arguments.Add(_value);
        Options.Add(common.Context);
    }

    protected override async Task RunAsync(ParseResult parsed, ConfigurationFile file, CancellationToken ct)
    {
        var contexts = file.Read();
        var context = NameOf(parsed, contexts);
        var name = parsed.GetRequiredValue(_name);
        var value = parsed.GetValue(_value);
        var old = contexts.All.GetValueOrDefault(context) ?? new Context();
        var changed = name switch
        {
            Setting.Key when value is not null => throw Setting.Wrong(
                "a key is no argument, as other users of the machine can read those: leave it out to be asked for it"),
            Setting.Key => old with { Key = await Secret.ReadAsync(Common.Around, "API key", ct), KeyFile = null },
            _ when value is null => throw Setting.Wrong($"say what {name} shall be"),
            Setting.Server => old with { Server = CheckedAddress(value) },
            _ => old with { KeyFile = CheckedFile(value), Key = null },
        };
        contexts = contexts.With(context, changed);
        if (contexts.All.Count == 1)
        {
            contexts = contexts with { Current = context };
        }

        file.Write(contexts);
        Say($"context {context}: {name} is set, in {file.Path}");
    }

    private static string CheckedAddress(string text) =>
        Access.AddressIn(text) is not null
            ? text
            : throw Setting.Wrong($"'{text}' is no server's address; write it like {Access.DefaultServer}");

    // Read once now: what is wrong with it is better known here than at the next verb.
    private static string CheckedFile(string text)
    {
        var path = Path.GetFullPath(text);
        PrivateFile.Read(path);
        return path;
    }
}

/// <summary><c>mooring config unset</c>.</summary>
internal sealed class UnsetConfigCommand : ConfigCommand
{
    private readonly Argument<string> _name = Setting.Argument();

    public UnsetConfigCommand(Common common)
        : base(
            common,
            "unset",
            "Forget a setting of a context; a context without settings goes.",
            "mooring config unset key",
            "mooring config unset server --context lab")
    {
        Arguments.Add(_name);
        Options.Add(common.Context);
    }

    protected override Task RunAsync(ParseResult parsed, ConfigurationFile file, CancellationToken ct)
    {
        var contexts = file.Read();
        var context = NameOf(parsed, contexts);
        var name = parsed.GetRequiredValue(_name);
        if (!contexts.All.TryGetValue(context, out var old))
        {
            throw Access.NoSuchContext(context, contexts);
        }

        contexts = contexts.With(context, name switch
        {
            Setting.Server => old with { Server = null },
            Setting.KeyFile => old with { KeyFile = null },
            _ => old with { Key = null },
        });
        var left = contexts.All.Where(one => one.Value != new Context()).ToDictionary(one => one.Key, one => one.Value);
        file.Write(contexts with
        {
            All = left,
            Current = left.ContainsKey(contexts.Current) ? contexts.Current : Contexts.DefaultName,
        });
        Say($"context {context}: {name} is forgotten");
        return Task.CompletedTask;
    }
}

/// <summary><c>mooring config contexts</c>.</summary>
internal sealed class ListContextsCommand : ConfigCommand
{
    public ListContextsCommand(Common common)
        : base(common, "contexts", "List the contexts; * is the current one.", "mooring config contexts") =>
        Options.Add(common.Output);

    private static Table<ShownContext> Table { get; } = new(
        new Column<ShownContext>(" ", context => context.IsCurrent ? "*" : " "),
        new Column<ShownContext>("NAME", context => context.Name),
        new Column<ShownContext>("SERVER", context => context.Server) { WidthMin = 16 },
        new Column<ShownContext>("KEY", context => context.KeyFile ?? (context.HasKey ? "kept here" : null))
        {
            WidthMin = 8,
        });

    protected override Task RunAsync(ParseResult parsed, ConfigurationFile file, CancellationToken ct)
    {
        var contexts = file.Read();
        var rows = contexts.All
            .OrderBy(context => context.Key, StringComparer.Ordinal)
            .Select(context => new ShownContext(
                context.Key,
                context.Key == contexts.Current,
                context.Value.Server,
                context.Value.KeyFile,
                context.Value.Key is not null))
            .ToList();
        new Printer(Common.Around, Common.IsJson(parsed)).Rows(
            rows,
            ConfigurationJson.Default.ShownContext,
            Table,
            "There are no contexts; 'mooring config set server URL' makes the first.");
        return Task.CompletedTask;
    }
}

/// <summary><c>mooring config use</c>.</summary>
internal sealed class UseContextCommand : ConfigCommand
{
    private readonly Argument<string> _name = new("name") { Description = "One of 'mooring config contexts'." };

    public UseContextCommand(Common common)
        : base(common, "use", "Make a context the current one.", "mooring config use lab")
    {
        _name.CompletionSources.Add(_ => [.. Completion.ContextNames.Of(common.Around)]);
        Arguments.Add(_name);
    }

    protected override Task RunAsync(ParseResult parsed, ConfigurationFile file, CancellationToken ct)
    {
        var contexts = file.Read();
        var name = parsed.GetRequiredValue(_name);
        if (!contexts.All.ContainsKey(name))
        {
            throw Access.NoSuchContext(name, contexts);
        }

        file.Write(contexts with { Current = name });
        Say($"context {name} is the current one");
        return Task.CompletedTask;
    }
}

/// <summary>The names of what a context keeps.</summary>
internal static class Setting
{
    public const string Server = "server";
    public const string KeyFile = "key-file";
    public const string Key = "key";

    public static Argument<string> Argument()
    {
        var argument = new Argument<string>("name")
        {
            Description = $"{Server}, {KeyFile} or {Key}.",
            HelpName = $"{Server}|{KeyFile}|{Key}",
        };
        argument.AcceptOnlyFromAmong(Server, KeyFile, Key);
        return argument;
    }

    public static CommandFailedException Wrong(string words) => new(words) { Code = ExitCode.Usage };
}
