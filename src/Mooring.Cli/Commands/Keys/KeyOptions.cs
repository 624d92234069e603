using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Keys;

/// <summary>What a new key may do, and for how long.</summary>
internal static class KeyOptions
{
    private const int DaysMax = 36_500;

    /// <param name="ifNone">What it may if nothing is said, a sentence.</param>
    public static Option<string[]> Permissions(string ifNone)
    {
        var permissions = new Option<string[]>("--permission", "-p")
        {
            Description = "What it may do: SECTION:read or SECTION:write, which includes reading; may be given several "
                + $"times. Sections: {string.Join(", ", KeySections.All)}. {ifNone}",
            HelpName = "SECTION:read|write",
        };
        permissions.CompletionSources.Add(
            KeySections.All.SelectMany(section => new[] { $"{section}:read", $"{section}:write" }).ToArray());
        return permissions;
    }

    public static Option<DateTimeOffset?> Expires(TimeProvider time) => new("--expires")
    {
        Description = "When it ends: a date (2027-01-31), a time with its offset, or days from now (90d).",
        HelpName = "TIME",
        CustomParser = argument => ParseTime(argument, time),
    };

    private static DateTimeOffset? ParseTime(ArgumentResult argument, TimeProvider time)
    {
        var text = argument.Tokens[^1].Value;
        var culture = CultureInfo.InvariantCulture;
        if (text.EndsWith('d')
            && int.TryParse(text[..^1], NumberStyles.None, culture, out var days)
            && days is > 0 and <= DaysMax)
        {
            return time.GetUtcNow().AddDays(days);
        }

        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, culture, utc, out var then))
        {
            return then;
        }

        argument.AddError("--expires must be a date such as 2027-01-31, a time such as 2027-01-31T08:00:00Z, or 90d.");
        return null;
    }
}
