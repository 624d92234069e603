using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Mooring.Cli.Commands;
using Mooring.Cli.Commands.Availability;
using Mooring.Cli.Commands.Config;
using Mooring.Cli.Commands.Disks;
using Mooring.Cli.Commands.Inventory;
using Mooring.Cli.Commands.Keys;
using Mooring.Cli.Commands.Logins;
using Mooring.Cli.Commands.Pods;
using Mooring.Cli.Commands.Providers;
using Mooring.Cli.Commands.SshKeys;
using Mooring.Cli.Commands.Teams;
using Mooring.Cli.Commands.Users;
using Mooring.Cli.Commands.Wallets;
using Mooring.Cli.Completion;

namespace Mooring.Cli;

/// <summary>The root of the command line: which verbs there are.</summary>
internal static class MooringCommand
{
    public static Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        RunAsync(args, Surroundings.OfProcess(output, error));

    public static async Task<int> RunAsync(IReadOnlyList<string> args, Surroundings around)
    {
        var parsed = Create(around).Parse(args, new ParserConfiguration
        {
            // An argument that begins with @ is no file to be read.
            ResponseFileTokenReplacer = null,
        });
        if (parsed.Action is ParseErrorAction wrong)
        {
            return await ExplainAsync(parsed, wrong, around.Error);
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = around.Output,
            Error = around.Error,
            // Verbs that must clean up handle signals themselves, without a time limit.
            ProcessTerminationTimeout = null,
        });
    }

    public static RootCommand Create(Surroundings around)
    {
        var common = new Common(around);
        common.Context.CompletionSources.Add(_ => [.. ContextNames.Of(around)
            .Select(name => new CompletionItem(name))]);
        var root = new RootCommand("Network-attached disks that outlive the instances they are attached to.")
        {
            ProgramCommand.Serve(),
            new DemoCommand(common),
            ProgramCommand.Doctor(),
            Availability(common),
            Disks(common),
            Pods(common),
            new StuckCommand(common),
            new CostsCommand(common),
            new LiveEventsCommand(common),
            Keys(common),
            Logins(common),
            SshKeys(common),
            Users(common),
            Teams(common),
            Quotas(common),
            Wallets(common),
            Providers(common),
            Inventory(common),
            AuditTrailCommand.Group(common),
            ProgramCommand.Database(),
            ProgramCommand.Simulate(),
            Config(common),
            new CompletionCommand(around),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        foreach (var suggest in root.Directives.OfType<SuggestDirective>())
        {
            suggest.Action = new Suggestions(root, common);
        }

        return root;
    }

    private static NounCommand Availability(Common common) => new(
        "availability",
        "What can be had, where, and at what price.",
        new DiskOffersCommand(common),
        new GpuOffersCommand(common),
        new PricesCommand(common));

    private static NounCommand Disks(Common common) => new(
        "disks",
        "Network-attached disks: make, look, mend, delete.",
        new ListDisksCommand(common),
        new GetDiskCommand(common),
        new CreateDiskCommand(common),
        new RenameDiskCommand(common),
        new DeleteDiskCommand(common),
        ProtectDiskCommand.Protect(common),
        ProtectDiskCommand.Unprotect(common),
        new EventsCommand(common, Target.Disk),
        new ExplainCommand(common, Target.Disk),
        InterventionCommand.Retry(common, Target.Disk),
        InterventionCommand.Suspend(common),
        InterventionCommand.Resume(common),
        new ForceDetachCommand(common));

    private static NounCommand Pods(Common common) => new(
        "pods",
        "Instances with disks attached: start, log in, look, end.",
        new ListPodsCommand(common),
        new GetPodCommand(common),
        new CreatePodCommand(common),
        new PodLogsCommand(common),
        new SshCommand(common),
        new DeletePodCommand(common),
        new PodHistoryCommand(common),
        new EventsCommand(common, Target.Pod),
        new ExplainCommand(common, Target.Pod),
        InterventionCommand.Retry(common, Target.Pod));

    private static NounCommand Keys(Common common) => new(
        "keys",
        "API keys: list, make, disable, revoke.",
        new ListKeysCommand(common),
        new CreateKeyCommand(common),
        AbleKeyCommand.Disable(common),
        AbleKeyCommand.Enable(common),
        new RevokeKeyCommand(common));

    private static NounCommand Users(Common common) => new(
        "users",
        "Who there is: list, make, change, disable. For operators.",
        new ListUsersCommand(common),
        new CreateUserCommand(common),
        new UpdateUserCommand(common),
        AbleUserCommand.Disable(common),
        AbleUserCommand.Enable(common));

    private static NounCommand Teams(Common common) => new(
        "teams",
        "Teams that share disks, pods and a wallet.",
        new ListTeamsCommand(common),
        new CreateTeamCommand(common),
        new UpdateTeamCommand(common),
        new DeleteTeamCommand(common),
        new ListMembersCommand(common),
        new AddMemberCommand(common),
        new RemoveMemberCommand(common));

    private static NounCommand Quotas(Common common) => new(
        "quotas",
        "What users and teams may have at the most.",
        new ListQuotasCommand(common),
        new SetQuotaCommand(common));

    private static NounCommand Wallets(Common common) => new(
        "wallets",
        "What pays: balances, how far they reach, and topping them up.",
        new ListWalletsCommand(common),
        new ShowWalletCommand(common),
        new WalletCreditsCommand(common),
        new WalletEventsCommand(common),
        new TopUpWalletCommand(common),
        new SetWalletCommand(common));

    private static NounCommand Logins(Common common) => new(
        "login-requests",
        "Who ran 'prime login': look, let in, turn away.",
        new ListLoginRequestsCommand(common),
        new ApproveLoginRequestCommand(common),
        new DenyLoginRequestCommand(common));

    private static NounCommand SshKeys(Common common) => new(
        "ssh-keys",
        "Public keys that may log in to your pods.",
        new ListSshKeysCommand(common),
        new AddSshKeyCommand(common),
        new DeleteSshKeyCommand(common),
        new PrimarySshKeyCommand(common));

    private static NounCommand Providers(Common common) => new(
        "providers",
        "Accounts at clouds: add, look, try, exchange credentials.",
        new ListProvidersCommand(common),
        new AddProviderCommand(common),
        new TestProviderCommand(common),
        new ChargesCommand(common),
        new RotateProviderCommand(common),
        AbleProviderCommand.Disable(common),
        AbleProviderCommand.Enable(common));

    private static NounCommand Inventory(Common common) => new(
        "inventory",
        "What is at providers and in no record: look, adopt, delete.",
        new ListInventoryCommand(common),
        new AdoptCommand(common),
        new DeleteOrphanCommand(common));

    private static NounCommand Config(Common common) => new(
        "config",
        "Servers and keys that mooring remembers, in contexts.",
        new ShowConfigCommand(common),
        new SetConfigCommand(common),
        new UnsetConfigCommand(common),
        new ListContextsCommand(common),
        new UseContextCommand(common));

    private static async Task<int> ExplainAsync(ParseResult parsed, ParseErrorAction wrong, TextWriter error)
    {
        wrong.ShowHelp = false;
        await parsed.InvokeAsync(new InvocationConfiguration { Output = error, Error = error });
        await error.WriteLineAsync($"See: {PathOf(parsed.CommandResult.Command)} --help");
        return ExitCode.Usage;
    }

    private static string PathOf(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? "mooring" : $"{PathOf(parent)} {command.Name}";
    }
}
