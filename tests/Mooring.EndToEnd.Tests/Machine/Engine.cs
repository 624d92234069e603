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
        var pids = (await InspectAsync(container, "{{.State.Pid}} {{.State.ConmonPid}}"))
            .Split(' ')
            .Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))
            .ToList();
        return new ContainerProcesses(pids[0], pids[1]);
    }

    /// <summary>The address of this host on the container's bridge.</summary>
    public Task<string> GatewayAsync(string container) =>
        InspectAsync(container, "{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}");

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

    /// <summary>Removes its networks; no container may be in them.</summary>
    public async Task RemoveNetworksAsync()
    {
        var ours = $"name=mrg-{installationId}-";
        var names = (await AskAsync("network", "ls", "--filter", ours, "--format", "{{.Name}}"))
            .OrFail("the networks can't be listed").Lines;
        foreach (var name in names)
        {
            (await AskAsync("network", "rm", name)).OrFail("the network can't be removed");
        }
    }

    private async Task<string> InspectAsync(string container, string format) =>
        (await AskAsync("inspect", "--type", "container", "--format", format, container))
            .OrFail("the container can't be inspected").Output.Trim();

    private Task<Outcome> AskAsync(params string[] arguments) =>
        Tool.RunAsync("podman", ["--remote", "--url", $"unix://{Socket}", .. arguments]);
}
