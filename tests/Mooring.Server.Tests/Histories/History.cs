using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Pods;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Tests.Histories;

/// <summary>
/// A small world that is played: users with wishes, workers that step rows and die, providers that fail and lag, a
/// clock that is set back. After each act the <see cref="StateRules"/> hold, or the history is a counter-example.
/// </summary>
internal sealed class History
{
    private const int DisksMost = 4;
    private const int PodsMost = 5;

    private static readonly TimeSpan[] Spans =
    [
        TimeSpan.FromMicroseconds(1), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(80), TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(20),
        TimeSpan.FromMinutes(45), TimeSpan.FromHours(2),
    ];

    private readonly ModelClock _clock = new();
    private readonly ModelWorker _worker;
    private readonly ModelOperator _operator;
    private readonly DiskLimits _diskLimits = new();
    private readonly PodLimits _podLimits = new();

    /// <param name="namesAreUnique">Whether the providers refuse a second thing of the same name.</param>
    /// <param name="isCloud">Whether instances run at a cloud, and come with their disks.</param>
    public History(bool namesAreUnique, bool isCloud)
    {
        Disks = new ModelDisks(_clock, namesAreUnique);
        Host = new ModelHost(_clock, namesAreUnique, isCloud);
        var backOff = new BackOff(new Random(1), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Store = new ModelStore(_clock, _diskLimits, backOff, new WriteRules(Disks, Host));
        _worker = new ModelWorker(_clock, Store, Disks, Host, _diskLimits, _podLimits);
        _operator = new ModelOperator(_clock, Store, _diskLimits, _podLimits);
    }

    public ModelStore Store { get; }

    public ModelDisks Disks { get; }

    public ModelHost Host { get; }

    public ModelClock Time => _clock;

    /// <summary>Plays the acts; if a rule breaks, fails with the fewest of them that break one.</summary>
    public static void PlayAll(bool namesAreUnique, bool isCloud, Act[] acts)
    {
        if (Broken(namesAreUnique, isCloud, acts) is not { } broken)
        {
            return;
        }

        for (var i = acts.Length - 1; i >= 0; i = Math.Min(i - 1, acts.Length - 1))
        {
            Act[] fewer = [.. acts[..i], .. acts[(i + 1)..]];
            if (Broken(namesAreUnique, isCloud, fewer) is { } still)
            {
                (acts, broken) = (fewer, still);
            }
        }

        Assert.Fail($"Play({namesAreUnique}, {isCloud}, {string.Join(", ", acts)}):\n{broken}");
    }

    /// <summary>Plays the acts, lets the faults end, and checks all there is to check.</summary>
    public static History Play(bool namesAreUnique, bool isCloud, params IEnumerable<Act> acts)
    {
        var history = new History(namesAreUnique, isCloud);
        foreach (var act in acts)
        {
            history.Do(act);
            StateRules.Check(history);
        }

        new Settling(history).Run();
        StateRules.CheckAtRest(history);
        history._operator.CheckAtRest();
        return history;
    }

    public void Do(Act act)
    {
        switch (act.Kind)
        {
            case ActKind.CreateDisk:
                CreateDisk(isMultinode: act.How % 3 == 0);
                break;
            case ActKind.CreatePod:
                CreatePod(act.Which, autoRestart: act.How % 2 == 0);
                break;
            case ActKind.RenameDisk when Pick(Store.Disks, act.Which) is { } disk:
                Store.Write(disk.Rename("renamed " + act.How, _clock.Now));
                break;
            case ActKind.DeleteDisk when Pick(Store.Disks, act.Which) is { } disk:
                DeleteDisk(disk);
                break;
            case ActKind.DeletePod when Pick(Store.Pods, act.Which) is { } work:
                DeletePod(work);
                break;
            case ActKind.SuspendDisk or ActKind.ResumeDisk or ActKind.RetryDisk or ActKind.ForceDetach
                or ActKind.ForbidDeletion or ActKind.AllowDeletion
                when Pick(Store.Disks, act.Which) is { } disk:
                _operator.Wish(act.Kind, disk);
                break;
            case ActKind.RetryPod when Pick(Store.Pods, act.Which) is { } work:
                _operator.Retry(work);
                break;
            case ActKind.Pass:
                Pass(Spans[act.How % Spans.Length]);
                break;
            case ActKind.StepBack:
                _clock.StepBack(Spans[act.How % 8]);
                break;
            case ActKind.Sweep:
                Sweep(act.How);
                break;
            case ActKind.Nudge:
                Nudge(act.Which);
                break;
            case ActKind.Claim when Pick(_worker.Claimable, act.Which) is { } id:
                _worker.Claim(id);
                break;
            case ActKind.Ask when Pick(_worker.Holds.Where(hold => hold.Answer is null), act.Which) is { } hold:
                _worker.Ask(hold, CallScript.From(act.How));
                break;
            case ActKind.Answer when Pick(_worker.Holds.Where(hold => hold.Answer is not null), act.Which) is { } hold:
                _worker.Answer(hold);
                break;
            case ActKind.Work when Pick(_worker.Claimable, act.Which) is { } id:
                Work(id, CallScript.From(act.How));
                break;
            case ActKind.Lose when Pick(_worker.Holds, act.Which) is { } hold:
                _worker.Lose(hold);
                break;
            case ActKind.Crash:
                _worker.Crash();
                break;
            default:
                Mishaps.Happen(this, act);
                break;
        }
    }

    /// <summary>Steps a row as long as the claim is kept, each call going the same way.</summary>
    public void Work(string id, CallScript script)
    {
        var hold = _worker.Claim(id);
        for (var step = 0; _worker.Holds.Contains(hold); step++)
        {
            step.ShouldBeLessThan(40, $"{id} goes on for ever");
            _worker.Ask(hold, script);
            if (hold.Answer is not null)
            {
                _worker.Answer(hold);
            }
        }
    }

    public IReadOnlyList<string> Claimable => _worker.Claimable;

    public void EndAllWork() => _worker.Crash();

    public void Pass(TimeSpan time)
    {
        _clock.Pass(time);
        Disks.Place.LetLand();
        Host.LetLand();
    }

    /// <summary>
    /// The inventory, as <see cref="Inventory.Sweep"/>: where a list differs from the rows they are made due.
    /// </summary>
    /// <param name="how">In what the list shows a disk otherwise, if in anything.</param>
    public void Sweep(int how = 0)
    {
        foreach (var disk in Store.Disks.Where(disk => disk.IsAtProvider).ToList())
        {
            Difference[] ways = [new(DiskDrift.Size, "It is larger."), new(DiskDrift.Name, "It is renamed.")];
            var shown = ways.Where((_, index) => (how >> index & 1) == 1);
            Store.Write(disk.Compare(new Comparison(DiskDrift.Size | DiskDrift.Name, [.. shown]), _clock.Now));
        }

        foreach (var disk in Store.Disks.Where(disk => disk.DueAt is null).ToList())
        {
            var isListed = Disks.Place.Named(disk.RemoteName).Any();
            var isStray = disk.Status == DiskStatus.Terminated
                || disk is { Status: DiskStatus.Error, IsAtProvider: false };
            if ((disk.IsAtProvider && !isListed) || (isStray && isListed))
            {
                Store.Put(disk with { DueAt = _clock.Now });
            }
        }

        foreach (var pod in Store.Pods.Select(work => work.Pod!).Where(pod => pod.DueAt is null).ToList())
        {
            var listed = Host.Place.Named(pod.RemoteName).FirstOrDefault()?.State;
            var runs = listed is RemoteInstanceState.Ready or RemoteInstanceState.Starting;
            if ((pod.Status == PodStatus.Active && !runs) || (pod.Status == PodStatus.Terminated && listed is not null))
            {
                Store.Put(pod with { DueAt = _clock.Now });
            }
        }
    }

    private static string? Broken(bool namesAreUnique, bool isCloud, Act[] acts)
    {
        try
        {
            Play(namesAreUnique, isCloud, acts);
            return null;
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }

    private void CreateDisk(bool isMultinode)
    {
        if (Store.Disks.Count < DisksMost)
        {
            Store.Write(Disk.Accept(Rows.Disk(Store.Disks.Count + 1, isMultinode, _clock.Now), _diskLimits));
        }
    }

    private void CreatePod(int which, bool autoRestart)
    {
        if (Store.Pods.Count >= PodsMost)
        {
            return;
        }

        // As one transaction: either the pod holds all of its disks, or there is no pod.
        var wanted = Store.Disks.Where((_, index) => ((which + 1) >> index & 1) == 1).Take(2).ToList();
        var attached = wanted.ConvertAll(disk => disk.Attach(Store.Holders(disk.Id), _diskLimits, _clock.Now));
        if (attached.Any(result => result.Failed))
        {
            return;
        }

        attached.ForEach(result => Store.Write(result.Value));
        var pod = Rows.Pod(1001 + Store.Pods.Count, autoRestart, _clock.Now, Host.IsCloud);
        var holds = attached.Select((result, ordinal) => Rows.Attachment(pod, result.Value.After, ordinal));
        Store.Write(Pod.Accept(pod, [.. holds], _podLimits));
    }

    private void DeleteDisk(Disk disk)
    {
        var result = disk.Delete(Store.Holders(disk.Id), _diskLimits, _clock.Now);
        if (!result.Failed)
        {
            Store.Write(result.Value);
        }
    }

    private void DeletePod(PodAndDisks work)
    {
        var change = PodLifecycle.Delete(work, _podLimits, _clock.Now);
        if (change.Happenings.Count > 0)
        {
            Store.Write(change);
        }
    }

    private void Nudge(int which)
    {
        var disks = Store.Disks.Where(disk => disk.Status is DiskStatus.Active or DiskStatus.Error);
        if (which % 2 == 0 && Pick(disks, which) is { } disk)
        {
            Store.Put(disk with { DueAt = _clock.Now });
        }

        var pods = Store.Pods
            .Select(work => work.Pod!)
            .Where(pod => pod.Status is PodStatus.Active or PodStatus.Provisioning);
        if (which % 2 == 1 && Pick(pods, which) is { } pod)
        {
            Store.Put(pod with { DueAt = _clock.Now });
        }
    }

    public static T? Pick<T>(IEnumerable<T> from, int which)
        where T : class
    {
        var all = from.ToList();
        return all.Count == 0 ? null : all[which % all.Count];
    }
}
