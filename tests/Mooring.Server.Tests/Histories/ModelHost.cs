using Mooring.Providers.Instances;
using Mooring.Server.Disks;
using Mooring.Server.Pods;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Tests.Histories;

/// <summary>
/// A host that runs instances and brings disks to them, as scripted. It is as careless as can be: it detaches a disk
/// under a running instance and says so, and starts what it is asked to start. Only the order in which Mooring asks
/// keeps two writers apart.
/// </summary>
/// <param name="clock">Its clock.</param>
/// <param name="namesAreUnique">Whether it refuses a second instance of the same name.</param>
/// <param name="isCloud">
/// It is no host of ours: an instance comes with its disks, and they are held for a while after it is gone.
/// </param>
internal sealed class ModelHost(ModelClock clock, bool namesAreUnique, bool isCloud)
{
    public static readonly TimeSpan SettlingTime = TimeSpan.FromMinutes(2);
    private readonly HashSet<(string Pod, int Ordinal)> _mounts = [];
    private readonly Dictionary<string, int> _disks = [];

    public ModelPlace<RemoteInstanceState> Place { get; } = new(clock, namesAreUnique);

    public bool IsCloud => isCloud;

    public bool IsMounted(string pod, int ordinal) => _mounts.Contains((pod, ordinal));

    public bool Runs(string pod) =>
        Place.Named(pod).Any(instance => instance.State is RemoteInstanceState.Starting or RemoteInstanceState.Ready);

    /// <summary>A call about the instance, which is to have so many disks.</summary>
    public PodAnswer Call(PodCall call, string pod, int disks, CallScript script)
    {
        _disks[pod] = disks;
        if (script.Failure is not { } failure)
        {
            return new PodAnswer.Saw(call, Do(call, pod, script));
        }

        if (script.Effect == Effect.AtOnce)
        {
            Do(call, pod, script);
        }
        else if (script.Effect == Effect.Late && call == PodCall.EnsureCreated && Place.Look(pod) is null)
        {
            Place.MakeLater(pod, RemoteInstanceState.Starting, SettlingTime * script.Delay);
        }

        return Failed(call, failure, script);
    }

    /// <summary>A call about one of its disks.</summary>
    public PodAnswer CallAbout(PodCall call, string pod, int ordinal, CallScript script)
    {
        if (isCloud)
        {
            return ReadAttachment(call, pod, ordinal, script);
        }

        if (script.Failure is null or FailureKind.Unknown && script.Effect == Effect.AtOnce)
        {
            if (call == PodCall.Attach)
            {
                _mounts.Add((pod, ordinal));
            }
            else if (!script.IsSlow)
            {
                _mounts.Remove((pod, ordinal));
            }
        }

        if (script.Failure is { } failure)
        {
            return Failed(call, failure, script);
        }

        var there = call == PodCall.Attach ? AttachmentState.Attached : AttachmentState.Detached;
        return new PodAnswer.SawAttachment(
            call, ordinal, new AttachmentObservation(script.IsSlow ? AttachmentState.Working : there, "busy"));
    }

    /// <summary>What was under way until now takes effect.</summary>
    public void LetLand()
    {
        Place.LetLand();
        CheckEntries();
    }

    public void Progress()
    {
        if (isCloud)
        {
            _mounts.RemoveWhere(mount => !Place.Named(mount.Pod).Any());
        }

        foreach (var instance in Place.Things.ToList())
        {
            switch (instance.State)
            {
                case RemoteInstanceState.Starting:
                    instance.State = RemoteInstanceState.Ready;
                    break;
                case RemoteInstanceState.Deleting:
                    Place.Remove(instance);
                    break;
            }
        }
    }

    /// <summary>The machine starts again: nothing runs, and on a host of ours nothing is mounted.</summary>
    public void Reboot()
    {
        if (!isCloud)
        {
            _mounts.Clear();
        }

        foreach (var instance in Place.Things.Where(instance => Runs(instance.Name)))
        {
            instance.State = RemoteInstanceState.Ended;
        }
    }

    private InstanceObservation Do(PodCall call, string pod, CallScript script)
    {
        var instance = Place.Look(pod);
        switch (call)
        {
            case PodCall.EnsureCreated when instance is null && isCloud:
                instance = Place.Make(pod, RemoteInstanceState.Starting);
                CheckEntries();
                break;
            case PodCall.EnsureCreated when instance is null:
                instance = Place.Make(pod, RemoteInstanceState.Created);
                break;
            case PodCall.EnsureCreated when instance.State == RemoteInstanceState.Created:
                instance.State = RemoteInstanceState.Starting;
                CheckEntries();
                break;
            case PodCall.EnsureCreated when instance.State == RemoteInstanceState.Starting && !script.IsSlow:
                instance.State = RemoteInstanceState.Ready;
                break;
            case PodCall.EnsureDeleted when instance is not null && script.IsSlow:
                instance.State = RemoteInstanceState.Deleting;
                break;
            case PodCall.EnsureDeleted when instance is not null:
                Place.Remove(instance);
                instance = null;
                break;
        }

        return instance is null
            ? InstanceObservation.Absent
            : new InstanceObservation(
                instance.State,
                "remote-" + pod,
                new SshEndpoint("root", "192.0.2.1", 20_022),
                instance.State == RemoteInstanceState.Ended ? 1 : null,
                $"{instance.State} by the model");
    }

    // A cloud has no word about an attachment: what is asked there is whether the disk is free.
    private PodAnswer ReadAttachment(PodCall call, string pod, int ordinal, CallScript script)
    {
        call.ShouldBe(PodCall.Detach, "a cloud is told of its disks in the creating call");
        return script.Failure is { } failure
            ? Failed(call, failure, script)
            : new PodAnswer.SawAttachment(call, ordinal, new AttachmentObservation(
                IsMounted(pod, ordinal) ? AttachmentState.Working : AttachmentState.Detached, "busy"));
    }

    // The entry of an instance waits until its mount table shows its disks, and ends if it never does.
    private void CheckEntries()
    {
        foreach (var instance in Place.Things.Where(instance => instance.State == RemoteInstanceState.Starting))
        {
            if (isCloud)
            {
                _mounts.UnionWith(Enumerable.Range(0, _disks[instance.Name]).Select(disk => (instance.Name, disk)));
            }
            else if (!Enumerable.Range(0, _disks[instance.Name]).All(ordinal => IsMounted(instance.Name, ordinal)))
            {
                instance.State = RemoteInstanceState.Ended;
            }
        }
    }

    private static PodAnswer.Failed Failed(PodCall call, FailureKind failure, CallScript script) =>
        new(call, failure, $"The model says {failure}.", script.RetryAfter, SettlingTime);
}
