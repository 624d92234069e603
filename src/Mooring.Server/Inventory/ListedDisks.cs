using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Disks;
using Mooring.Server.Http;

namespace Mooring.Server.Inventory;

/// <summary>A complete list of an account's disks, from which is taken what a record is about.</summary>
internal sealed class ListedDisks
{
    public ListedDisks(string installation, IReadOnlyList<RemoteDisk> all)
    {
        foreach (var disk in all)
        {
            if (RemoteName.IdIn(installation, disk.Name) is not null)
            {
                Ours[disk.Name] = disk;
            }
            else if (!RemoteName.IsOfMooring(disk.Name)
                && disk.RemoteId is { Length: > 0 and <= DiskTable.RemoteIdLengthMost } id
                && !TextRules.HasControls(id))
            {
                Foreign[id] = disk;
            }
        }

        TellsHolders = all.Any(disk => disk.Holders is not null);
    }

    /// <summary>What bears a name of this installation, by it.</summary>
    public Dictionary<string, RemoteDisk> Ours { get; } = [];

    /// <summary>What bears no name that any Mooring gave, by its id.</summary>
    public Dictionary<string, RemoteDisk> Foreign { get; } = [];

    /// <summary>Whether it says which instances hold a disk.</summary>
    public bool TellsHolders { get; }

    /// <summary>Takes a disk off the list: by its name or, where nothing bears that, by its id.</summary>
    public RemoteDisk? Take(string name, string? remoteId)
    {
        if (Ours.Remove(name, out var there))
        {
            return there;
        }

        return remoteId is not null && Foreign.Remove(remoteId, out var renamed) ? renamed : null;
    }
}
