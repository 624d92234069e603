using Mooring.Agent.Hosts;
using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Hosts;

public sealed class NvidiaGpuTests(AgentFixture agent)
{
    [Fact]
    public void Reads_what_nvidia_smi_prints()
    {
        var gpus = NvidiaGpus.Parse("""
            GPU-5fd4f087-86f3-7a43-b711-4771313afc50, NVIDIA H100 80GB HBM3, 81559
            GPU-0c5d1f3a-1b5e-4f6e-9a51-0c4ab6c3a001, NVIDIA GeForce RTX 4090, 24564
            No devices were found

            """);

        gpus.ShouldBe(
        [
            new("GPU-5fd4f087-86f3-7a43-b711-4771313afc50", "NVIDIA H100 80GB HBM3", 80),
            new("GPU-0c5d1f3a-1b5e-4f6e-9a51-0c4ab6c3a001", "NVIDIA GeForce RTX 4090", 24),
        ]);
    }

    [Fact]
    public void Finds_the_devices_that_specifications_name()
    {
        var directory = Directory.CreateTempSubdirectory("mooring-cdi-").FullName;
        try
        {
            // The form that nvidia-ctk writes.
            File.WriteAllText(Path.Combine(directory, "nvidia.yaml"), """
                cdiVersion: 0.5.0
                containerEdits:
                  hooks:
                  - hookName: createContainer
                    path: /usr/bin/nvidia-cdi-hook
                devices:
                - containerEdits:
                    deviceNodes:
                    - path: /dev/nvidia0
                  name: "0"
                - name: all
                kind: nvidia.com/gpu
                """);
            File.WriteAllText(
                Path.Combine(directory, "one.json"),
                """{"kind":"nvidia.com/gpu","devices":[{"name":"GPU-abc","containerEdits":{}}]}""");
            File.WriteAllText(
                Path.Combine(directory, "other.json"),
                """{"cdiVersion":"0.5.0","kind":"vendor.com/net","devices":[{"name":"eth0","containerEdits":{}}]}""");

            NvidiaGpus.CdiDeviceNames([directory, "/nowhere"]).ShouldBe(["0", "all", "GPU-abc"], ignoreOrder: true);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Pod_with_a_gpu_is_refused_where_the_host_can_not_pass_it()
    {
        var pod = agent.NewPod() with { GpuIds = ["GPU-00000000-0000-0000-0000-000000000000"] };

        var refusal = await Should.ThrowAsync<RefusedException>(
            () => agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct));

        refusal.Message.ShouldContain("CDI specification");
        (await agent.ObserveAsync(pod)).ShouldBe(InstanceObservation.Absent);
    }

    [Fact]
    public async Task Pod_gets_the_device_of_its_gpu_and_every_protection_of_other_pods()
    {
        // A device node under a specification of our own: the engine's whole way, without a GPU.
        const string Id = "GPU-11111111-2222-3333-4444-555555555555";
        const string Node = "/dev/mooring-agent-tests";
        const string Specification = "/etc/cdi/mooring-agent-tests.json";
        var madeDirectory = !Directory.Exists("/etc/cdi");
        Directory.CreateDirectory("/etc/cdi");
        try
        {
            (await AgentFixture.RunAsync("mknod", "-m", "666", Node, "c", "1", "5")).OrRefuse("mknod");
            await File.WriteAllTextAsync(Specification, $$$"""
                {"cdiVersion":"0.5.0","kind":"nvidia.com/gpu","devices":[{"name":"{{{Id}}}","containerEdits":{
                  "env":["NVIDIA_VISIBLE_DEVICES=void"],
                  "deviceNodes":[{"path":"{{{Node}}}"}]}}]}
                """, AgentFixture.Ct);
            var script = $"head -c 3 {Node} | md5sum; cat /proc/self/uid_map; grep NoNewPrivs /proc/self/status; "
                + "echo $MOORING_MOUNTS; touch /workspace/file; hostname; "
                + "cat /proc/sys/net/ipv6/conf/all/disable_ipv6";
            var pod = AgentFixture.With(agent.NewPod(script), await agent.NewDiskAsync()) with { GpuIds = [Id] };

            var output = await agent.OutputOfAsync(pod);

            // Three zeros: the device is the host's own.
            output[0].ShouldStartWith("693e9af84d3dfcc71e640e005bdc5e2e");
            output[1].Split(" ", StringSplitOptions.RemoveEmptyEntries)[1].ShouldBe($"{pod.UserNamespaceBase}");
            output[2].ShouldBe("NoNewPrivs:\t1");
            output[3].ShouldStartWith("/workspace=7:");
            output[4].ShouldBe("a-test-s-pod");
        }
        finally
        {
            File.Delete(Specification);
            File.Delete(Node);
            if (madeDirectory)
            {
                Directory.Delete("/etc/cdi");
            }
        }
    }
}
