using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Mooring.Cli.Commands;
using Mooring.Contract.Native;

namespace Mooring.Cli.Waiting;

/// <summary><c>--wait</c> and <c>--timeout</c>.</summary>
internal sealed partial class WaitOptions
{
    private readonly Option<bool> _wait;

    private readonly Option<TimeSpan?> _limit = new("--timeout")
    {
        Description = "Wait this long at most (90s, 10m, 2h; a number alone is seconds). Implies --wait.",
        HelpName = "TIME",
        CustomParser = Parse,
    };

    public WaitOptions(Command command, string until)
    {
        _wait = new Option<bool>("--wait", "-w")
        {
            Description = $"Wait until {until}, and tell on standard error what it waits for.",
        };
        command.Options.Add(_wait);
        command.Options.Add(_limit);
    }

    /// <summary>Waits if that was asked for.</summary>
    /// <returns>Whether it waited, and how it is now; nothing where it is gone, if that was waited for.</returns>
    public async Task<(bool Waited, Explanation? Now)> RunAsync(Call call, string kind, string id, Goal goal)
    {
        var limit = call.Value(_limit);
        return call.Value(_wait) || limit is not null
            ? (true, await new Wait(call, kind, id, goal, limit).RunAsync())
            : (false, null);
    }

    private static TimeSpan? Parse(ArgumentResult argument)
    {
        var match = Time().Match(argument.Tokens[^1].Value);
        if (match.Success
            && int.TryParse(match.Groups["count"].Value, CultureInfo.InvariantCulture, out var count))
        {
            return match.Groups["unit"].Value switch
            {
                "m" => TimeSpan.FromMinutes(count),
                "h" => TimeSpan.FromHours(count),
                _ => TimeSpan.FromSeconds(count),
            };
        }

        argument.AddError("--timeout must be a time like 90s, 10m or 2h.");
        return null;
    }

    [GeneratedRegex(@"\A(?<count>[0-9]{1,6})(?<unit>[smh]?)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Time();
}
