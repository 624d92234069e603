using System.CommandLine;

namespace Mooring.Cli.Commands.Users;

/// <summary>Which user a verb is about.</summary>
internal sealed class UserArgument : Argument<string>
{
    public UserArgument()
        : base("user") => Description = "The user's id, mail address, or name if no other user has it.";

    /// <summary>The user's id.</summary>
    /// <exception cref="CommandFailedException">There is no such user, or there are several.</exception>
    public static async Task<string> FindAsync(Call call, string text)
    {
        var users = await call.Client.ListUsersAsync(ct: call.Ct).ToListAsync(call.Ct);
        return users.Find(user => user.Email == text)?.Id
            ?? await Naming.FindAsync(
                text, "user", users.ToAsyncEnumerable(), user => user.Id, user => user.Name, call.Ct);
    }
}

/// <summary>What a user shall be.</summary>
internal sealed class RoleOption : Option<string>
{
    public RoleOption(params string[] roles)
        : base("--role")
    {
        Description = $"One of {string.Join(", ", roles)}.";
        HelpName = "ROLE";
        this.AcceptOnlyFromAmong(roles);
    }
}
