using System.CommandLine;
using Mooring.Cli.Completion;
using Mooring.Cli.Output;

namespace Mooring.Cli.Commands.Keys;

/// <summary><c>mooring keys disable</c> and <c>enable</c>.</summary>
internal sealed class AbleKeyCommand : ServerCommand
{
    private readonly Argument<string> _key = new("key")
    {
        Description = "Its prefix, or its name if no other key that is not revoked has it.",
    };

    private readonly bool _disables;

    private AbleKeyCommand(Common common, bool disables, string name, string description)
        : base(common, name, description, $"mooring keys {name} ci")
    {
        _disables = disables;
        Wish.For(_key, Kind.Keys);
        Arguments.Add(_key);
        AddCommonOptions();
    }

    public static AbleKeyCommand Disable(Common common) =>
        new(common, true, "disable", "Have an API key refused until it is enabled again.");

    public static AbleKeyCommand Enable(Common common) =>
        new(common, false, "enable", "Let a disabled API key in again.");

    protected override async Task<int> RunAsync(Call call)
    {
        var prefix = await KeyNaming.FindAsync(call, call.Value(_key));
        var key = await call.Client.SetKeyDisabledAsync(prefix, _disables, call.Ct);
        call.Printer.Lines(
            key,
            Printer.Json.Key,
            $"key {key.Name} ({key.Prefix}) is {(key.DisabledAt is null ? "enabled" : "disabled")}");
        return ExitCode.Done;
    }
}
