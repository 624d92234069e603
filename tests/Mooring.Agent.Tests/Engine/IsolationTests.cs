using System.Globalization;
using Mooring.Agent.Engine;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Engine;

public sealed class IsolationTests(AgentFixture agent)
{
    // capabilities(7): chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap, net_bind_service,
    // sys_chroot, audit_write, setfcap. Engines grant raw sockets and device nodes besides; Mooring does not.
    private const ulong Granted = 0xa00405fb;

    [Fact]
    public async Task Pod_has_user_ids_of_its_own_no_new_privileges_a_seccomp_filter_and_no_added_capability()
    {
        var pod = agent.NewPod(
            "cat /proc/self/uid_map /proc/self/gid_map; grep -E 'NoNewPrivs|Seccomp:|CapBnd' /proc/self/status");

        var output = await agent.OutputOfAsync(pod);

        string[] mapping = ["0", pod.UserNamespaceBase.ToString(CultureInfo.InvariantCulture), "65536"];
        output[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(mapping);
        output[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(mapping);
        var status = output.Skip(2).Select(line => line.Split('\t')).ToDictionary(f => f[0], f => f[1]);
        status["NoNewPrivs:"].ShouldBe("1");
        status["Seccomp:"].ShouldBe("2");
        (ulong.Parse(status["CapBnd:"], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & ~Granted).ShouldBe(0ul);
    }

    [Fact]
    public async Task Pods_processes_are_nobody_on_the_host()
    {
        var pod = agent.NewPod();
        await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);

        var pid = await PidOfAsync(pod);

        var uids = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal));
        uids.Split('\t')[1].ShouldBe(pod.UserNamespaceBase.ToString(CultureInfo.InvariantCulture));
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Limits_of_memory_processes_and_cpu_are_in_force()
    {
        var pod = agent.NewPod() with { Vcpus = 2 };
        await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);

        var pid = await PidOfAsync(pod);

        Limit(pid, "memory", "memory.limit_in_bytes", "memory.max").ShouldBe("134217728");
        Limit(pid, "pids", "pids.max", "pids.max").ShouldBe($"{agent.Options.PidsLimit}");
        Limit(pid, "cpu", "cpu.cfs_quota_us", "cpu.max").ShouldBeOneOf("200000", "200000 100000");
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Process_beyond_the_limit_is_not_born()
    {
        using var strict = AgentFixture.NewAgent(agent.Options with { PidsLimit = 20 });
        var pod = agent.NewPod("for i in $(seq 1 40); do sleep 5 & done; echo all born");
        await AgentFixture.UntilAsync(
            async () => (await strict.EnsureRunningAsync(pod, AgentFixture.Ct)).State == RemoteInstanceState.Ended,
            "it ended");

        (await agent.Agent.ReadLogAsync(new(pod.Name, null), 100, AgentFixture.Ct))
            .ShouldContain(line => line.Contains("can't fork", StringComparison.Ordinal));
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Pod_has_no_ipv6()
    {
        Assert.SkipUnless(Directory.Exists("/proc/sys/net/ipv6"), "missing kernel feature: IPv6");

        (await agent.OutputOfAsync(agent.NewPod("cat /proc/sys/net/ipv6/conf/all/disable_ipv6"))).ShouldBe(["1"]);
    }

    private async Task<long> PidOfAsync(InstanceSpec pod)
    {
        using var engine = new EngineConnection(agent.Options.EngineEndpoint, TimeProvider.System);
        var answer = await engine.ReadAsync(
            client => client.Containers.InspectContainerAsync(pod.Name, AgentFixture.Ct), AgentFixture.Ct);
        return EngineContainer.From(answer).Pid;
    }

    private static string Limit(long pid, string controller, string file, string unifiedFile)
    {
        // "4:memory:/libpod_parent/libpod-ID" under v1, "0::/libpod_parent/libpod-ID" under v2.
        var groups = File.ReadLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3)).ToList();
        var own = groups.FirstOrDefault(g => g[1].Split(',').Contains(controller));
        var path = own is not null
            ? $"/sys/fs/cgroup/{own[1]}{own[2]}/{file}"
            : $"/sys/fs/cgroup{groups.First(g => g[1].Length == 0)[2]}/{unifiedFile}";
        return File.ReadAllText(path).Trim();
    }
}
