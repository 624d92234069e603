using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mooring.Contract.Native;
using Mooring.Server.Http;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;

namespace Mooring.Server.Disks;

/// <summary>Carries out an operator's wishes about a disk, and says in sentences what that was.</summary>
internal sealed partial class DiskInterventions(
    Database database, MooringOptions options, TimeProvider time, ILogger<DiskInterventions> logger)
{
    public Task<Result<Intervention>> SuspendAsync(
        string id, Caller caller, Keep<Intervention> keep, CancellationToken ct) => ChangeAsync(
        id,
        caller,
        async (db, disk, token) => disk.Suspend(await DiskEndpoints.HoldersAsync(db, disk.Id, token), time.Now()),
        (change, _, _) => Said(change.IsNothing
            ? "It is suspended already; nothing was changed."
            : $"It is suspended: its data is kept, it is billed at its stopped price, {change.After.StoppedPriceHr} an "
                + "hour, and it takes no instance."),
        keep,
        ct,
        keepsFromUse: true);

    public Task<Result<Intervention>> ResumeAsync(
        string id, Caller caller, Keep<Intervention> keep, CancellationToken ct) => ChangeAsync(
        id,
        caller,
        (_, disk, _) => Task.FromResult(disk.Resume(time.Now())),
        async (change, db, token) => [await WordsOfResumeAsync(change, db, token)],
        keep,
        ct,
        keepsFromUse: true);

    public Task<Result<Intervention>> RetryAsync(
        string id, Caller caller, Keep<Intervention> keep, CancellationToken ct) => ChangeAsync(
        id,
        caller,
        async (db, disk, token) => disk.Retry(
            await db.Events.AnyAsync(
                happened => happened.ResourceId == disk.Id.Value
                    && (happened.What == Happened.Ready || happened.What == Happened.Adopted),
                token),
            await db.ProviderAccounts
                .Where(account => account.Id == disk.ProviderAccountId)
                .Select(account => account.UnreadableSince)
                .SingleAsync(token),
            options.DiskLimits,
            time.Now()),
        async (change, db, token) => change.After.Status == DiskStatus.Pending
            ? await RetryHoldersAsync(db, change.After, token)
            : [WordsOfRetry(change)],
        keep,
        ct);

    /// <summary>
    /// Ends every instance that holds the disk. Each end is a transaction of its own: cut off in between, the same wish
    /// again does the rest. Whether the host has let go only its agent knows, and only then is the disk free.
    /// </summary>
    public async Task<Result<Intervention>> ForceDetachAsync(
        string id, Caller caller, Keep<Intervention> note, CancellationToken ct)
    {
        IReadOnlyList<PodId> holders = [];
        var accepted = await ChangeAsync(
            id,
            caller,
            async (db, disk, token) =>
                disk.ForceDetach(holders = await DiskEndpoints.HoldersAsync(db, disk.Id, token), time.Now()),
            (_, _, _) => Said("It was noted in the disk's history."),
            // Not the answer, which is known only when every instance's end is written.
            note,
            ct,
            keepsFromUse: true);
        if (accepted.Failed)
        {
            return accepted;
        }

        List<string> did = [];
        foreach (var holder in holders)
        {
            did.Add(await EndAsync(holder, ct));
        }

        did.Add("Nobody else is given the disk before its host has let go of it; its 'pods' is empty then.");
        await using var db = await database.ReadAsync(ct);
        var status =
            await db.Disks.Where(disk => disk.Id == new DiskId(accepted.Value.Id)).Select(disk => disk.Status)
                .SingleAsync(ct);
        return new Intervention(accepted.Value.Id, status.ToWire(), did);
    }

    private async Task<Result<Intervention>> ChangeAsync(
        string id,
        Caller caller,
        Func<MooringDb, Disk, CancellationToken, Task<Result<DiskChange>>> decide,
        Func<DiskChange, MooringDb, CancellationToken, Task<IReadOnlyList<string>>> describe,
        Keep<Intervention> keep,
        CancellationToken ct,
        bool keepsFromUse = false)
    {
        var done = await database.TryWriteAsync<(DiskChange Change, Intervention Answer)>(
            async (db, token) =>
            {
                var disk = await DiskEndpoints.FindToChangeAsync(db, caller, id, keepsFromUse, token);
                if (disk.Failed)
                {
                    return disk.Error;
                }

                var change = await decide(db, disk.Value, token);
                if (change.Failed)
                {
                    return change.Error;
                }

                await db.WriteAsync(change.Value, null, token);
                var after = change.Value.After;
                return (
                    change.Value,
                    new Intervention(
                        after.Id.Value, after.Status.ToWire(), await describe(change.Value, db, token)));
            },
            (db, made, token) => keep(db, made.Answer, token),
            ct);
        if (done.Failed)
        {
            return done.Error;
        }

        var (changed, answer) = done.Value;
        foreach (var happening in changed.Happenings)
        {
            LogIntervened(changed.After.Id, happening.What, changed.After.Status);
        }

        return answer;
    }

    private async Task<IReadOnlyList<string>> RetryHoldersAsync(MooringDb db, Disk disk, CancellationToken ct)
    {
        List<string> did = [];
        foreach (var holder in await DiskEndpoints.HoldersAsync(db, disk.Id, ct))
        {
            var retried = PodRetry.Retry(await PodQueries.LoadAsync(db, holder, ct), null, time.Now());
            if (!retried.Failed)
            {
                await db.WriteAsync(retried.Value, options.DiskLimits, null, ct);
            }

            did.Add(retried.Failed
                ? $"Instance {holder} has it, and waits for nothing."
                : $"Instance {holder} has it: that instance's next step is tried now.");
        }

        return did;
    }

    private async Task<string> EndAsync(PodId id, CancellationToken ct)
    {
        var (work, wasEnding) = await database.WriteAsync(
            async (db, token) =>
            {
                var work = await PodQueries.LoadAsync(db, id, token);
                var isEnding = work.Pod!.Status is PodStatus.Deleting or PodStatus.Terminated;
                var retried = isEnding ? PodRetry.Retry(work, null, time.Now()) : default(Result<PodChange>?);
                var change = retried switch
                {
                    null => PodLifecycle.Delete(work, options.PodLimits, time.Now()),
                    { Failed: false } again => again.Value,
                    _ => null,
                };
                return change is null
                    ? (work, isEnding)
                    : (await db.WriteAsync(change, options.DiskLimits, null, token), isEnding);
            },
            ct);
        LogEnded(id, work.Pod!.Status);
        return work.Pod.Status == PodStatus.Terminated ? $"Instance {id} had ended meanwhile."
            : wasEnding ? $"Instance {id} was ending already; its next step is tried now."
            : $"Instance {id} is being ended: its processes have 10 seconds, then they are killed; "
                + "then its disks are unmounted.";
    }

    private static async Task<string> WordsOfResumeAsync(DiskChange change, MooringDb db, CancellationToken ct)
    {
        if (change.IsNothing)
        {
            return "It is not suspended; nothing was changed.";
        }

        var (wallet, price) = (change.After.WalletId, change.After.PriceHr);
        return await db.Wallets.AnyAsync(one => one.Id == wallet && one.EmptySince != null, ct)
            ? $"Its suspension has ended, and its wallet {wallet} is empty: it is STOPPED again at once, until that is "
                + "topped up."
            : $"Its suspension has ended: it is billed at its full price, {price} an hour, and can be attached.";
    }

    private static string WordsOfRetry(DiskChange change) => change.After.Status switch
    {
        DiskStatus.Error =>
            "It held data once, so it is not made anew: the provider is asked now whether it is there again.",
        DiskStatus.Provisioning when change.Before!.Status == DiskStatus.Error =>
            "It is PROVISIONING again, under the same name at the provider.",
        DiskStatus.Active or DiskStatus.Stopped => "The provider is asked about it now.",
        _ => "Its next step is tried now.",
    };

    private static Task<IReadOnlyList<string>> Said(string words) => Task.FromResult<IReadOnlyList<string>>([words]);

    [LoggerMessage(Level = LogLevel.Information, Message = "Disk {Disk}: {What}, as asked; it is {Status}")]
    private partial void LogIntervened(DiskId disk, Happened what, DiskStatus status);

    [LoggerMessage(Level = LogLevel.Information, Message = "Pod {Pod} is to let go of its disks; it is {Status}")]
    private partial void LogEnded(PodId pod, PodStatus status);
}
