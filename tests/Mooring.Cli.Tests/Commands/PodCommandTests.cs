using System.Text.Json;
using Mooring.Cli.Ssh;
using Mooring.Cli.Tests.Demo;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Commands;

public sealed class PodCommandTests : IAsyncLifetime
{
    private readonly CommandLine _line = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _line.Speak(_server);
        _server.HasDisks(Rows.Disk());
        _server.HasPods(Rows.Pod());
        _server.OffersPods(Offers.Instance("cpu-1", "CPU_NODE", 0.01m));
        _server.On("POST /api/v1/pods/", Rows.Pod(status: Statuses.Provisioning));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Fact]
    public async Task Lists_pods_and_leaves_out_columns_on_a_narrow_terminal()
    {
        (await _line.RunAsync("pods", "list")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldBe(
            "ID                                NAME       STATUS  GPUS          "
            + "SSH                        DISKS  USD/H  AGE\n"
            + $"{Rows.PodId}  trainer-1  ACTIVE  8x H100_80GB  "
            + "root@203.0.113.7 -p 22022      0  15.20   3d\n");

        _line.Width = 80;
        await _line.RunAsync("pods", "list");
        _line.Output.ShouldBe(
            $"""
            ID                                NAME       STATUS  GPUS          DISKS  AGE
            {Rows.PodId}  trainer-1  ACTIVE  8x H100_80GB      0   3d

            """);
    }

    [Fact]
    public async Task Creates_a_pod_with_disks_and_a_key_by_their_names()
    {
        _server.On("GET /api/v1/ssh_keys/", new ListPage<SshKey>
        {
            TotalCount = 1,
            Offset = 0,
            Limit = 100,
            Data = [Rows.SshKey("ck1", "laptop")],
        });

        (await _line.RunAsync(
            "pods", "create", "--disk", "training-data", "--name", "trainer-1", "--ssh-key", "laptop",
            "--max-price", "0.5"))
            .ShouldBe(ExitCode.Done, _line.Error);

        var body = JsonDocument.Parse(_server.Requests.Last().Body).RootElement;
        body.GetProperty("disks").GetRawText().ShouldBe($"[\"{Rows.DiskId}\"]");
        var pod = body.GetProperty("pod");
        (pod.GetProperty("cloudId").GetString(), pod.GetProperty("sshKeyId").GetString()).ShouldBe(("cpu-1", "ck1"));
        pod.GetProperty("image").GetString().ShouldBe("ubuntu_22_cuda_12");
        pod.GetProperty("maxPrice").GetDecimal().ShouldBe(0.5m);
        pod.GetProperty("envVars").ValueKind.ShouldBe(JsonValueKind.Null);
        _server.Requests.ShouldContain(asked =>
            asked.Route == $"GET /api/v1/availability/gpus?disks={Rows.DiskId}&page=1&page_size=100");
    }

    [Fact]
    public async Task Takes_environment_variables_from_a_file_and_from_its_own_environment()
    {
        var file = _line.Folder.File("env", "# a comment\n\nTOKEN=a=b \"c\"\nHOME=/nowhere\n");

        (await _line.RunAsync("pods", "create", "--env-file", file, "--env", "HOME")).ShouldBe(ExitCode.Done);

        var variables = JsonDocument.Parse(_server.Requests.Last().Body).RootElement.GetProperty("pod")
            .GetProperty("envVars").EnumerateArray()
            .ToDictionary(one => one.GetProperty("key").GetString()!, one => one.GetProperty("value").GetString());
        variables.ShouldBe(new Dictionary<string, string?>
        {
            ["TOKEN"] = "a=b \"c\"",
            ["HOME"] = Environment.GetEnvironmentVariable("HOME"),
        });
    }

    [Theory]
    [InlineData("--env", "TOKEN=sekret")]
    [InlineData("--env", "MOORING_NO_SUCH_VARIABLE")]
    [InlineData("--env", "two words")]
    [InlineData("--env-file", "/dev/null/absent")]
    public async Task Refuses_an_environment_that_can_not_be_taken(string option, string value)
    {
        (await _line.RunAsync("pods", "create", option, value)).ShouldBeOneOf(ExitCode.Usage, ExitCode.Failed);

        _line.Error.ShouldNotContain("sekret");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_line_of_a_file_that_is_wrong_is_told_by_its_number_alone()
    {
        var file = _line.Folder.File("env", "A=1\nsekret\n");

        (await _line.RunAsync("pods", "create", "--env-file", file)).ShouldBe(ExitCode.Usage);

        _line.Error.ShouldBe($"mooring: {file}:2 is not of the form NAME=VALUE\n");
    }

    [Fact]
    public async Task Prints_the_log_without_what_would_move_the_cursor()
    {
        _server.On($"GET /api/v1/pods/{Rows.PodId}/log", new PodLog("one\n\u001b[2Jtwo\n"));

        (await _line.RunAsync("pods", "logs", "trainer-1", "--tail", "7")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe("one\n?[2Jtwo\n");
        _server.Requests.Last().Route.ShouldEndWith("/log?tail=7");
    }

    [Fact]
    public async Task Ends_a_pod_and_waits_until_it_is_gone()
    {
        _server.On($"DELETE /api/v1/pods/{Rows.PodId}", new StatusOnly(Statuses.Deleting));
        _server.On(
            $"GET /api/mooring/v1/pods/{Rows.PodId}/explain",
            Rows.Explanation(Statuses.Deleting, kind: ResourceKinds.Pod, id: Rows.PodId),
            Rows.Explanation(Statuses.Terminated, kind: ResourceKinds.Pod, id: Rows.PodId));

        (await _line.RunAsync("pods", "delete", "trainer-1", "-y", "--wait", "-o", "json")).ShouldBe(ExitCode.Done);

        JsonDocument.Parse(_line.Output).RootElement.GetProperty("status").GetString().ShouldBe("TERMINATED");
    }

    [Fact]
    public async Task A_pod_without_a_login_is_not_logged_in_to()
    {
        _server.HasPods(Rows.Pod(status: Statuses.Provisioning) with { SshConnection = null });

        (await _line.RunAsync("pods", "ssh", "trainer-1")).ShouldBe(ExitCode.Refused);

        _line.Error.ShouldContain($"mooring pods explain {Rows.PodId}");
    }

    [Fact]
    public void A_login_remembers_the_host_by_the_pod() =>
        Login.Arguments(new SshTarget("root", "host", 22022), Rows.PodId, "/s/known", "/k", ["ls", "-l"]).ShouldBe(
        [
            "-o", $"HostKeyAlias={Rows.PodId}",
            "-o", "UserKnownHostsFile=\"/s/known\"",
            "-o", "StrictHostKeyChecking=accept-new",
            "-i", "/k",
            "-l", "root",
            "-p", "22022",
            "--", "host", "ls", "-l",
        ]);
}
