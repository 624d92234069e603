using Mooring.Contract.Native;

namespace Mooring.Cli.Tests.Completion;

public sealed class SuggestionsTests : IAsyncLifetime
{
    private readonly CommandLine _line = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _line.Speak(_server);
        _server.HasDisks(Rows.Disk(), Rows.Disk(Rows.OtherId, "$(reboot)"));
        _server.HasPods(Rows.Pod());
        _server.On("GET /api/mooring/v1/keys", new KeyList([Rows.Key("0123456789ab", "ci")]));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Theory]
    [InlineData("mooring d", "db demo disks doctor")]
    [InlineData("mooring config set ", "key key-file server --context --help -h")]
    [InlineData("mooring disks list -o ", "json table")]
    [InlineData("mooring pods get tr", "trainer-1")]
    [InlineData("mooring keys revoke ", "0123456789ab ci --context --help --key-file --output --server --yes -h -o -y")]
    [InlineData("mooring pods create --disk t", "training-data")]
    [InlineData("mooring disks get 01a2100f14c07574a46ef9a46498d71", Rows.OtherId)]
    [InlineData("mooring disks get $", "")]
    [InlineData("mooring disks list --server ", "")]
    public async Task Suggests(string typed, string suggested) =>
        (await OfAsync(typed)).Order(StringComparer.Ordinal)
            .ShouldBe(suggested.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Looks_at_what_stands_before_the_cursor_alone()
    {
        const string line = "mooring dis list";

        await _line.RunAsync("[suggest:11]", line);

        _line.Output.ShouldBe("disks\n");
    }

    [Fact]
    public async Task Completes_contexts()
    {
        await _line.RunAsync("config", "set", "server", "https://lab.example", "--context", "lab");

        (await OfAsync("mooring config use ")).ShouldContain("lab");
        (await OfAsync("mooring disks list --context ")).ShouldContain("lab");
    }

    [Fact]
    public async Task Has_nothing_to_say_where_there_is_no_server_and_no_key()
    {
        _line.Variables.Clear();
        _line.Variables["XDG_CONFIG_HOME"] = _line.Folder.Path;

        (await OfAsync("mooring disks get t")).ShouldBeEmpty();

        _line.Error.ShouldBeEmpty();
    }

    private async Task<string[]> OfAsync(string typed)
    {
        (await _line.RunAsync($"[suggest:{typed.Length}]", typed)).ShouldBe(ExitCode.Done);
        return _line.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
