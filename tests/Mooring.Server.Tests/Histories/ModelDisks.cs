using Mooring.Providers.Disks;
using Mooring.Server.Disks;

namespace Mooring.Server.Tests.Histories;

/// <summary>A disk provider that does as it is scripted to, and keeps the truth.</summary>
internal sealed class ModelDisks(ModelClock clock, bool namesAreUnique)
{
    public static readonly TimeSpan SettlingTime = TimeSpan.FromMinutes(2);

    public ModelPlace<RemoteDiskState> Place { get; } = new(clock, namesAreUnique);

    /// <summary>One call, with its effect, and the answer that may or may not arrive.</summary>
    public DiskAnswer Call(DiskCall call, string name, CallScript script)
    {
        if (script.Failure is not { } failure)
        {
            return new DiskAnswer.Saw(call, Do(call, name, script));
        }

        if (script.Effect == Effect.AtOnce)
        {
            Do(call, name, script);
        }
        else if (script.Effect == Effect.Late && call == DiskCall.EnsureCreated && Place.Look(name) is null)
        {
            Place.MakeLater(name, RemoteDiskState.Ready, SettlingTime * script.Delay);
        }

        return new DiskAnswer.Failed(call, failure, $"The model says {failure}.", script.RetryAfter, SettlingTime);
    }

    /// <summary>Whatever is on its way at the provider arrives.</summary>
    public void Progress()
    {
        foreach (var disk in Place.Things.ToList())
        {
            switch (disk.State)
            {
                case RemoteDiskState.Creating or RemoteDiskState.Changing:
                    disk.State = RemoteDiskState.Ready;
                    break;
                case RemoteDiskState.Deleting:
                    Place.Remove(disk);
                    break;
            }
        }
    }

    private DiskObservation Do(DiskCall call, string name, CallScript script)
    {
        var disk = Place.Look(name);
        switch (call)
        {
            case DiskCall.EnsureCreated:
                disk ??= Place.Make(name, script.IsSlow ? RemoteDiskState.Creating : RemoteDiskState.Ready);
                break;
            case DiskCall.EnsureDeleted when disk is not null && script.IsSlow:
                disk.State = RemoteDiskState.Deleting;
                break;
            case DiskCall.EnsureDeleted when disk is not null:
                Place.Remove(disk);
                disk = null;
                break;
            case DiskCall.Observe when disk is { State: RemoteDiskState.Ready } && script.IsSlow:
                disk.State = RemoteDiskState.Changing;
                break;
        }

        return disk is null
            ? DiskObservation.Absent
            : new DiskObservation(disk.State, "remote-" + name, $"{disk.State} by the model");
    }
}
