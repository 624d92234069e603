using System.CommandLine;

namespace Mooring.Cli.Commands.Teams;

/// <summary>For which team something is made.</summary>
internal sealed class TeamOption : Option<string?>
{
    public TeamOption(string description)
        : base("--team")
    {
        Description = description;
        HelpName = "TEAM";
    }

    /// <summary>The team's id; null where none was named.</summary>
    public async Task<string?> FindAsync(Call call) =>
        call.Value(this) is { } team ? await TeamArgument.FindAsync(call, team) : null;
}
