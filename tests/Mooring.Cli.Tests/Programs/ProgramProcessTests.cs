using Mooring.Cli.Programs;

namespace Mooring.Cli.Tests.Programs;

public sealed class ProgramProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hands_over_the_arguments_as_they_are_and_answers_the_exit_code()
    {
        var told = Path.Combine(_folder.Path, "told");
        var script = _folder.Script("mooringd", $"printf '%s|' \"$@\" > '{told}'; exit 7");

        var code = await ProgramProcess.RunAsync(new FoundProgram(script, []), ["doctor", "--a b", "$HOME", ""], Ct);

        code.ShouldBe(7);
        (await File.ReadAllTextAsync(told, Ct)).ShouldBe("doctor|--a b|$HOME||");
    }

    [Fact]
    public async Task Lets_it_end_by_itself_when_cancelled()
    {
        var ready = Path.Combine(_folder.Path, "ready");
        var script = _folder.Script(
            "mooringd",
            $"trap 'exit 9' TERM; touch '{ready}'; while :; do sleep 0.05; done");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var seen = new FileSystemWatcher(_folder.Path, "ready");
        seen.Created += (_, _) => stop.Cancel();
        seen.EnableRaisingEvents = true;

        (await ProgramProcess.RunAsync(new FoundProgram(script, []), [], stop.Token)).ShouldBe(9);
    }
}
