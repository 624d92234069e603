using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Mooring.Cli.Demo;
using Mooring.Cli.Output;
using Mooring.Cli.Ssh;
using Mooring.Client;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Demo;

/// <summary>
/// The steps, their output and the cleaning up, against <see cref="ModelServer"/>; the scripts run for real on a folder
/// that stands for the disk. That the whole works with real instances is shown end to end elsewhere.
/// </summary>
public sealed partial class DemonstrationTests : IAsyncLifetime
{
    private readonly TemporaryFolder _disk = MemoryDisk.Create();
    private readonly LocalShell _shell = new();
    private readonly StringWriter _written = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Interruption _interruption = new(TestContext.Current.CancellationToken);
    private ModelServer _server = null!;

    private string DataFile => Path.Combine(_disk.Path, "mooring-demo.data");

    public async ValueTask InitializeAsync() => _server = await ModelServer.StartAsync(_disk.Path);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _interruption.Dispose();
        _http.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public async Task Verifies_the_data_in_another_instance_and_leaves_nothing()
    {
        (await RunAsync()).ShouldBeNull();

        const string login = "root@127.0.0.1 -p 22022 (CPU_NODE, 0.01 USD per hour)";
        Outline().ShouldBe(
        [
            "Find a place for a disk of 2 GB: local · block · here, 0.00015 USD per GB and hour",
            "Make a throw-away SSH key: ed25519, registered as key1",
            "Create the disk: disk1 is ACTIVE, 0.00015 USD per hour",
            $"Start an instance with the disk: pod1 is ACTIVE at {login}",
            "Write 1 MiB of random data: sha256 #",
            "End the instance: pod1 is gone, the disk is ACTIVE and held by nobody",
            $"Start another instance with the same disk: pod2 is ACTIVE at {login}",
            "Read the data back: sha256 #, as written",
            "Clean up: everything is removed",
        ]);
        _written.ToString().ShouldContain("Filesystem");
        _server.Remains.ShouldBeEmpty();
        new FileInfo(DataFile).Length.ShouldBe(1 << 20);
        Checksum().Matches(_written.ToString()).Select(match => match.Value).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Asks_for_what_the_offers_say()
    {
        await RunAsync();

        var disk = _server.Disks["disk1"];
        (disk.Name, disk.Size, disk.ProviderType, disk.Info).ShouldBe(
            ("mooring-demo-1", 2, "local", new DiskInfo("block", "US", false, "here")));
        _server.PodRequests.Select(request => request.Pod!.Name).ShouldBe(["mooring-demo-1-1", "mooring-demo-1-2"]);
        var pod = _server.PodRequests[0];
        (pod.Pod!.CloudId, pod.Pod.GpuType, pod.Pod.Socket, pod.Pod.GpuCount, pod.Pod.Image, pod.Pod.SshKeyId).ShouldBe(
            ("cpu-1", "CPU_NODE", "PCIe", 1, "ubuntu_22_cuda_12", "key1"));
        pod.Disks.ShouldBe(["disk1"]);
    }

    [Fact]
    public async Task Tells_data_that_changed_between_the_instances()
    {
        _shell.Before = script =>
        {
            if (script == DataScripts.Read)
            {
                using var file = File.OpenWrite(DataFile);
                file.Seek(12345, SeekOrigin.Begin);
                file.Write("other"u8);
            }

            return null;
        };

        var failure = await RunAsync();

        failure.ShouldNotBeNull().ShouldStartWith("the data is NOT equal: ");
        _written.ToString().ShouldContain("Read the data back: failed");
        _server.Remains.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tells_another_disk_in_place_of_the_first()
    {
        // Whole and consistent in itself, but not what was written: only the memory of the client can tell.
        _shell.Before = script =>
        {
            if (script == DataScripts.Read)
            {
                File.WriteAllText(DataFile, "");
                File.WriteAllText(
                    Path.Combine(_disk.Path, "mooring-demo.sha256"),
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n");
            }

            return null;
        };

        (await RunAsync()).ShouldNotBeNull().ShouldStartWith("the data is NOT equal: ");
    }

    [Fact]
    public async Task Says_why_an_instance_failed_and_removes_it()
    {
        _server.NextPodStatus = Statuses.Error;

        (await RunAsync()).ShouldBe(
            "the instance pod1 became ERROR instead of ACTIVE; 'mooring doctor' on the server's machine may say more.");

        _server.Remains.ShouldBeEmpty();
    }

    [Fact]
    public async Task Makes_nothing_where_no_instance_could_hold_the_disk()
    {
        _server.InstanceOffers = [Offers.Instance("far", "CPU_NODE", 0.1m) with { Provider = "elsewhere" }];

        (await RunAsync()).ShouldNotBeNull().ShouldStartWith("no instance can be had at local · block · here");

        _server.Disks.ShouldBeEmpty();
        Outline().ShouldBe(["Find a place for a disk of 2 GB: failed"]);
    }

    [Fact]
    public async Task Says_that_only_an_image_is_missing()
    {
        _server.InstanceOffers = [Offers.Instance("cpu-1", "CPU_NODE", 0.01m) with { Images = [] }];

        (await RunAsync()).ShouldNotBeNull()
            .ShouldStartWith("no instance at local · block · here has an image to start");

        _server.Disks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Waits_for_images_of_a_server_that_has_just_started()
    {
        var asked = 0;
        _server.Instead["GET /availability/gpus"] = context =>
        {
            IReadOnlyList<string> images = asked++ == 0 ? [] : ["ubuntu_22_cuda_12"];
            _server.InstanceOffers = [Offers.Instance("cpu-1", "CPU_NODE", 0.01m) with { Images = images }];
            return _server.RouteAsync(context, "GET /availability/gpus", "");
        };

        (await RunAsync(imageDeadline: TimeSpan.FromMinutes(1))).ShouldBeNull();
    }

    [Theory]
    [InlineData("root@-oProxyCommand=id -p 22")]
    [InlineData("ssh root@127.0.0.1")]
    public async Task Runs_no_ssh_to_a_login_that_has_another_form(string connection)
    {
        _server.SshConnection = connection;
        _shell.Before = _ => throw new InvalidOperationException("ssh was run");

        (await RunAsync()).ShouldBe($"the server's sshConnection '{connection}' is not of the form user@host -p port.");

        _server.Remains.ShouldBeEmpty();
    }

    [Fact]
    public async Task Passes_on_the_servers_words_when_it_refuses()
    {
        _server.Instead["POST /disks"] =
            context => ModelServer.RefuseAsync(context, 402, "the wallet is empty; pay in");

        (await RunAsync()).ShouldBe("The server answered 402: the wallet is empty; pay in");

        _server.Remains.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("POST /disks")]
    [InlineData("POST /pods")]
    [InlineData("POST /ssh_keys")]
    public async Task Finds_and_removes_what_a_lost_answer_made(string route)
    {
        var made = new List<string>();
        _server.Instead[route] = async context =>
        {
            // A repeat with the same key makes no second one, and its answer is lost as well.
            if (made.Count > 0)
            {
                context.Abort();
                return;
            }

            var before = _server.Remains.Count();
            await _server.RouteAsync(new LostAnswer(context).Context, route, "");
            made.AddRange(_server.Remains.Skip(before));
            context.Abort();
        };

        (await RunAsync()).ShouldNotBeNull().ShouldContain("gave no answer");

        made.ShouldHaveSingleItem();
        _server.Remains.ShouldBeEmpty();
        _written.ToString().ShouldContain("Clean up: everything is removed");
    }

    [Fact]
    public async Task Cleans_up_when_interrupted()
    {
        _shell.Before = script =>
        {
            if (script == DataScripts.Write)
            {
                _interruption.Next();
            }

            return null;
        };

        (await RunAsync()).ShouldBe("it was interrupted.");

        _server.Remains.ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_what_is_left_when_the_cleaning_is_interrupted_too()
    {
        _shell.Before = script => script == DataScripts.Write ? throw new CommandFailedException("no") : null;
        _server.Instead["DELETE /pods/*"] = context =>
        {
            _interruption.Next();
            _interruption.Next();
            return ModelServer.RefuseAsync(context, 500, "too late");
        };

        var failure = await RunAsync();

        failure.ShouldNotBeNull().ShouldStartWith("no. And this could not be removed: instance pod1 (");
        failure.ShouldContain("; disk disk1 (interrupted); SSH key key1 (interrupted).");
        _server.Remains.Count().ShouldBe(3);
    }

    [Fact]
    public async Task Verified_data_is_no_success_where_something_is_left()
    {
        _server.Instead["DELETE /disks/*"] = context => ModelServer.RefuseAsync(context, 409, "somebody holds it");

        (await RunAsync()).ShouldBe(
            "the data was verified equal, but this could not be removed: "
            + "disk disk1 (The server answered 409: somebody holds it). Remove it by hand.");

        _server.Remains.ShouldBe(["mooring-demo-1"]);
    }

    [Fact]
    public async Task Keeps_everything_on_request_and_says_how_to_log_in()
    {
        (await RunAsync(keep: true)).ShouldBeNull();

        _server.Remains.ShouldBe(["mooring-demo-1", "mooring-demo-1-2", "mooring-demo-1"]);
        var login = Login().Match(_written.ToString());
        login.Success.ShouldBeTrue(_written.ToString());
        var folder = Path.GetDirectoryName(login.Groups["key"].Value)!;
        Directory.Exists(folder).ShouldBeTrue();
        Directory.Delete(folder, recursive: true);
    }

    private Task<string?> RunAsync(bool keep = false, TimeSpan imageDeadline = default) => new Demonstration(
        new MooringClient(_http, _server.Address, "key"),
        _shell,
        new StepLog(Terminal.Of(_written), TimeProvider.System),
        TimeProvider.System,
        new DemoSettings("mooring-demo-1", SizeGb: 2, Keep: keep, DataMiB: 1)
        {
            EngineDeadline = TimeSpan.Zero,
            ImageDeadline = imageDeadline,
        })
            .RunAsync(_interruption);

    /// <summary>The steps' lines without their times, checksums as <c>#</c>.</summary>
    private IEnumerable<string> Outline() => _written.ToString().Split('\n')
        .Where(line => StepLine().IsMatch(line))
        .Select(line => Checksum().Replace(StepLine().Replace(line, ""), "#"));

    [GeneratedRegex(@"\A\[ *[0-9]+\.[0-9]{2} s\] ", RegexOptions.None, 1000)]
    private static partial Regex StepLine();

    [GeneratedRegex(@"[0-9a-f]{64}", RegexOptions.None, 1000)]
    private static partial Regex Checksum();

    [GeneratedRegex(@"ssh -i (?<key>/\S+) -l root -p 22022 127\.0\.0\.1", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Login();
}
