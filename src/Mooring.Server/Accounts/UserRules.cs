using Mooring.Server.Http;

namespace Mooring.Server.Accounts;

/// <summary>What a user's mail address looks like.</summary>
internal static class UserRules
{
    /// <summary>What an address must be, after its member's name.</summary>
    public const string EmailMust = "must be a mail address of 3 to 255 characters";

    /// <summary>Whether it has the form of one; no user's id has.</summary>
    public static bool IsEmail(string text) => text.Length is >= 3 and <= 255
        && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1
        && !text.Any(char.IsWhiteSpace)
        && !TextRules.HasControls(text);
}
