using System.CommandLine;
using System.Text.Json;
using Mooring.Cli.Output;
using Mooring.Client;
using Mooring.Contract.Json;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands;

/// <summary><c>mooring events</c>.</summary>
internal sealed class LiveEventsCommand : ServerCommand
{
    private readonly Option<long?> _after = new("--after")
    {
        Description = "Begin after the event with this number, 0 for the first; with what happens from now on, else.",
        HelpName = "NUMBER",
    };

    public LiveEventsCommand(Common common)
        : base(
            common,
            "events",
            "Follow what happens to your disks, pods and wallets, as it happens, until Ctrl-C.",
            "mooring events",
            "mooring events --after 0 -o json | jq -c 'select(.what == \"OVERDUE\")'")
    {
        _after.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<long?>() < 0)
            {
                option.AddError("--after must be the number of an event.");
            }
        });
        Options.Add(_after);
        AddCommonOptions();
    }

    protected override Task<int> RunAsync(Call call) => FollowAsync(
        call,
        call.Client.FollowEventsAsync(call.Value(_after), call.Around.Time, new Interruptions(call), call.Ct));

    /// <summary>Prints each event as it comes, a line each; never ends by itself.</summary>
    public static async Task<int> FollowAsync(Call call, IAsyncEnumerable<LiveEvent> events)
    {
        await foreach (var happened in events)
        {
            await call.Around.Output.WriteLineAsync(call.Printer.IsJson
                ? JsonSerializer.Serialize(happened, ContractJson.Wire.LiveEvent)
                : Printable.Line(string.Join("  ", Cells(happened))));
            await call.Around.Output.FlushAsync(call.Ct);
        }

        return ExitCode.Done;
    }

    private static IEnumerable<string> Cells(LiveEvent happened) =>
    [
        $"{happened.Number}",
        Words.Instant(happened.At),
        $"{happened.Kind} {happened.ResourceId}",
        happened.What,
        happened.Status,
        .. happened.Words is { Length: > 0 } words ? [words] : Array.Empty<string>(),
    ];
}

/// <summary>Says once that the server is away, and is asked again.</summary>
internal sealed class Interruptions(Call call) : IProgress<MooringException>
{
    private string _last = "";

    public void Report(MooringException value)
    {
        if (value.Message != _last)
        {
            _last = value.Message;
            call.Say($"mooring: {_last} It is asked again.");
        }
    }
}
