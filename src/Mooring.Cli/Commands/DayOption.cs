using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Mooring.Cli.Commands;

/// <summary>A day, UTC, as an option and as text.</summary>
internal static class DayOption
{
    public static Option<DateOnly?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "YYYY-MM-DD",
        CustomParser = Parse,
    };

    public static string ToText(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    private static DateOnly? Parse(ArgumentResult result)
    {
        if (DateOnly.TryParseExact(
            result.Tokens[0].Value, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no day; write it as 2026-11-30.");
        return null;
    }
}
