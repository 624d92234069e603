using System.Net.Sockets;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Engine;

public sealed class SshTests(AgentFixture agent)
{
    [Fact]
    public async Task Pod_is_ready_when_its_server_answers_and_the_users_key_logs_in()
    {
        var directory = Directory.CreateTempSubdirectory("mooring-ssh-").FullName;
        try
        {
            var key = Path.Combine(directory, "key");
            (await AgentFixture.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "a test", "-f", key))
                .OrRefuse("ssh-keygen");
            var pod = AgentFixture.With(agent.NewPod(image: TestImage.Ssh), await agent.NewDiskAsync()) with
            {
                AuthorizedKeys = [(await File.ReadAllTextAsync(key + ".pub", AgentFixture.Ct)).Trim()],
            };
            await agent.MountAsync(pod);

            var ready = await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);

            ready.Ssh!.Host.ShouldBe("127.0.0.1");
            ready.Ssh.User.ShouldBe("root");
            var login = await AgentFixture.RunAsync(
                "ssh", "-i", key, "-p", $"{ready.Ssh.Port}", "-o", "StrictHostKeyChecking=no", "-o", "BatchMode=yes",
                "-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=10", "root@127.0.0.1",
                "echo hello >/workspace/file && cat /workspace/file && stat -c '%u %a' /etc/mooring/authorized_keys");
            login.Output.ShouldBe("hello\n0 644\n", login.Errors);
            (await agent.ObserveAsync(pod)).Ssh.ShouldBe(ready.Ssh);
            await agent.RemoveAsync(pod);

            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await Should.ThrowAsync<SocketException>(
                async () => await socket.ConnectAsync(ready.Ssh.Host, ready.Ssh.Port, AgentFixture.Ct));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
