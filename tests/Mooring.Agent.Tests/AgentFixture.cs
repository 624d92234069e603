using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mooring.Agent;
using Mooring.Agent.Engine;
using Mooring.Agent.Hosts;
using Mooring.Agent.Tests;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

[assembly: AssemblyFixture(typeof(AgentFixture))]
// One kernel, one engine that some tests kill: side by side, tests would see each other's faults.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Mooring.Agent.Tests;

/// <summary>
/// An agent with an engine of its own, its supervisor running, an image loaded; one for all tests of this assembly.
/// Each test makes disks and pods under names of its own. Nothing is left behind.
/// </summary>
public sealed class AgentFixture : IAsyncLifetime
{
    private const uint FirstBase = 1_000_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("mooring-agent-tests-").FullName;
    private int _pods;

    public AgentFixture()
    {
        Options = new AgentOptions
        {
            DataDirectory = Path.Combine(_root, "data"),
            InstallationId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)),
            // Below what outgoing connections take (ip(7), ip_local_port_range): a test listens there.
            ServerPort = 17_070,
            RunDirectory = Path.Combine(_root, "run"),
        };
        Agent = NewAgent(Options);
    }

    public AgentOptions Options { get; }

    public LocalAgent Agent { get; private set; }

    internal EngineSupervisor? Supervisor { get; private set; }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static LocalAgent NewAgent(AgentOptions options, Func<string>? bootId = null) =>
        new(options, bootId ?? (() => HostFacts.BootId), TimeProvider.System, NullLoggerFactory.Instance);

    public async ValueTask InitializeAsync()
    {
        // A machine that can't even run the agent as root fails here, once, with words.
        Environment.IsPrivilegedProcess.ShouldBeTrue("these tests mount disks and run containers: run them as root");
        Directory.CreateDirectory(Options.ImageArchiveDirectory);
        await TestImage.WriteAsync(Path.Combine(Options.ImageArchiveDirectory, "test.tar"));
        await StartSupervisorAsync();
        await UntilAsync(
            async () => (await Agent.ReportAsync(CancellationToken.None)).Images.Contains(TestImage.Plain),
            "the engine is up with the test image");
    }

    public async ValueTask DisposeAsync()
    {
        await StopSupervisorAsync();
        await Agent.Service!.EnsureRunningAsync(CancellationToken.None);
        await foreach (var instance in Agent.ListAsync(CancellationToken.None))
        {
            await UntilAsync(
                async () => (await Agent.EnsureRemovedAsync(new(instance.Name, null), CancellationToken.None)).State
                    == RemoteInstanceState.Absent,
                $"{instance.Name} is removed");
        }

        foreach (var network in await Agent.Networks.ListAsync(CancellationToken.None))
        {
            await Agent.Networks.RemoveAsync(network, CancellationToken.None);
            var bridge = Agent.Networks.BridgeOf(network);
            Directory.Exists($"/sys/class/net/{bridge}").ShouldBeFalse($"{bridge} of {network} is left");
        }

        var rules = await RunAsync("iptables-save");
        rules.Output.ShouldNotContain(RemoteName.Prefix(Options.InstallationId));

        (await Agent.DrainAsync(CancellationToken.None)).ShouldBeEmpty();
        await RunAsync("umount", $"{Options.EngineDirectory}/storage/overlay");
        Agent.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    internal async Task StartSupervisorAsync()
    {
        Supervisor = new EngineSupervisor(Agent, TimeProvider.System, NullLogger<EngineSupervisor>.Instance);
        await Supervisor.StartAsync(CancellationToken.None);
    }

    internal async Task StopSupervisorAsync()
    {
        if (Supervisor is { } running)
        {
            Supervisor = null;
            await running.StopAsync(CancellationToken.None);
            running.Dispose();
        }
    }

    /// <summary>As after a restart of the server: a new agent that knows nothing.</summary>
    public async Task ReplaceAgentAsync(Func<string>? bootId = null)
    {
        await StopSupervisorAsync();
        Agent.Dispose();
        Agent = NewAgent(Options, bootId);
        await StartSupervisorAsync();
    }

    public string NewName() =>
        RemoteName.For(Options.InstallationId, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));

    /// <summary>A pod that runs a script and ends with its exit code.</summary>
    public InstanceSpec NewPod(string script = TestImage.WaitForTheEnd, string image = TestImage.Plain) => new(
        NewName(),
        "cpu",
        null,
        image,
        Vcpus: 1,
        Memory: new ByteSize(128 << 20),
        GpuIds: [],
        Environment: new Dictionary<string, string> { [TestImage.Script] = script },
        AuthorizedKeys: [],
        Attachments: [],
        Network: "account-1",
        UserNamespaceBase: FirstBase + ((uint)Interlocked.Increment(ref _pods) * 65_536),
        ShownName: "A test's pod");

    /// <summary>The pod with a disk at <c>/workspace</c>.</summary>
    public static InstanceSpec With(InstanceSpec pod, TestDisk disk, bool isShared = false)
    {
        var ordinal = pod.Attachments.Count;
        var path = ordinal == 0 ? "/workspace" : $"/workspace-{(ordinal + 1).ToString(CultureInfo.InvariantCulture)}";
        var attachment = new AttachmentSpec(
            new DiskRef(disk.Name, null),
            new ImageFileSource(disk.Path, "ext4"),
            pod.Name,
            ordinal,
            path,
            Generation: 1,
            isShared,
            pod.UserNamespaceBase);
        return pod with { Attachments = [.. pod.Attachments, attachment] };
    }

    public Task<InstanceObservation> ObserveAsync(InstanceSpec pod) => Agent.ObserveAsync(new(pod.Name, null), Ct);

    public async Task<TestDisk> NewDiskAsync(int sizeMiB = 64) =>
        await TestDisk.CreateAsync(Path.Combine(_root, "disks"), NewName(), sizeMiB);

    public async Task MountAsync(InstanceSpec pod)
    {
        foreach (var attachment in pod.Attachments)
        {
            await UntilAsync(
                async () => (await Agent.EnsureMountedAsync(attachment, Ct)).State == AttachmentState.Attached,
                $"{attachment.MountPath} of {pod.Name} is mounted");
        }
    }

    public async Task UnmountAsync(InstanceSpec pod)
    {
        foreach (var attachment in pod.Attachments)
        {
            await UntilAsync(
                async () => (await Agent.EnsureUnmountedAsync(attachment, Ct)).State == AttachmentState.Detached,
                $"{attachment.MountPath} of {pod.Name} is unmounted");
        }
    }

    /// <summary>Steps the pod until it is in the state.</summary>
    public async Task<InstanceObservation> RunUntilAsync(InstanceSpec pod, RemoteInstanceState state)
    {
        InstanceObservation? last = null;
        await UntilAsync(
            async () => (last = await Agent.EnsureRunningAsync(pod, Ct)).State == state,
            () => $"{pod.Name} is {state}; it is {last}");
        return last!;
    }

    /// <summary>Mounts, runs the pod's script to its end, and returns what it wrote. Removes everything.</summary>
    public async Task<IReadOnlyList<string>> OutputOfAsync(InstanceSpec pod)
    {
        await MountAsync(pod);
        var end = await RunUntilAsync(pod, RemoteInstanceState.Ended);
        var output = await Agent.ReadLogAsync(new(pod.Name, null), 1000, Ct);
        end.ExitCode.ShouldBe(0, string.Join('\n', output));
        await RemoveAsync(pod);
        return output;
    }

    public async Task RemoveAsync(InstanceSpec pod)
    {
        await UntilAsync(
            async () => (await Agent.EnsureRemovedAsync(new(pod.Name, null), Ct)).State == RemoteInstanceState.Absent,
            $"{pod.Name} is removed");
        await UnmountAsync(pod);
    }

    public static Task UntilAsync(Func<Task<bool>> condition, string what) => UntilAsync(condition, () => what);

    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> what) =>
        (await Poll.UntilAsync(async _ => await condition(), Limit, TimeProvider.System, CancellationToken.None))
            .ShouldBeTrue($"within {Limit}: {what()}");

    internal static Task<CommandOutcome> RunAsync(string program, params string[] arguments) =>
        HostCommand.RunAsync(program, arguments, CancellationToken.None);
}
