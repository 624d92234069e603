using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Accounts;
using Mooring.Server.Ledger;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;

namespace Mooring.Server.Disks;

/// <summary>What a delete of a disk would lose, and whether it would be accepted: asked of the same guard.</summary>
internal sealed class DeletionPreview(
    Database database, ProviderRegistry providers, MooringOptions options, TimeProvider time)
{
    // A user waits for it, and can do without it.
    private static readonly TimeSpan UsageAtMost = TimeSpan.FromSeconds(2);

    public async Task<DiskDeletion> OfAsync(MooringDb db, Disk disk, Http.Caller caller, CancellationToken ct)
    {
        var holds = await db.Attachments.AsNoTracking()
            .Where(attachment => attachment.DiskId == disk.Id && attachment.ReleasedAt == null)
            .OrderBy(attachment => attachment.ClaimedAt)
            .ToListAsync(ct);
        var spans = await db.UsageSpans.AsNoTracking()
            .Where(span => span.ResourceId == disk.Id.Value)
            .ToListAsync(ct);
        var now = time.Now();
        var refusal = caller.MayEnd(disk.AccountId, disk.CreatorId)
            ? disk.Delete([.. holds.Select(hold => hold.PodId)], options.DiskLimits, now).Error
            : new NotYours($"Disk {disk.Id}");
        var (used, words) = await ReadUsedAsync(disk, ct);
        return new DiskDeletion
        {
            Id = disk.Id.Value,
            Name = disk.Name,
            Status = disk.Status.ToWire(),
            Size = disk.SizeGiB,
            WouldBeAccepted = refusal is null,
            Refusal = refusal?.Message,
            ForbidDeletion = disk.IsDeletionForbidden,
            UsedBytes = used,
            UsedWords = words,
            LastAttachedAt = await LastAsync(db, disk, Happened.Attached, ct),
            LastReleasedAt = await LastAsync(db, disk, Happened.Released, ct),
            Holders = Explanations.Of(holds),
            CostUsd = Accrual.Usd(spans, now),
            PriceHr = disk.Rate?.Usd,
        };
    }

    /// <summary>Sets whether the disk's deletion is forbidden.</summary>
    public Task<Result<Changed<Disk>>> ForbidAsync(
        string id, bool forbid, Http.Caller caller, Keep<Changed<Disk>> keep, CancellationToken ct) =>
        database.TryWriteAsync<Changed<Disk>>(
            async (db, token) =>
            {
                // Any member may make it safer.
                var disk = await DiskEndpoints.FindToChangeAsync(db, caller, id, ends: !forbid, token);
                if (disk.Failed)
                {
                    return disk.Error;
                }

                var change = disk.Value.ForbidDeletion(forbid, time.Now());
                return change.Failed
                    ? change.Error
                    : new Changed<Disk>(disk.Value, await db.WriteAsync(change.Value, null, token));
            },
            keep,
            ct);

    // Read off the disk's own history from its end: what is last of it is seldom far away.
    private static async Task<DateTimeOffset?> LastAsync(
        MooringDb db, Disk disk, Happened what, CancellationToken ct) => (await db.Events.AsNoTracking()
            .Where(happened => happened.ResourceId == disk.Id.Value && happened.What == what)
            .OrderByDescending(happened => happened.Number)
            .FirstOrDefaultAsync(ct))?.At;

    // One of the stated exceptions to "only the reconciler calls a provider": a usage is read, and nothing changes.
    private async Task<(long? Bytes, string Words)> ReadUsedAsync(Disk disk, CancellationToken ct)
    {
        if (!disk.IsAtProvider)
        {
            return (null, "Its provider does not have it: there is nothing that could take up room.");
        }

        if (providers.Disks(disk.ProviderAccountId) is not IDiskUsage usage)
        {
            return (null, $"The provider '{disk.ProviderType}' does not tell how much of a disk is used.");
        }

        using var timeout = new CancellationTokenSource(UsageAtMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            var used = await usage.ReadUsedAsync(disk.Ref, either.Token).WaitAsync(either.Token);
            return (used.Bytes, "As its provider says now, its file system's own included.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, $"Its provider did not say within {UsageAtMost.TotalSeconds:0} seconds.");
        }
        catch (ProviderException exception)
        {
            return (null, $"Its provider could not say: {Printable.Words(exception.Message)}");
        }
    }
}
