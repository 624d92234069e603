using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands;

/// <summary><c>mooring disks events</c> and <c>mooring pods events</c>.</summary>
internal sealed class EventsCommand : ServerCommand
{
    private readonly Target _target;
    private readonly Argument<string> _argument;

    private readonly Option<long> _after = After();

    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Then go on with what happens, as it happens, until Ctrl-C. With -o json, one object a line.",
    };

    public EventsCommand(Common common, Target target)
        : base(
            common,
            "events",
            $"Show everything that ever happened to a {target.Kind}, oldest first.",
            $"mooring {target.Kind}s events {target.Example}",
            $"mooring {target.Kind}s events {target.Example} --follow",
            $"mooring {target.Kind}s events {target.Example} -o json | jq -r '.[].what'")
    {
        _target = target;
        _argument = target.Argument();
        Arguments.Add(_argument);
        Options.Add(_after);
        Options.Add(_follow);
        AddCommonOptions();
    }

    /// <summary>How a history is shown.</summary>
    public static Table<HistoryEvent> Table { get; } = new(
        new Column<HistoryEvent>("NO", happened => $"{happened.Number}") { IsRight = true, LeftOut = 1 },
        new Column<HistoryEvent>("AT", happened => Words.Instant(happened.At)),
        new Column<HistoryEvent>("WHAT", happened => happened.What),
        new Column<HistoryEvent>("STATUS", happened => happened.Status) { Colour = Colours.OfStatus },
        new Column<HistoryEvent>("USD/H", happened => Words.Price(happened.PriceHr)) { IsRight = true, LeftOut = 2 },
        new Column<HistoryEvent>("WORDS", happened => happened.Words) { WidthMin = 12 });

    /// <summary>Where in a history to begin.</summary>
    public static Option<long> After()
    {
        var after = new Option<long>("--after")
        {
            Description = "Only events after the one with this number.",
            HelpName = "NUMBER",
        };
        after.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<long>() < 0)
            {
                option.AddError("--after must be the number of an event.");
            }
        });
        return after;
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = await _target.FindAsync(call, call.Value(_argument));
        var after = call.Value(_after);
        if (call.Value(_follow))
        {
            var time = call.Around.Time;
            var news = new Interruptions(call);
            return await LiveEventsCommand.FollowAsync(call, _target.IsDisk
                ? call.Client.FollowDiskEventsAsync(id, after, time, news, call.Ct)
                : call.Client.FollowPodEventsAsync(id, after, time, news, call.Ct));
        }

        var events = await (_target.IsDisk
            ? call.Client.ListDiskEventsAsync(id, after, ct: call.Ct)
            : call.Client.ListPodEventsAsync(id, after, ct: call.Ct)).ToListAsync(call.Ct);
        call.Printer.Rows(events, Printer.Json.HistoryEvent, Table, "Nothing happened since.");
        return ExitCode.Done;
    }
}
