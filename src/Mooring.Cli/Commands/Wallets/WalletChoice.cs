using System.CommandLine;
using System.Net;
using Mooring.Client;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Wallets;

/// <summary>Which wallet a verb is about: by its id, or by whose it is.</summary>
internal sealed class WalletChoice
{
    private readonly Argument<string?> _wallet = new("wallet") { Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<string?> _user = new("--user")
    {
        Description = "Whose: a user's id or name; for operators the mail address will do.",
        HelpName = "USER",
    };

    private readonly Option<string?> _team = new("--team")
    {
        Description = "Whose: a team's id or name.",
        HelpName = "TEAM",
    };

    /// <summary>Adds the argument and the options to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="isOwnIfNone">Whether none need be named, and yours is meant then.</param>
    public WalletChoice(Command command, bool isOwnIfNone = false)
    {
        _wallet.Description = isOwnIfNone
            ? "Its id; yours if none is named."
            : "Its id, unless --user or --team say whose it is.";
        command.Arguments.Add(_wallet);
        command.Options.Add(_user);
        command.Options.Add(_team);
        command.Validators.Add(result =>
        {
            string?[] given = [result.GetValue(_wallet), result.GetValue(_user), result.GetValue(_team)];
            var count = given.Count(one => one is not null);
            if (count > 1 || (count == 0 && !isOwnIfNone))
            {
                result.AddError("Say which wallet: its id, or --user, or --team.");
            }
        });
    }

    /// <summary>The wallet's id.</summary>
    /// <exception cref="CommandFailedException">There is no such user or team, or there are several.</exception>
    public Task<string> FindAsync(Call call) =>
        call.Parsed.GetValue(_wallet) is { } id ? Task.FromResult(id)
        : call.Value(_user) is { } user ? OfUserAsync(call, user)
        : call.Value(_team) is { } team ? OfTeamAsync(call, team)
        : OwnAsync(call);

    // Users and teams say what pays for them, so that nobody's wallets have to be walked.
    private static async Task<string> OfUserAsync(Call call, string text)
    {
        if (await AllowedAsync(call.Client.ListUsersAsync(ct: call.Ct), call.Ct) is { } users)
        {
            return users.Find(user => user.Email == text)?.WalletId
                ?? await WalletOfAsync(
                    call, text, "user", users, user => user.Id, user => user.Name, user => user.WalletId);
        }

        // Who may not list users still sees one: themselves.
        var own = await OwnAndTeamsAsync(call);
        return await WalletOfAsync(
            call, text, "user with a wallet that you see", own.FindAll(wallet => wallet.UserId is not null),
            wallet => wallet.UserId!, wallet => wallet.Name, wallet => wallet.Id);
    }

    private static async Task<string> OfTeamAsync(Call call, string text)
    {
        if (await AllowedAsync(call.Client.ListTeamsAsync(ct: call.Ct), call.Ct) is { } teams)
        {
            return await WalletOfAsync(
                call, text, "team", teams, team => team.Id, team => team.Name, team => team.WalletId);
        }

        var own = await OwnAndTeamsAsync(call);
        return await WalletOfAsync(
            call, text, "team with a wallet that you see", own.FindAll(wallet => wallet.TeamId is not null),
            wallet => wallet.TeamId!, wallet => wallet.Name, wallet => wallet.Id);
    }

    // A team's key sees the team's wallet alone, and that is its own.
    private static async Task<string> OwnAsync(Call call)
    {
        var seen = await OwnAndTeamsAsync(call);
        return (seen.Find(wallet => wallet.UserId is not null) ?? (seen is [var only] ? only : null))?.Id
            ?? throw new CommandFailedException("you have no wallet of your own: name one, as 'wallets list' has them")
            {
                Code = ExitCode.Usage,
            };
    }

    private static async Task<string> WalletOfAsync<T>(
        Call call,
        string text,
        string kind,
        List<T> rows,
        Func<T, string> id,
        Func<T, string> name,
        Func<T, string> wallet)
        where T : class
    {
        var found = await Naming.FindAsync(text, kind, rows.ToAsyncEnumerable(), id, name, call.Ct);
        return rows.Find(row => id(row) == found) is { } whose
            ? wallet(whose)
            : throw new CommandFailedException($"there is no {kind} with the id '{text}'")
            {
                Code = ExitCode.NotFound,
            };
    }

    private static async Task<List<PayingWallet>> OwnAndTeamsAsync(Call call) =>
        await call.Client.ListWalletsAsync(ct: call.Ct).ToListAsync(call.Ct);

    /// <summary>All rows; null where the key may not list them.</summary>
    private static async Task<List<T>?> AllowedAsync<T>(IAsyncEnumerable<T> rows, CancellationToken ct)
    {
        try
        {
            return await rows.ToListAsync(ct);
        }
        catch (MooringApiException refusal) when (refusal.StatusCode == HttpStatusCode.Forbidden)
        {
            return null;
        }
    }
}
