using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Disks;
using Mooring.Server.Http;

namespace Mooring.Server.Inventory;

/// <summary>A complete list of an account's disks, from which is taken what a record is about.</summary>
internal sealed class ListedDisks
{
    private readonly string _installation;
    private readonly Dictionary<string, RemoteDisk> _byId = [];
    private readonly Dictionary<string, List<RemoteDisk>> _ours = [];

    public ListedDisks(string installation, IReadOnlyList<RemoteDisk> all)
    {
        _installation = installation;
        foreach (var disk in all)
        {
            if (IsOurs(disk))
            {
                (_ours.TryGetValue(disk.Name, out var bearing) ? bearing : _ours[disk.Name] = []).Add(disk);
            }

            if (HasId(disk))
            {
                _byId[disk.RemoteId!] = disk;
            }
        }

        TellsHolders = all.Any(disk => disk.Holders is not null);
    }

    /// <summary>What is left that bears a name of this installation, under one name perhaps several.</summary>
    public IEnumerable<RemoteDisk> Ours => _ours.Values.SelectMany(bearing => bearing);

    /// <summary>What is left that bears no name that any Mooring gave, each with its id.</summary>
    public IEnumerable<RemoteDisk> Foreign => _byId.Values.Where(disk => !RemoteName.IsOfMooring(disk.Name));

    /// <summary>The ids of all that is left and has one.</summary>
    public IEnumerable<string> Ids => _byId.Keys;

    /// <summary>What bears an id, as it is called there; null if nothing that is left has it.</summary>
    public string? NameOf(string id) => _byId.GetValueOrDefault(id)?.Name;

    /// <summary>Whether it says which instances hold a disk.</summary>
    public bool TellsHolders { get; }

    /// <summary>
    /// Takes a disk off the list: by its id, whatever it is called there; by its name where one of the two has no id.
    /// </summary>
    public RemoteDisk? Take(string name, string? remoteId)
    {
        var there = remoteId is not null && _byId.TryGetValue(remoteId, out var known)
            ? known
            : _ours.GetValueOrDefault(name)?.Find(disk => remoteId is null || !HasId(disk));
        if (there is not null)
        {
            Remove(there);
        }

        return there;
    }

    private void Remove(RemoteDisk disk)
    {
        if (HasId(disk))
        {
            _byId.Remove(disk.RemoteId!);
        }

        if (_ours.TryGetValue(disk.Name, out var bearing) && bearing.Remove(disk) && bearing.Count == 0)
        {
            _ours.Remove(disk.Name);
        }
    }

    private bool IsOurs(RemoteDisk disk) => RemoteName.IdIn(_installation, disk.Name) is not null;

    private static bool HasId(RemoteDisk disk) =>
        disk.RemoteId is { Length: > 0 and <= DiskTable.RemoteIdLengthMost } id && !TextRules.HasControls(id);
}
