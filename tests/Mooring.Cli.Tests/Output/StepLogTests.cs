using Microsoft.Extensions.Time.Testing;
using Mooring.Cli.Output;

namespace Mooring.Cli.Tests.Output;

public sealed class StepLogTests
{
    private readonly StringWriter _written = new();
    private readonly FakeTimeProvider _time = new();

    private StepLog Log => new(Terminal.Of(_written), _time);

    [Fact]
    public async Task Writes_a_step_with_its_time_what_it_waited_for_and_its_notes()
    {
        var answer = await Log.RunAsync("Create [the] disk", async step =>
        {
            step.Report("disk 1 is PROVISIONING");
            step.Report("disk 1 is PROVISIONING");
            _time.Advance(TimeSpan.FromMilliseconds(1310));
            step.Outcome = "1 is [ACTIVE]";
            step.Notes.Add("a note");
            await Task.Yield();
            return 42;
        });

        answer.ShouldBe(42);
        _written.ToString().ShouldBe(
            """
                       disk 1 is PROVISIONING …
            [  1.31 s] Create [the] disk: 1 is [ACTIVE]
                       a note

            """);
    }

    [Fact]
    public async Task Tells_which_step_failed()
    {
        await Should.ThrowAsync<CommandFailedException>(
            () => Log.RunAsync("Create the disk", _ => throw new CommandFailedException("no")));

        _written.ToString().ShouldBe("[  0.00 s] Create the disk: failed\n");
    }

    [Fact]
    public void Breaks_no_line_that_goes_to_a_file()
    {
        var line = string.Join(' ', Enumerable.Repeat("word", 200));

        Log.Say(line);

        _written.ToString().ShouldBe($"           {line}\n");
    }
}
