using Microsoft.EntityFrameworkCore;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Pods;
using Mooring.Server.Reconciling;
using Mooring.Server.Wallets;

namespace Mooring.Server.Persistence;

/// <summary>When to look again after so many attempts, from now on; the engine knows, as it has the dice.</summary>
internal delegate DateTimeOffset DueAfter(Due.BackOff due, int attempt, DateTimeOffset now);

/// <summary>
/// Writes what the lifecycles decide: the row under its version, its events, and its usage span, in the caller's
/// transaction. Nothing else in Mooring changes a disk, a pod or an attachment.
/// </summary>
internal static class Rows
{
    /// <summary>Writes a disk's change and gives back the row as it now stands.</summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="change">What to write.</param>
    /// <param name="dueAt">
    /// When to look again, where <see cref="DiskChange.Due"/> is a back-off; the engine knows.
    /// </param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<Disk> WriteAsync(
        this MooringDb db, DiskChange change, DueAfter? dueAt, CancellationToken ct)
    {
        if (change.IsNothing)
        {
            return change.After;
        }

        var after = change.After with
        {
            DueAt = When(change.Due, change.Before?.DueAt, db, change.After.Attempt, dueAt),
            Version = (change.Before?.Version ?? 0) + 1,
        };
        if (change.Before is { } before)
        {
            Change(db, before, after);
        }
        else
        {
            await db.InsertAsync(after, ct);
        }

        db.Use.Note(change.Before, after);
        if (after.Status == DiskStatus.Active && change.Before?.Status != DiskStatus.Active)
        {
            // An empty wallet lets nothing go on, whether or not its price changes.
            db.Spending.Touch(after.WalletId);
        }

        db.Changed.Add(after.Id.Value);
        db.Changed.Add(after.AccountId.Value);
        if (after.DueAt is not null)
        {
            db.Wakes |= WorkKinds.Disks;
        }

        await WriteHistoryAsync(
            db,
            new Chronicle(
                ResourceKind.Disk,
                after.Id.Value,
                after.AccountId,
                after.WalletId,
                after.Status.ToWire(),
                after.UpdatedAt),
            change.Before is not null,
            change.Before?.Rate,
            after.Rate,
            change.Happenings,
            ct);
        if (change.GivesBackCapacity && after.Pool is not null)
        {
            await db.CapacityPools
                .Where(pool => pool.ProviderAccountId == after.ProviderAccountId && pool.Name == after.Pool)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(pool => pool.PromisedGiB, pool => pool.PromisedGiB - after.SizeGiB), ct);
        }

        return after;
    }

    /// <summary>Writes a pod's change with its attachments, and what it means for their disks.</summary>
    public static async Task<PodAndDisks> WriteAsync(
        this MooringDb db,
        PodChange change,
        DiskLimits diskLimits,
        DueAfter? dueAt,
        CancellationToken ct)
    {
        var pod = change.Pod with
        {
            DueAt = When(change.Due, change.Before.Pod?.DueAt, db, change.Pod.Attempt, dueAt),
            Version = (change.Before.Pod?.Version ?? 0) + 1,
        };
        List<Attachment> attachments = [];
        if (change.Before.Pod is { } before)
        {
            Change(db, before, pod);
            foreach (var (old, changed) in change.Before.Attachments.Zip(change.After.Attachments))
            {
                attachments.Add(old == changed ? old : Change(db, old, changed with { Version = old.Version + 1 }));
            }

            await ApplyToDisksAsync(db, change, diskLimits, ct);
        }
        else
        {
            await db.InsertAsync(pod, ct);
            attachments.AddRange(change.After.Attachments.Select(attachment => attachment with { Version = 1 }));
            foreach (var attachment in attachments)
            {
                await db.InsertAsync(attachment, ct);
            }
        }

        db.Use.Note(change.Before.Pod, pod);
        db.Changed.Add(pod.Id.Value);
        db.Changed.Add(pod.AccountId.Value);
        if (pod.DueAt is not null)
        {
            db.Wakes |= WorkKinds.Pods;
        }

        await WriteHistoryAsync(
            db,
            new Chronicle(
                ResourceKind.Pod, pod.Id.Value, pod.AccountId, pod.WalletId, pod.Status.ToWire(), pod.UpdatedAt),
            change.Before.Pod is not null,
            change.Before.Pod?.Rate,
            pod.Rate,
            change.Happenings,
            ct);
        if (change.GivesBackReservation && pod.HostId is { } host)
        {
            await Hosts.Reservations.GiveBackAsync(db, host, pod, ct);
        }

        return new PodAndDisks(pod, attachments);
    }

    /// <summary>Writes a wallet's change with its history, and gives back the row as it now stands.</summary>
    public static async Task<Wallet> WriteAsync(this MooringDb db, WalletChange change, CancellationToken ct)
    {
        var at = Clock.Later(change.At, change.Before.ToldAt ?? change.At);
        var after = change.After with
        {
            DueAt = When(change.Due, change.Before.DueAt, db, change.After.Attempt, null),
            ToldAt = change.Happenings.Count > 0 ? at : change.Before.ToldAt,
            Version = change.Before.Version + 1,
        };
        Change(db, change.Before, after);
        if (after.DueAt is not null)
        {
            db.Wakes |= WorkKinds.Wallets;
        }

        db.Changed.Add(after.Id.Value);
        db.Changed.Add(after.AccountId.Value);
        await WriteHistoryAsync(
            db,
            new Chronicle(ResourceKind.Wallet, after.Id.Value, after.AccountId, after.Id, after.Status, at),
            true,
            null,
            null,
            change.Happenings,
            ct);
        return after;
    }

    /// <summary>
    /// Updates the columns that differ, if the row's version and claim are still those that were read; otherwise
    /// saving throws <see cref="DbUpdateConcurrencyException"/> and the transaction is undone.
    /// </summary>
    public static T Change<T>(DbContext db, T before, T after)
        where T : class
    {
        var entry = db.Entry(after);
        entry.State = EntityState.Unchanged;
        entry.OriginalValues.SetValues(before);
        return after;
    }

    private static async Task ApplyToDisksAsync(
        MooringDb db, PodChange change, DiskLimits limits, CancellationToken ct)
    {
        var effects = change.DiskEffects.ToList();
        if (effects.Count == 0)
        {
            return;
        }

        var ids = effects.ConvertAll(effect => effect.Disk);
        var disks =
            await db.Disks.AsNoTracking().Where(disk => ids.Contains(disk.Id)).ToDictionaryAsync(disk => disk.Id, ct);
        var now = change.Pod.UpdatedAt;
        foreach (var (id, effect) in effects)
        {
            var disk = disks[id];
            if (effect == DiskEffect.Released)
            {
                db.Spending.Touch(disk.WalletId);
            }

            await WriteAsync(
                db,
                effect switch
                {
                    DiskEffect.Attached => disk.Attached(limits, now),
                    DiskEffect.ReleaseBegun => disk.BeginRelease(limits, now),
                    _ => disk.Released(limits, now),
                },
                null,
                ct);
        }
    }

    // "At once" is a matter of the clock that claims go by. The row's own time may be ahead of that, where a clock was
    // set back, and would let it wait until the clock has caught up.
    private static DateTimeOffset? When(
        Due? due, DateTimeOffset? before, MooringDb db, int attempt, DueAfter? dueAt) =>
        due switch
        {
            null => before,
            Due.Never => null,
            Due.Now => db.DueClock,
            Due.At at => at.Time + db.DueClockSkew,
            Due.BackOff backOff when dueAt is not null => dueAt(
                new Due.BackOff(backOff.NoLaterThan + db.DueClockSkew), attempt, db.DueClock),
            _ => throw new InvalidOperationException("Only the reconciler's answers back off."),
        };

    private sealed record Chronicle(
        ResourceKind Kind, string ResourceId, AccountId AccountId, WalletId WalletId, string Status, DateTimeOffset At);

    private static async Task WriteHistoryAsync(
        MooringDb db,
        Chronicle of,
        bool isKnown,
        Providers.Money? rateBefore,
        Providers.Money? rateAfter,
        IReadOnlyList<Happening> happenings,
        CancellationToken ct)
    {
        foreach (var happening in happenings)
        {
            var fact = new ResourceEvent
            {
                Kind = of.Kind,
                ResourceId = of.ResourceId,
                AccountId = of.AccountId,
                WalletId = of.WalletId,
                At = of.At,
                What = happening.What,
                Status = of.Status,
                Words = happening.Words,
                Rate = rateAfter,
                Amount = happening.Amount,
            };
            await db.InsertAsync(fact, ct);
        }

        if (rateBefore == rateAfter)
        {
            return;
        }

        db.Spending.Note(of.WalletId, rateBefore, rateAfter, of.At);
        if (isKnown)
        {
            await db.UsageSpans
                .Where(span => span.ResourceId == of.ResourceId && span.To == null)
                .ExecuteUpdateAsync(set => set.SetProperty(span => span.To, of.At), ct);
        }

        if (rateAfter is { } price)
        {
            var span = new UsageSpan
            {
                Kind = of.Kind,
                ResourceId = of.ResourceId,
                AccountId = of.AccountId,
                WalletId = of.WalletId,
                From = of.At,
                PriceHr = price,
                Cause = happenings[^1].What,
            };
            await db.InsertAsync(span, ct);
        }
    }
}
