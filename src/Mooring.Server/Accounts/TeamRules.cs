using System.Text.RegularExpressions;

namespace Mooring.Server.Accounts;

/// <summary>How large teams may be, and what short names look like.</summary>
internal static partial class TeamRules
{
    /// <summary>Members of a team.</summary>
    public const int MembersAtMost = 1_000;

    /// <summary>Teams that one user is in: each list of theirs looks at every one.</summary>
    public const int TeamsOfUserAtMost = 100;

    /// <summary>What a slug must be, after its member's name.</summary>
    public const string SlugMust = "must be 3 to 30 characters of a-z, 0-9 and the dash";

    public static bool IsSlug(string text) => SlugForm().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9-]{3,30}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SlugForm();
}
