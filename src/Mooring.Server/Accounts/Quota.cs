using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;
using Mooring.Server.Wallets;

namespace Mooring.Server.Accounts;

/// <summary>
/// What an account may have at the most: disks, GB, instances, and USD per hour. Taken in the transaction that makes a
/// resource, so that of many creations at once no more pass than the quota allows.
/// </summary>
internal static class Quota
{
    /// <summary>
    /// Takes what a new resource uses, and asks whether its wallet can pay for that. A user's account that has neither
    /// a quota nor to pay in advance is not asked: what it has is counted at the end
    /// of the transaction. A quota that was set this moment holds from the next request on, as a key's end does.
    /// A team's is always asked, as a team may be deleted meanwhile, which leaves it none.
    /// </summary>
    /// <returns>The refusal, or null.</returns>
    public static async Task<MooringError?> TakeAsync(
        MooringDb db, AccountView account, Used wanted, DateTimeOffset now, CancellationToken ct)
    {
        if (!account.HasQuota && !account.IsPrepaid && account.TeamId is null)
        {
            return null;
        }

        if (await db.Use.TryReserveAsync(db, account.AccountId, wanted, ct))
        {
            return await Payment.CheckAsync(db, account, wanted, now, ct);
        }

        var row = await db.Accounts.AsNoTracking().SingleAsync(one => one.Id == account.AccountId, ct);
        return row.TeamId is { } team && await db.Teams.AnyAsync(one => one.Id == team && one.DeletedAt != null, ct)
            ? new NotAMember(team.Value)
            : Exceeded(row, wanted);
    }

    /// <summary>Says which part of a quota a new resource would not fit in.</summary>
    private static QuotaExceeded Exceeded(Account account, Used wanted)
    {
        var whose = account.TeamId is { } team ? $"team {team}" : "your account";
        (string Name, string Unit, decimal InUse, decimal Wanted, decimal? Most)[] parts =
        [
            ("disks", "", account.CurrentDisks, wanted.Disks, account.QuotaDisks),
            ("sizeGb", " GB", account.CurrentGiB, wanted.GiB, account.QuotaGiB),
            ("instances", "", account.CurrentPods, wanted.Pods, account.QuotaPods),
            ("spendPerHour", " USD per hour", account.CurrentRate.Usd, wanted.Rate.Usd, account.QuotaRate?.Usd),
        ];
        // What was over a moment ago may fit by now.
        var over = parts.Where(part => part.InUse + part.Wanted > part.Most).Append(parts[^1]).First();
        return new QuotaExceeded(whose, over.Name, over.Unit, over.Most ?? over.InUse, over.InUse, over.Wanted);
    }
}
