namespace Mooring.Agent.Engine;

/// <summary>Labels by which our containers and networks are known at the engine.</summary>
internal static class ContainerLabels
{
    /// <summary>The installation's id.</summary>
    public const string Installation = "mooring.installation";

    /// <summary>The pod's remote name.</summary>
    public const string Pod = "mooring.pod";

    /// <summary>The boot in which the container was made; it is never started in another.</summary>
    public const string Boot = "mooring.boot";

    /// <summary>The network it was put in, as the server names it.</summary>
    public const string Network = "mooring.network";

    /// <summary>On an image: the port of its SSH server.</summary>
    public const string Ssh = "mooring.ssh";
}
