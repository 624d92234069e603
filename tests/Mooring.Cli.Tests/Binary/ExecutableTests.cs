using System.Diagnostics;
using System.Text.Json;
using Mooring.Contract.Json;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Binary;

/// <summary>
/// What only the program as a process can show: that its JSON, its tables and its names survive being compiled ahead of
/// time, its exit codes, and what Ctrl-C does.
/// </summary>
public sealed class ExecutableTests : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();
    private StubServer _server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await StubServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Prints_its_help_and_its_version()
    {
        var help = await RunAsync("--help");
        (help.Code, help.Error).ShouldBe((0, ""));
        help.Output.ShouldContain("Usage:\n  mooring [command] [options]\n");

        (await RunAsync("--version")).Output.ShouldStartWith("0.");
        (await RunAsync("disks", "nonsense")).Code.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task Reads_and_writes_every_kind_of_answer()
    {
        _server.HasDisks(Rows.Disk());
        _server.HasPods(Rows.Pod());
        _server.OffersDisks(Demo.Offers.Disk("local", "block", 0.00015m));
        _server.OffersPods(Demo.Offers.Instance("cpu-1", "CPU_NODE", 0.01m));
        _server.On("GET /api/mooring/v1/keys", new KeyList([Rows.Key("0123456789ab", "ci")]));
        _server.On("GET /api/mooring/v1/stuck", new StuckList([]));
        _server.On($"GET /api/mooring/v1/disks/{Rows.DiskId}/explain", Rows.Explanation(Statuses.Active));
        _server.On(
            $"GET /api/mooring/v1/disks/{Rows.DiskId}/events", new HistoryPage { Data = [], Next = null });
        _server.On("POST /api/v1/disks/", Rows.Disk());
        _server.On("POST /api/v1/pods/", Rows.Pod());
        _server.On($"DELETE /api/v1/disks/{Rows.DiskId}", new StatusOnly(Statuses.Terminated));

        foreach (var line in (string[])
        [
            "disks list", "disks get training-data", "disks explain training-data", "disks events training-data",
            "disks create --size 1 --wait", "disks delete training-data -y --wait",
            "pods list", "pods get trainer-1", "pods create --disk training-data",
            "availability disks", "availability gpus", "keys list", "stuck", "config show", "config contexts",
        ])
        {
            var json = await RunAsync([.. line.Split(' '), "-o", "json"]);
            json.Code.ShouldBe(ExitCode.Done, $"{line}: {json.Error}");
            JsonDocument.Parse(json.Output).RootElement.ValueKind.ShouldNotBe(JsonValueKind.Null);
            (await RunAsync(line.Split(' '))).Code.ShouldBe(ExitCode.Done, line);
        }

        var got = await RunAsync("disks", "get", Rows.DiskId, "-o", "json");
        JsonSerializer.Deserialize(got.Output, ContractJson.Default.Disk).ShouldNotBeNull()
            .Name.ShouldBe("training-data");
    }

    [Fact]
    public async Task Keeps_a_key_from_standard_input()
    {
        using var set = Executable.Start(Executable.Path, _home.Path, _server, "config", "set", "key");
        await set.StandardInput.WriteLineAsync("mrg_test.kept".AsMemory(), Ct);
        set.StandardInput.Close();
        await Executable.EndAsync(set);
        set.ExitCode.ShouldBe(ExitCode.Done);

        var kept = Path.Combine(_home.Path, ".config", "mooring", "config.json");
        (await File.ReadAllTextAsync(kept, Ct)).ShouldContain("mrg_test.kept");
        File.GetUnixFileMode(kept).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task An_interrupted_wait_says_what_goes_on_and_how_to_follow_it()
    {
        _server.OffersDisks(Demo.Offers.Disk("local", "block", 0.00015m));
        _server.On("POST /api/v1/disks/", Rows.Disk(status: Statuses.Provisioning));
        _server.On($"GET /api/mooring/v1/disks/{Rows.DiskId}/explain", Rows.Explanation(Statuses.Provisioning));
        using var waiting = Executable.Start(
            Executable.Path, _home.Path, _server, "disks", "create", "--size", "1", "--wait");
        (await waiting.StandardError.ReadLineAsync(Ct)).ShouldNotBeNull().ShouldContain("is accepted");
        (await waiting.StandardError.ReadLineAsync(Ct)).ShouldNotBeNull().ShouldContain("PROVISIONING");

        using var kill = Process.Start("kill", ["-INT", $"{waiting.Id}"]);
        await Executable.EndAsync(waiting);

        waiting.ExitCode.ShouldBe(ExitCode.Interrupted);
        (await waiting.StandardError.ReadToEndAsync(Ct)).ShouldBe(
            $"mooring: interrupted. disk training-data ({Rows.DiskId}) is PROVISIONING "
            + $"and goes on without this command. See: mooring disks explain {Rows.DiskId}\n");
        (await waiting.StandardOutput.ReadToEndAsync(Ct)).ShouldBeEmpty();
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params IReadOnlyList<string> arguments) =>
        Executable.RunAsync(Executable.Path, _home.Path, _server, arguments);
}
