using Spectre.Console;

namespace Mooring.Cli.Output;

/// <summary>
/// Steps of a longer run, each with its time: on a terminal with a spinner that tells what is waited for, elsewhere as
/// plain lines. A finished step looks the same in both:
/// <c>[  0.31 s] Create a disk: 0199… is ACTIVE</c>
/// </summary>
internal sealed class StepLog(IAnsiConsole console, TimeProvider time)
{
    private bool IsLive => console.Profile.Capabilities is { Interactive: true, Ansi: true };

    public async Task<T> RunAsync<T>(string what, Func<Step, Task<T>> work)
    {
        var step = new Step();
        var start = time.GetTimestamp();
        var done = false;
        try
        {
            var result = await (IsLive ? RunLiveAsync(what, step, work) : RunPlainAsync(step, work));
            done = true;
            return result;
        }
        finally
        {
            var outcome = done ? step.Outcome : "failed";
            var seconds = time.GetElapsedTime(start).TotalSeconds;
            console.MarkupLineInterpolated(
                $"[grey][[{seconds,6:0.00} s]][/] [bold]{what}[/]: {Printable.Line(outcome)}");
            step.Notes.ForEach(Say);
        }
    }

    public Task RunAsync(string what, Func<Step, Task> work) => RunAsync(
        what,
        async step =>
        {
            await work(step);
            return true;
        });

    /// <summary>A line of its own below a step.</summary>
    public void Say(string line) => console.MarkupLineInterpolated($"           [grey]{Printable.Line(line)}[/]");

    private Task<T> RunLiveAsync<T>(string what, Step step, Func<Step, Task<T>> work) =>
        console.Status().StartAsync(Markup.Escape($"{what} …"), status =>
        {
            step.Reported = progress => status.Status = Markup.Escape($"{what}: {Printable.Line(progress)} …");
            return work(step);
        });

    private Task<T> RunPlainAsync<T>(Step step, Func<Step, Task<T>> work)
    {
        step.Reported = progress => Say($"{progress} …");
        return work(step);
    }
}

/// <summary>A step under way.</summary>
internal sealed class Step
{
    private string _progress = "";

    /// <summary>How it ended, in a few words.</summary>
    public string Outcome { get; set; } = "done";

    /// <summary>Lines shown below it when it has ended.</summary>
    public List<string> Notes { get; } = [];

    public Action<string>? Reported { get; set; }

    /// <summary>What it waits for now; told once, however often it is said.</summary>
    public void Report(string progress)
    {
        if (progress != _progress)
        {
            _progress = progress;
            Reported?.Invoke(progress);
        }
    }
}
