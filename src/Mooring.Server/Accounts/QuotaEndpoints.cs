using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Providers;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary>What users and teams may have at the most: they see it, operators set it.</summary>
internal static class QuotaEndpoints
{
    private const decimal SpendAtMost = 1_000_000m;

    public static IEndpointRouteBuilder MapQuotas(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/mooring/v1/quotas", ListAsync).RequirePermission(Section.Billing)
            .Describe("listQuotas", "What you and your teams may have at the most, and have.");
        routes.MapGet("/api/mooring/v1/users/{id}/quota", GetOfUserAsync).RequirePermission(Section.Admin)
            .Describe("getUserQuota", "What a user may have at the most, and has.")
            .Refuses(typeof(UserNotFound));
        routes.MapPut("/api/mooring/v1/users/{id}/quota", SetOfUserAsync).RequirePermission(Section.Admin)
            .Describe("setUserQuota", "Sets what a user may have at the most; what there is already stays.")
            .Refuses(typeof(UserNotFound));
        routes.MapGet("/api/mooring/v1/teams/{id}/quota", GetOfTeamAsync).RequirePermission(Section.Admin)
            .Describe("getTeamQuota", "What a team may have at the most, and has.")
            .Refuses(typeof(TeamNotFound));
        routes.MapPut("/api/mooring/v1/teams/{id}/quota", SetOfTeamAsync).RequirePermission(Section.Admin)
            .Describe("setTeamQuota", "Sets what a team may have at the most; what there is already stays.")
            .Refuses(typeof(TeamNotFound));
        return routes;
    }

    private static async Task<Answer<QuotaList>> ListAsync(Caller caller, Database database, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var rows = await db.Accounts.AsNoTracking()
            .Where(account => caller.Accounts.Contains(account.Id))
            .OrderBy(account => account.TeamId != null)
            .ThenBy(account => account.CreatedAt)
            .ThenBy(account => account.Id)
            .ToListAsync(ct);
        return new QuotaList([.. rows.Select(Wire)]);
    }

    private static async Task<Answer<AccountQuota>> GetOfUserAsync(string id, Database database, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await FindAsync(OfUser(db, id), ct) is { } quota ? quota : new UserNotFound(id);
    }

    private static async Task<Answer<AccountQuota>> GetOfTeamAsync(string id, Database database, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await FindAsync(OfTeam(db, id), ct) is { } quota ? quota : new TeamNotFound(id);
    }

    private static Task<Answer<AccountQuota>> SetOfUserAsync(
        string id,
        JsonBody<Contract.Native.Quota> body,
        Trail trail,
        Database database,
        KeyLookup keys,
        CancellationToken ct) =>
        SetAsync(body.Value, db => OfUser(db, id), new UserNotFound(id), trail, database, keys, ct);

    private static Task<Answer<AccountQuota>> SetOfTeamAsync(
        string id,
        JsonBody<Contract.Native.Quota> body,
        Trail trail,
        Database database,
        KeyLookup keys,
        CancellationToken ct) =>
        // Held, so that a team that is being deleted meanwhile is seen to be.
        SetAsync(
            body.Value,
            db => OfTeam(db, id),
            new TeamNotFound(id),
            trail,
            database,
            keys,
            ct,
            (db, token) => ResourceIds.ParseTeam(id) is { } team ? db.LockTeamAsync(team, token) : Task.CompletedTask);

    private static async Task<Answer<AccountQuota>> SetAsync(
        Contract.Native.Quota wanted,
        Func<MooringDb, IQueryable<Account>> whose,
        MooringError missing,
        Trail trail,
        Database database,
        KeyLookup keys,
        CancellationToken ct,
        Func<MooringDb, CancellationToken, Task>? hold = null)
    {
        var faults = new Faults();
        faults.Check(!(wanted.Disks < 0), "body.disks", "must be 0 or more; null for no limit");
        faults.Check(!(wanted.SizeGb < 0), "body.sizeGb", "must be 0 or more, in GB; null for no limit");
        faults.Check(!(wanted.Instances < 0), "body.instances", "must be 0 or more; null for no limit");
        faults.Check(
            !(wanted.SpendPerHour < 0) && !(wanted.SpendPerHour > SpendAtMost)
                && (wanted.SpendPerHour is null || decimal.Round(wanted.SpendPerHour.Value, 12) == wanted.SpendPerHour),
            "body.spendPerHour",
            "must be 0 to 1000000 USD per hour, with 12 decimals at the most; null for no limit");
        faults.Throw();
        Money? rate = wanted.SpendPerHour is { } usd ? Money.FromUsd(usd) : null;
        var set = await database.TryWriteAsync<Changed<Account>>(
            async (db, token) =>
            {
                await (hold?.Invoke(db, token) ?? Task.CompletedTask);
                if (await whose(db).AsNoTracking().SingleOrDefaultAsync(token) is not { } before)
                {
                    return missing;
                }

                await whose(db).ExecuteUpdateAsync(
                    one => one
                        .SetProperty(account => account.QuotaDisks, wanted.Disks)
                        .SetProperty(account => account.QuotaGiB, wanted.SizeGb)
                        .SetProperty(account => account.QuotaPods, wanted.Instances)
                        .SetProperty(account => account.QuotaRate, rate),
                    token);
                return new Changed<Account>(before, await whose(db).AsNoTracking().SingleAsync(token));
            },
            trail.Note<Changed<Account>>(ChangeWords.Of),
            ct);
        keys.ForgetAll();
        return set.Failed ? set.Error : Wire(set.Value.After);
    }

    private static async Task<AccountQuota?> FindAsync(IQueryable<Account> whose, CancellationToken ct) =>
        await whose.AsNoTracking().SingleOrDefaultAsync(ct) is { } account ? Wire(account) : null;

    private static IQueryable<Account> OfUser(MooringDb db, string id)
    {
        var user = ResourceIds.ParseUser(id);
        return db.Accounts.Where(account => account.UserId == user && user != null);
    }

    private static IQueryable<Account> OfTeam(MooringDb db, string id)
    {
        var team = ResourceIds.ParseTeam(id);
        return db.Accounts.Where(account => account.TeamId == team && team != null
            && db.Teams.Any(one => one.Id == team && one.DeletedAt == null));
    }

    private static AccountQuota Wire(Account account) => new()
    {
        UserId = account.UserId?.Value,
        TeamId = account.TeamId?.Value,
        Limits = new Contract.Native.Quota
        {
            Disks = account.QuotaDisks,
            SizeGb = account.QuotaGiB,
            Instances = account.QuotaPods,
            SpendPerHour = account.QuotaRate?.Usd,
        },
        InUse = new Contract.Native.Quota
        {
            Disks = account.CurrentDisks,
            SizeGb = account.CurrentGiB,
            Instances = account.CurrentPods,
            SpendPerHour = account.CurrentRate.Usd,
        },
    };
}
