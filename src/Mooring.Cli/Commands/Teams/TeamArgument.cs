using System.CommandLine;
using Mooring.Cli.Commands.Users;
using Mooring.Client;

namespace Mooring.Cli.Commands.Teams;

/// <summary>Which team a verb is about.</summary>
internal sealed class TeamArgument : Argument<string>
{
    public TeamArgument()
        : base("team") => Description = "Its id, or its name if no other of yours has it.";

    /// <summary>The team's id.</summary>
    /// <exception cref="CommandFailedException">There is no such team, or there are several.</exception>
    public static Task<string> FindAsync(Call call, string text) => Naming.FindAsync(
        text, "team", call.Client.ListTeamsAsync(ct: call.Ct), team => team.Id, team => team.Name, call.Ct);

    /// <summary>
    /// A user's id. Who may not list users names one by that or by mail address, which the server takes as it is.
    /// </summary>
    public static async Task<string> UserAsync(Call call, string text)
    {
        try
        {
            return await UserArgument.FindAsync(call, text);
        }
        catch (MooringApiException refusal) when (refusal.StatusCode == System.Net.HttpStatusCode.Forbidden)
        {
            return text;
        }
    }
}
