using System.CommandLine;
using System.Globalization;
using Mooring.Cli.Commands.Teams;
using Mooring.Cli.Commands.Users;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands;

/// <summary><c>mooring quotas list</c>.</summary>
internal sealed class ListQuotasCommand : ServerCommand
{
    private readonly Option<string?> _user = new("--user")
    {
        Description = "Another user's alone, by id, mail address or name; for operators.",
        HelpName = "USER",
    };

    private readonly Option<string?> _team = new("--team")
    {
        Description = "A team's alone, by id or name; for operators.",
        HelpName = "TEAM",
    };

    public ListQuotasCommand(Common common)
        : base(
            common,
            "list",
            "Show what you and your teams may have at the most, and have; as an operator anybody's.",
            "mooring quotas list",
            "mooring quotas list --user grace@example.org",
            "mooring quotas list --team vision")
    {
        Options.Add(_user);
        Options.Add(_team);
        Validators.Add(result =>
        {
            if (result.GetValue(_user) is not null && result.GetValue(_team) is not null)
            {
                result.AddError("Say whose quota it is by --user or --team, not both.");
            }
        });
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var quotas = await FindAsync(call);
        call.Printer.Rows(quotas, Printer.Json.AccountQuota, Table, "There is no account.");
        return ExitCode.Done;
    }

    private async Task<IReadOnlyList<AccountQuota>> FindAsync(Call call)
    {
        if (call.Value(_user) is { } user)
        {
            return [await call.Client.GetUserQuotaAsync(await UserArgument.FindAsync(call, user), call.Ct)];
        }

        return call.Value(_team) is { } team
            ? [await call.Client.GetTeamQuotaAsync(await TeamArgument.FindAsync(call, team), call.Ct)]
            : await call.Client.ListQuotasAsync(call.Ct);
    }

    private static Table<AccountQuota> Table { get; } = new(
        new Column<AccountQuota>("WHOSE", quota => quota.TeamId ?? quota.UserId),
        new Column<AccountQuota>("DISKS", quota => Of(quota.InUse.Disks, quota.Limits.Disks)) { IsRight = true },
        new Column<AccountQuota>("GB", quota => Of(quota.InUse.SizeGb, quota.Limits.SizeGb)) { IsRight = true },
        new Column<AccountQuota>("PODS", quota => Of(quota.InUse.Instances, quota.Limits.Instances))
        {
            IsRight = true,
        },
        new Column<AccountQuota>("USD/H", quota => Of(quota.InUse.SpendPerHour, quota.Limits.SpendPerHour))
        {
            IsRight = true,
        });

    private static string Of(decimal? used, decimal? most) => string.Create(
        CultureInfo.InvariantCulture, $"{used ?? 0} of {(most is null ? "any" : most)}");
}

/// <summary><c>mooring quotas set</c>.</summary>
internal sealed class SetQuotaCommand : ServerCommand
{
    private readonly Option<string?> _user = new("--user")
    {
        Description = "Whose: a user's id, mail address or name.",
        HelpName = "USER",
    };

    private readonly Option<string?> _team = new("--team")
    {
        Description = "Whose: a team's id or name.",
        HelpName = "TEAM",
    };

    private readonly Option<int?> _disks = new("--disks") { Description = "Disks at the most.", HelpName = "N" };

    private readonly Option<long?> _size = new("--size")
    {
        Description = "GB of all disks together.",
        HelpName = "GB",
    };

    private readonly Option<int?> _pods = new("--pods") { Description = "Instances at the most.", HelpName = "N" };

    private readonly Option<decimal?> _spend = new("--spend")
    {
        Description = "What all may cost together at their full price, USD per hour.",
        HelpName = "USD",
    };

    public SetQuotaCommand(Common common)
        : base(
            common,
            "set",
            "Set what a user or a team may have at the most; what is not given is not limited. For operators.",
            "mooring quotas set --team vision --disks 20 --size 50000",
            "mooring quotas set --user grace@example.org --spend 2.5")
    {
        Options.Add(_user);
        Options.Add(_team);
        Options.Add(_disks);
        Options.Add(_size);
        Options.Add(_pods);
        Options.Add(_spend);
        Validators.Add(result =>
        {
            if ((result.GetValue(_user) is null) == (result.GetValue(_team) is null))
            {
                result.AddError("Say whose quota it is: --user or --team.");
            }
        });
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var quota = new Quota
        {
            Disks = call.Value(_disks),
            SizeGb = call.Value(_size),
            Instances = call.Value(_pods),
            SpendPerHour = call.Value(_spend),
        };
        var set = call.Value(_team) is { } team
            ? await call.Client.SetTeamQuotaAsync(await TeamArgument.FindAsync(call, team), quota, call.Ct)
            : await call.Client.SetUserQuotaAsync(
                await UserArgument.FindAsync(call, call.Value(_user)!), quota, call.Ct);
        call.Printer.Lines(
            set, Printer.Json.AccountQuota, $"the quota of {set.TeamId ?? set.UserId} is set; what there is stays");
        return ExitCode.Done;
    }
}
