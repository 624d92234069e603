using Mooring.Agent.Hosts;
using Mooring.Agent.Mounts;
using Mooring.Providers;

namespace Mooring.Agent.Network;

/// <summary>
/// The directory where network namespaces are named. It has to be a shared mount, as <c>ip netns add</c> and Podman
/// make it; but Podman 4 forgets that for containers with a user namespace, and then, where the root file system is not
/// shared (it is under systemd), never finds their namespaces again: neither they nor their addresses and rules go.
/// </summary>
internal static class NetworkNamespaces
{
    private const string Directory = "/run/netns";

    /// <exception cref="RefusedException">It can't be made so.</exception>
    public static async Task EnsureSharedAsync(CancellationToken ct)
    {
        if (MountTable.Read().At(Directory) is not null)
        {
            return;
        }

        System.IO.Directory.CreateDirectory(Directory);
        const string What = "network namespaces can't be named";
        (await HostCommand.RunAsync("mount", ["--bind", Directory, Directory], ct)).OrRefuse(What);
        (await HostCommand.RunAsync("mount", ["--make-shared", Directory], ct)).OrRefuse(What);
    }
}
