using System.Globalization;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>A container's processes on the host.</summary>
public sealed record ContainerProcesses(int Main, int Monitor);

/// <summary>An installation's own Podman service, asked through its socket as any client would.</summary>
public sealed class Engine(string installationId)
{
    private string Socket => $"/run/mooring/{installationId}/podman.sock";

    /// <summary>Names of all its containers, running or not.</summary>
    public async Task<IReadOnlyList<string>> ContainersAsync() =>
        (await AskAsync("ps", "--all", "--format", "{{.Names}}")).OrFail("the containers can't be listed").Lines;

    public async Task<ContainerProcesses> ProcessesAsync(string container)
    {
        var answer = (await AskAsync("inspect", "--type", "container", "--format", "{{.State.Pid}} {{.State.ConmonPid}}", container))
            .OrFail("the container can't be inspected");
        var pids = answer.Lines[0].Split(' ').Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)).ToList();
        return new ContainerProcesses(pids[0], pids[1]);
    }

    /// <summary>The address of this host on the container's bridge.</summary>
    public async Task<string> GatewayAsync(string container)
    {
        var answer = (await AskAsync(
            "inspect", "--type", "container", "--format", "{{range .NetworkSettings.Networks}}{{.Gateway}} {{end}}", container))
            .OrFail("the container can't be inspected");
        return answer.Lines[0].Trim();
    }

    /// <summary>The file over which the container's network namespace is mounted.</summary>
    public async Task<string> NetworkNamespaceAsync(string container) => (await AskAsync(
        "inspect", "--type", "container", "--format", "{{.NetworkSettings.SandboxKey}}", container))
        .OrFail("the container can't be inspected").Lines[0].Trim();

    /// <summary>The process that serves the socket; null while there is none.</summary>
    public int? ServicePid()
    {
        var mark = $"\0unix://{Socket}\0";
        return Processes.All()
            .Where(process => process.CommandLine.EndsWith(mark, StringComparison.Ordinal))
            .Select(process => (int?)process.Pid)
            .FirstOrDefault();
    }

    public async Task<bool> AnswersAsync() => (await AskAsync("version")).ExitCode == 0;

    private Task<Outcome> AskAsync(params string[] arguments) =>
        Tool.RunAsync("podman", ["--remote", "--url", $"unix://{Socket}", .. arguments]);
}
