using Mooring.Providers;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Pods;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Tests.Histories;

/// <summary>
/// The tables in memory, written as <see cref="Persistence.Rows"/> writes them: a row with its events and its usage
/// span, a pod with what it means for its disks. Each write is held against <see cref="WriteRules"/>.
/// </summary>
internal sealed class ModelStore(ModelClock clock, DiskLimits diskLimits, BackOff backOff, WriteRules rules)
{
    private readonly List<Disk> _disks = [];
    private readonly List<PodAndDisks> _pods = [];

    public IReadOnlyList<Disk> Disks => _disks;

    public IReadOnlyList<PodAndDisks> Pods => _pods;

    public List<ResourceEvent> Events { get; } = [];

    public List<UsageSpan> Spans { get; } = [];

    /// <summary>Ids whose capacity or reservation was given back, in order.</summary>
    public List<string> GivenBack { get; } = [];

    public Bill Bill { get; } = new();

    public Disk Disk(string id) => _disks.Single(disk => disk.Id.Value == id);

    public PodAndDisks Pod(string id) => _pods.Single(work => work.Pod!.Id.Value == id);

    public IEnumerable<Attachment> HoldsOn(DiskId disk) =>
        _pods.SelectMany(work => work.Attachments).Where(hold => hold.DiskId == disk && hold.IsUnreleased);

    /// <summary>By its history, as the server asks it.</summary>
    public bool WasReady(DiskId disk) =>
        Events.Any(happened => happened.ResourceId == disk.Value && happened.What == Happened.Ready);

    public List<PodId> Holders(DiskId disk) => [.. HoldsOn(disk).Select(hold => hold.PodId)];

    /// <summary>What is written without a decision of the lifecycle: claims, and a row made due.</summary>
    public void Put(Disk disk) => _disks[_disks.FindIndex(row => row.Id == disk.Id)] = disk;

    public void Put(Pod pod)
    {
        var index = _pods.FindIndex(work => work.Pod!.Id == pod.Id);
        _pods[index] = _pods[index] with { Pod = pod };
    }

    public void Write(DiskChange change) => Write(change, clock.Now);

    public void Write(PodChange change)
    {
        var pod = change.Pod with
        {
            DueAt = When(change.Due, change.Before.Pod?.DueAt, change.Pod.Attempt),
            Version = (change.Before.Pod?.Version ?? 0) + 1,
        };
        rules.Check(change, clock.Now);
        if (change.Due is not null)
        {
            WriteRules.CheckDue(pod, clock.Now);
        }

        var work = change.After with { Pod = pod };
        if (change.Before.Pod is null)
        {
            _pods.Add(work);
        }
        else
        {
            _pods[_pods.FindIndex(row => row.Pod!.Id == pod.Id)] = work;
            foreach (var (id, effect) in change.DiskEffects)
            {
                Write(ApplyTo(Disk(id.Value), effect, pod.UpdatedAt), Clock.Later(clock.Now, pod.UpdatedAt));
            }
        }

        Note(
            new Chronicle(ResourceKind.Pod, pod.Id.Value, pod.Status.ToWire(), pod.UpdatedAt),
            change.Before.Pod?.Rate,
            pod.Rate,
            change.Happenings);
        Bill.Note(pod, Clock.Later(clock.Now, change.Before.Pod?.UpdatedAt ?? clock.Now));
        if (change.GivesBackReservation)
        {
            GivenBack.Add(pod.Id.Value);
        }
    }

    private void Write(DiskChange change, DateTimeOffset now)
    {
        if (change.IsNothing)
        {
            return;
        }

        var disk = change.After with
        {
            DueAt = When(change.Due, change.Before?.DueAt, change.After.Attempt),
            Version = (change.Before?.Version ?? 0) + 1,
        };
        rules.Check(change, now);
        Rule.Holds(
            disk.Status != DiskStatus.Provisioning || !WasReady(disk.Id),
            "what may have held data is never made anew",
            disk);
        if (change.Due is not null)
        {
            WriteRules.CheckDue(disk, now);
        }

        if (change.Before is null)
        {
            _disks.Add(disk);
        }
        else
        {
            Put(disk);
        }

        Note(
            new Chronicle(ResourceKind.Disk, disk.Id.Value, disk.Status.ToWire(), disk.UpdatedAt),
            change.Before?.Rate,
            disk.Rate,
            change.Happenings);
        Bill.Note(disk, Clock.Later(now, change.Before?.UpdatedAt ?? now));
        if (change.GivesBackCapacity)
        {
            GivenBack.Add(disk.Id.Value);
        }
    }

    private DiskChange ApplyTo(Disk disk, DiskEffect effect, DateTimeOffset now) => effect switch
    {
        DiskEffect.Attached => disk.Attached(diskLimits, now),
        DiskEffect.ReleaseBegun => disk.BeginRelease(diskLimits, now),
        _ => disk.Released(diskLimits, now),
    };

    private DateTimeOffset? When(Due? due, DateTimeOffset? before, int attempt) => due switch
    {
        null => before,
        Due.Never => null,
        Due.Now => clock.Now,
        Due.At at => at.Time,
        Due.BackOff later => Earlier(clock.Now + backOff.Delay(attempt), later.NoLaterThan),
        _ => throw new InvalidOperationException($"{due} is no due time."),
    };

    private static DateTimeOffset Earlier(DateTimeOffset at, DateTimeOffset? noLaterThan) =>
        noLaterThan < at ? noLaterThan.Value : at;

    private sealed record Chronicle(ResourceKind Kind, string Id, string Status, DateTimeOffset At);

    private void Note(Chronicle of, Money? rateBefore, Money? rateAfter, IReadOnlyList<Happening> happenings)
    {
        Events.AddRange(happenings.Select(happening => new ResourceEvent
        {
            Number = Events.Count + 1,
            Kind = of.Kind,
            ResourceId = of.Id,
            AccountId = Rows.Account,
            WalletId = Rows.Wallet,
            At = of.At,
            What = happening.What,
            Status = of.Status,
            Words = happening.Words,
            Rate = rateAfter,
        }));
        if (rateBefore == rateAfter)
        {
            return;
        }

        var open = Spans.FindIndex(span => span.ResourceId == of.Id && span.To is null);
        if (open >= 0)
        {
            Spans[open] = Spans[open] with { To = of.At };
        }

        if (rateAfter is { } price)
        {
            Spans.Add(new UsageSpan
            {
                Number = Spans.Count + 1,
                Kind = of.Kind,
                ResourceId = of.Id,
                AccountId = Rows.Account,
                WalletId = Rows.Wallet,
                From = of.At,
                PriceHr = price,
                Cause = happenings[^1].What,
            });
        }
    }
}
