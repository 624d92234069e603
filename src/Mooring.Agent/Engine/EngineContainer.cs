using System.Globalization;
using Docker.DotNet.Models;

namespace Mooring.Agent.Engine;

/// <summary>One container as the engine's inspect tells it: what of the answer Mooring looks at, never null.</summary>
internal sealed record EngineContainer
{
    private const string Port22 = "22/tcp";

    public required string Id { get; init; }

    /// <summary>
    /// Lower case: <c>created</c>, <c>running</c>, <c>exited</c>, Podman's <c>configured</c>, <c>stopping</c> …
    /// </summary>
    public required string Status { get; init; }

    /// <summary>Its main process on the host; 0 if there is none.</summary>
    public required long Pid { get; init; }

    public required long ExitCode { get; init; }

    public required bool WasOutOfMemory { get; init; }

    public required long MemoryBytes { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>Whether port 22 is to be published.</summary>
    public required bool PublishesSsh { get; init; }

    /// <summary>Where port 22 is published; null while the engine has not chosen a port.</summary>
    public required int? SshPort { get; init; }

    public bool IsRunning => Status is "running" or "paused" or "restarting" or "stopping";

    public static EngineContainer From(ContainerInspectResponse answer)
    {
        IList<PortBinding>? bindings = null;
        answer.NetworkSettings?.Ports?.TryGetValue(Port22, out bindings);
        return new()
        {
            Id = answer.ID,
            Status = answer.State?.Status?.ToLowerInvariant() ?? "",
            Pid = answer.State?.Pid ?? 0,
            ExitCode = answer.State?.ExitCode ?? 0,
            WasOutOfMemory = answer.State?.OOMKilled ?? false,
            MemoryBytes = answer.HostConfig?.Memory ?? 0,
            Labels = (answer.Config?.Labels ?? new Dictionary<string, string>()).AsReadOnly(),
            Environment = [.. answer.Config?.Env ?? []],
            PublishesSsh = answer.HostConfig?.PortBindings?.ContainsKey(Port22) ?? false,
            SshPort = int.TryParse(
                bindings?.FirstOrDefault()?.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                && port > 0 ? port : null,
        };
    }
}
