using System.Globalization;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

[Collection(HouseGroup.Name)]
public sealed class InstanceTests(House house)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_disks_are_mounted_in_the_order_in_which_they_were_named()
    {
        var tenant = await house.EnterAsync();
        var small = await tenant.CreateDiskAsync(sizeGb: 1);
        var large = await tenant.CreateDiskAsync(sizeGb: 2);

        var pod = await tenant.StartPodAsync(small.Id, large.Id);

        pod.AttachedResources.Select(attached => (attached.Id, attached.MountPath, attached.Status, attached.Size, attached.IsShared))
            .ShouldBe([(small.Id, "/workspace", "MOUNTED", 1, false), (large.Id, "/workspace-2", "MOUNTED", 2, false)]);
        await tenant.RunAsync(pod, "echo small >/workspace/name; echo large >/workspace-2/name");
        await tenant.EndPodAsync(pod.Id);

        var other = await tenant.StartPodAsync(large.Id, small.Id);
        (await tenant.RunAsync(other, "cat /workspace/name /workspace-2/name")).Output.ShouldBe("large\nsmall\n");
        await tenant.EndPodAsync(other.Id);
        await tenant.DeleteDiskAsync(small.Id);
        await tenant.DeleteDiskAsync(large.Id);
    }

    [Fact]
    public async Task Environment_reaches_the_session_and_only_the_chosen_key_may_log_in()
    {
        var tenant = await house.EnterAsync();
        var client = house.Installation.Client;
        var request = await tenant.PodRequestAsync();
        var chosen = await KeyPair.MakeAsync(house.Installation.Scratch, $"chosen-{Path.GetRandomFileName()}");
        var registered = await client.CreateSshKeyAsync("chosen", chosen.PublicKey, Ct);

        var pod = await tenant.StartPodAsync(request with
        {
            Pod = request.Pod! with
            {
                SshKeyId = registered.Id,
                EnvVars = [new EnvVar { Key = "GREETING", Value = "it's \"50 %\" of $HOME \\ öäü" }],
            },
        });

        var greeted = await tenant.TryRunAsync(pod, "printf %s \"$GREETING\"", chosen);
        greeted.OrFail("the chosen key").Output.ShouldBe("it's \"50 %\" of $HOME \\ öäü");
        var refused = await tenant.TryRunAsync(pod, "true");
        refused.ExitCode.ShouldBe(255);
        refused.Errors.ShouldContain("Permission denied");
        await tenant.EndPodAsync(pod.Id);
    }

    [Fact]
    public async Task Cpu_and_memory_limits_are_those_of_the_offer()
    {
        var tenant = await house.EnterAsync();
        var pod = await tenant.StartPodAsync();

        var main = (await house.Installation.Engine.ProcessesAsync(house.Installation.NameOf(pod.Id))).Main;

        long vcpus = pod.Resources!.Vcpus!.Value, memory = pod.Resources.Memory!.Value;
        Limit(main, "memory", "memory.limit_in_bytes", "memory.max").ShouldBe(Words(memory << 30));
        Limit(main, "cpu", "cpu.cfs_quota_us", "cpu.max").Split(' ')[0].ShouldBe(Words(vcpus * 100_000));
        await tenant.EndPodAsync(pod.Id);
    }

    private static string Words(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Limit(int pid, string controller, string file, string unifiedFile)
    {
        // "4:memory:/libpod_parent/libpod-ID" under cgroups(7) version 1, "0::/libpod_parent/libpod-ID" under version 2.
        var groups = File.ReadLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3)).ToList();
        var own = groups.Find(group => group[1].Split(',').Contains(controller));
        var path = own is not null
            ? $"/sys/fs/cgroup/{own[1]}{own[2]}/{file}"
            : $"/sys/fs/cgroup{groups.First(group => group[1].Length == 0)[2]}/{unifiedFile}";
        return File.ReadAllText(path).Trim();
    }
}
