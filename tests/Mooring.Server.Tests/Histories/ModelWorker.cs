using Mooring.Server.Disks;
using Mooring.Server.Pods;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Tests.Histories;

/// <summary>
/// A reconciler that can be stopped anywhere: between claim and call, between call and answer, between answer and the
/// next step. It claims, asks and writes by the rules of <see cref="DiskWorker"/> and <see cref="PodWorker"/>.
/// </summary>
internal sealed class ModelWorker(
    ModelClock clock, ModelStore store, ModelDisks disks, ModelHost host, DiskLimits diskLimits, PodLimits podLimits)
{
    public static readonly TimeSpan ClaimLength = TimeSpan.FromSeconds(75);
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(45);

    // Few, so that claims that end between two steps are met.
    private const int StepsPerClaim = 4;

    private readonly List<Hold> _holds = [];
    private int _tokens;

    /// <summary>Claims held by workers that live, each with the call that it waits for, if it made one.</summary>
    public IReadOnlyList<Hold> Holds => _holds;

    /// <summary>Rows that a worker could claim now.</summary>
    public List<string> Claimable =>
    [
        .. store.Disks.Where(IsClaimable).Select(disk => disk.Id.Value),
        .. store.Pods.Where(work => IsClaimable(work.Pod!)).Select(work => work.Pod!.Id.Value),
    ];

    private bool IsClaimable(IWorkRow row) =>
        row.DueAt <= clock.Now && (row.ClaimUntil is null || row.ClaimUntil <= clock.Now);

    public Hold Claim(string id)
    {
        var token = $"t{++_tokens}";
        var until = clock.Now + ClaimLength;
        if (store.Disks.FirstOrDefault(disk => disk.Id.Value == id) is { } disk)
        {
            var isCutOff = disk.IsCutOff || disk.ClaimToken is not null;
            store.Put(disk with { ClaimToken = token, ClaimUntil = until, IsCutOff = isCutOff });
        }
        else
        {
            var pod = store.Pod(id).Pod!;
            var isCutOff = pod.IsCutOff || pod.ClaimToken is not null;
            store.Put(pod with { ClaimToken = token, ClaimUntil = until, IsCutOff = isCutOff });
        }

        var hold = new Hold(id, token, clock.True);
        _holds.Add(hold);
        return hold;
    }

    /// <summary>Decides what is next and makes the call, whose answer waits to be written.</summary>
    public void Ask(Hold hold, CallScript script)
    {
        hold.AskedAt = clock.True;
        hold.Steps++;
        if (store.Disks.FirstOrDefault(disk => disk.Id.Value == hold.Id) is { } disk)
        {
            AskOfDisk(hold, disk, script);
        }
        else
        {
            AskOfPod(hold, store.Pod(hold.Id), script);
        }
    }

    /// <summary>Writes what the answer means for the row as it is now, if the claim still holds.</summary>
    public void Answer(Hold hold)
    {
        var isTooLate = clock.True - hold.AskedAt > CallTimeout;
        var keeps = hold.Answer switch
        {
            DiskAnswer answer => Write(hold, isTooLate ? TimedOut(answer) : answer),
            PodAnswer answer => Write(hold, isTooLate ? TimedOut(answer) : answer),
            _ => throw new InvalidOperationException("There is no answer."),
        };
        hold.Answer = null;
        if (!keeps)
        {
            _holds.Remove(hold);
        }
    }

    /// <summary>A worker dies. Its claim stays until it ends by itself.</summary>
    public void Lose(Hold hold) => _holds.Remove(hold);

    /// <summary>The process dies and starts again: every claim ends, and its token stays.</summary>
    public void Crash()
    {
        _holds.Clear();
        foreach (var disk in store.Disks.Where(disk => disk.ClaimUntil > clock.Now).ToList())
        {
            store.Put(disk with { ClaimUntil = clock.Now });
        }

        foreach (var work in store.Pods.Where(work => work.Pod!.ClaimUntil > clock.Now).ToList())
        {
            store.Put(work.Pod! with { ClaimUntil = clock.Now });
        }
    }

    private void AskOfDisk(Hold hold, Disk disk, CallScript script)
    {
        hold.AskedDueAt = disk.DueAt;
        var isOurs = disk.ClaimToken == hold.Token;
        if (isOurs && !HasTimeForACall(hold))
        {
            store.Write(DiskChange.Of(disk, Free(disk), Due.AtOnce));
            _holds.Remove(hold);
            return;
        }

        if (isOurs && disk.IsCutOff)
        {
            var cutOff = disk.CutOff(ModelDisks.SettlingTime, clock.Now);
            store.Write(cutOff with { After = cutOff.After with { IsCutOff = false } });
            disk = store.Disk(hold.Id);
        }

        switch (isOurs ? DiskLifecycle.Next(disk, clock.Now) : DiskStep.Rest)
        {
            case DiskStep.Ask ask:
                Rule.Holds(
                    ask.Call != DiskCall.EnsureCreated || !store.WasReady(disk.Id),
                    "nobody asks for an empty disk where there was data",
                    disk);
                hold.Answer = disks.Call(ask.Call, disk.RemoteName, script);
                break;
            case DiskStep.TimePasses:
                hold.Answer = new DiskAnswer.TimePassed();
                break;
            case DiskStep.WaitUntil wait:
                store.Write(DiskChange.Of(disk, Free(disk), new Due.At(wait.Time)));
                _holds.Remove(hold);
                break;
            default:
                if (isOurs)
                {
                    store.Write(DiskChange.Of(disk, Free(disk), Due.Nothing));
                }

                _holds.Remove(hold);
                break;
        }
    }

    private void AskOfPod(Hold hold, PodAndDisks work, CallScript script)
    {
        var pod = work.Pod!;
        hold.AskedDueAt = pod.DueAt;
        var isOurs = pod.ClaimToken == hold.Token;
        if (isOurs && !HasTimeForACall(hold))
        {
            store.Write(PodChange.Of(work, work with { Pod = Free(pod) }, Due.AtOnce));
            _holds.Remove(hold);
            return;
        }

        if (isOurs && pod.IsCutOff)
        {
            var cutOff = work.CutOff(ModelHost.SettlingTime, clock.Now);
            store.Write(cutOff with { After = cutOff.After with { Pod = cutOff.Pod with { IsCutOff = false } } });
            work = store.Pod(hold.Id);
            pod = work.Pod!;
        }

        switch (isOurs ? PodLifecycle.Next(work, clock.Now) : PodStep.Rest)
        {
            case PodStep.Ask ask:
                hold.Answer = host.Call(ask.Call, pod.RemoteName, work.Attachments.Count, script);
                break;
            case PodStep.AskAbout ask:
                hold.Answer = host.CallAbout(ask.Call, pod.RemoteName, ask.Ordinal, script);
                break;
            case PodStep.TimePasses:
                hold.Answer = new PodAnswer.TimePassed();
                break;
            default:
                if (isOurs)
                {
                    store.Write(PodChange.Of(work, work with { Pod = Free(pod) }, Due.Nothing));
                }

                _holds.Remove(hold);
                break;
        }
    }

    // A call must end before its claim does, or somebody else would be at work on the row meanwhile.
    private bool HasTimeForACall(Hold hold) => clock.True - hold.Since <= ClaimLength - CallTimeout;

    private bool Write(Hold hold, DiskAnswer answer)
    {
        var disk = store.Disk(hold.Id);
        if (disk.ClaimToken != hold.Token)
        {
            return false;
        }

        var change = DiskLifecycle.Apply(disk, answer, diskLimits, clock.Now);
        if (disk.DueAt != hold.AskedDueAt && change.Due is not Due.Now)
        {
            change = change with { Due = Due.AtOnce };
        }

        var keeps = hold.Steps < StepsPerClaim && change.Due is Due.Now;
        store.Write(keeps ? change : change with { After = Free(change.After) });
        return keeps;
    }

    private bool Write(Hold hold, PodAnswer answer)
    {
        var work = store.Pod(hold.Id);
        if (work.Pod!.ClaimToken != hold.Token)
        {
            return false;
        }

        var change = PodLifecycle.Apply(work, answer, podLimits, clock.Now);
        if (work.Pod.DueAt != hold.AskedDueAt && change.Due is not Due.Now)
        {
            change = change with { Due = Due.AtOnce };
        }

        var keeps = hold.Steps < StepsPerClaim && change.Due is Due.Now;
        store.Write(keeps ? change : change with { After = change.After with { Pod = Free(change.Pod) } });
        return keeps;
    }

    private static Disk Free(Disk disk) => disk with { ClaimToken = null, ClaimUntil = null };

    private static Pod Free(Pod pod) => pod with { ClaimToken = null, ClaimUntil = null };

    private static DiskAnswer TimedOut(DiskAnswer answer) => answer switch
    {
        DiskAnswer.Saw saw =>
            new DiskAnswer.Failed(saw.Asked, FailureKind.Unknown, "No answer.", null, ModelDisks.SettlingTime),
        _ => answer,
    };

    private static PodAnswer TimedOut(PodAnswer answer) => answer switch
    {
        PodAnswer.Saw saw =>
            new PodAnswer.Failed(saw.Asked, FailureKind.Unknown, "No answer.", null, ModelHost.SettlingTime),
        PodAnswer.SawAttachment saw =>
            new PodAnswer.Failed(saw.Asked, FailureKind.Unknown, "No answer.", null, ModelHost.SettlingTime),
        _ => answer,
    };

    /// <summary>A claim in a living worker's hands.</summary>
    internal sealed class Hold(string id, string token, DateTimeOffset since)
    {
        public string Id { get; } = id;

        public string Token { get; } = token;

        public DateTimeOffset Since { get; } = since;

        public DateTimeOffset AskedAt { get; set; }

        public DateTimeOffset? AskedDueAt { get; set; }

        public int Steps { get; set; }

        /// <summary>A <see cref="DiskAnswer"/> or <see cref="PodAnswer"/> that waits to be written.</summary>
        public object? Answer { get; set; }
    }
}
