using System.CommandLine;
using Microsoft.Data.Sqlite;
using Mooring.Server.Accounts;

namespace Mooring.Daemon;

/// <summary>
/// <c>mooringd reset-admin</c>: a way back in for whoever has this machine and no admin key any more.
/// </summary>
internal static class ResetAdminCommand
{
    public static Command Create(Option<string> data, Func<Func<Task<int>>, Task<int>> guarded)
    {
        var user = new Option<string?>("--user")
        {
            Description = "Mail address of the user who shall be the operator; the first ADMIN if not given.",
            HelpName = "ADDRESS",
        };
        var revoke = new Option<bool>("--revoke-others")
        {
            Description = "Revoke every other key that may do an operator's work, as somebody else may have them.",
        };
        var command = new Command(
            "reset-admin", "Makes a new admin key where all are lost. Only while mooringd is ended.")
        {
            user, revoke,
        };
        command.SetAction((result, ct) => guarded(() => RunAsync(
            Path.GetFullPath(result.GetRequiredValue(data)), result.GetValue(user), result.GetValue(revoke), ct)));
        return command;
    }

    private static async Task<int> RunAsync(string data, string? user, bool revokesOthers, CancellationToken ct)
    {
        var records = DatabaseCommand.RecordsIn(data);
        using var taken = DataDirectory.Take(data);
        AdminResetResult done;
        try
        {
            done = await AdminReset.RunAsync(records, data, user, revokesOthers, TimeProvider.System, ct);
        }
        catch (Exception exception) when (exception is InvalidOperationException or SqliteException or IOException)
        {
            throw new UsageException($"No key was made: {exception.Message}.", exception);
        }

        await Console.Out.WriteLineAsync(
            $"A new admin key of {done.UserName} ({done.UserEmail}) is in {done.KeyFile}.".AsMemory(), ct);
        if (revokesOthers)
        {
            await Console.Out.WriteLineAsync(
                FormattableString.Invariant($"{done.Revoked} other keys were revoked.").AsMemory(), ct);
        }

        return 0;
    }
}
