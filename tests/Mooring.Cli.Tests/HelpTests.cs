using System.CommandLine;
using System.Text.RegularExpressions;
using Mooring.Cli.Commands;

namespace Mooring.Cli.Tests;

public sealed partial class HelpTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void These_are_the_verbs() => Verbs().Select(verb => verb.Path).ShouldBe(
    [
        "serve", "demo", "doctor",
        "availability disks", "availability gpus", "availability prices",
        "disks list", "disks get", "disks create", "disks rename", "disks delete", "disks protect",
        "disks unprotect", "disks events", "disks explain",
        "disks retry", "disks suspend", "disks resume", "disks force-detach",
        "pods list", "pods get", "pods create", "pods logs", "pods ssh", "pods delete", "pods history", "pods events",
        "pods explain", "pods retry",
        "stuck", "costs", "events",
        "keys list", "keys create", "keys disable", "keys enable", "keys revoke",
        "login-requests list", "login-requests approve", "login-requests deny",
        "ssh-keys list", "ssh-keys add", "ssh-keys delete", "ssh-keys primary",
        "users list", "users create", "users update", "users disable", "users enable",
        "teams list", "teams create", "teams update", "teams delete", "teams members", "teams add", "teams remove",
        "quotas list", "quotas set",
        "wallets list", "wallets show", "wallets credits", "wallets events", "wallets top-up", "wallets set",
        "providers list", "providers add", "providers test", "providers charges", "providers rotate",
        "providers disable", "providers enable",
        "inventory list", "inventory adopt", "inventory delete",
        "audit ledger",
        "audit trail",
        "db backup", "db check",
        "simulate hyperstack", "simulate runpod",
        "config show", "config set", "config unset", "config contexts", "config use",
        "completion",
    ]);

    [Fact]
    public async Task Every_verb_and_group_has_help_that_ends_with_examples()
    {
        string[] groups =
        [
            "availability", "disks", "pods", "keys", "login-requests", "ssh-keys", "users", "teams", "quotas",
            "wallets", "providers", "inventory", "audit", "db", "simulate", "config",
        ];
        foreach (var path in Verbs().Select(verb => verb.Path).Concat(groups))
        {
            (await _line.RunAsync([.. path.Split(' '), "--help"])).ShouldBe(ExitCode.Done);

            // The program is called by the tests' own name here.
            _line.Output.ShouldMatch($@"(?s)\ADescription:\n  \S.*Usage:\n  \S+ {path}.*\nExamples:\n  \S", path);
            _line.Error.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Every_example_is_a_command_line_of_its_verb()
    {
        foreach (var (path, verb) in Verbs())
        {
            foreach (var example in verb.Examples)
            {
                var words = Mooring().Match(example).Groups["words"].Value.Trim();
                var parsed = MooringCommand.Create(_line.Around).Parse(words);
                parsed.Errors.ShouldBeEmpty(example);
                PathOf(parsed.CommandResult.Command).ShouldBe(path, example);
            }
        }
    }

    [Fact]
    public void No_option_takes_a_secret() => Verbs()
        .SelectMany(verb => verb.Verb.Options.SelectMany(option => option.Aliases.Append(option.Name)))
        .ShouldAllBe(name => name != "--key" && name != "--api-key" && name != "--token" && name != "--password");

    private IReadOnlyList<(string Path, ExplainedCommand Verb)> Verbs() =>
    [
        .. Leaves(MooringCommand.Create(_line.Around))
            .Select(verb => (PathOf(verb), verb.ShouldBeAssignableTo<ExplainedCommand>().ShouldNotBeNull())),
    ];

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
            ? $"{PathOf(parent)} {command.Name}"
            : command.Name;

    // What a shell would hand over: nothing of the pipe, the redirection or the substitution around it.
    [GeneratedRegex(@"mooring (?<words>[^|>)]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mooring();
}
