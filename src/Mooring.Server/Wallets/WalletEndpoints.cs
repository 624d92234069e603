using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Contract.V1;
using Mooring.Server.Accounts;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Wallets;

/// <summary>
/// <c>/api/mooring/v1/wallets</c>: how wallets stand. Users see their own and their teams', operators change them.
/// </summary>
internal static class WalletEndpoints
{
    private const int LimitByDefault = 100;
    private const int LimitAtMost = 1_000;
    private static readonly string[] Modes = [WalletModes.Showback, WalletModes.Prepaid];
    private static readonly string[] Statuses = [WalletStatuses.Funded, WalletStatuses.Low, WalletStatuses.Empty];

    public static IEndpointRouteBuilder MapWallets(this IEndpointRouteBuilder routes)
    {
        var wallets = routes.MapGroup("/api/mooring/v1/wallets");
        wallets.MapGet("", ListAsync).RequirePermission(Section.Billing)
            .Describe("listWallets", "What you and your teams pay from, oldest first.")
            .WithQuery(
            [
                QueryParameter.OneOf("mode", Modes, "Only wallets that pay so."),
                QueryParameter.OneOf("status", Statuses, "Only wallets that stand so."),
                QueryParameter.ForAll("everybody's are"),
                .. QueryParameter.Slice(LimitByDefault, LimitAtMost),
            ]);
        wallets.MapGet("/{id}", GetAsync).RequirePermission(Section.Billing)
            .Describe("getWallet", "How a wallet stands, and how far it reaches.")
            .Refuses(typeof(WalletNotFound));
        wallets.MapPatch("/{id}", SetModeAsync).RequirePermission(Section.Admin)
            .Describe("changeWallet", "Says whether what is used is only shown, or drawn from credit.")
            .Refuses(typeof(WalletNotFound), typeof(WalletWouldBeEmpty));
        wallets.MapGet("/{id}/credits", ListCreditsAsync).RequirePermission(Section.Billing)
            .Describe("listCredits", "What was put into a wallet and taken out of it, newest first.")
            .Refuses(typeof(WalletNotFound))
            .WithQuery(
                QueryParameter.Number("before", "Only bookings older than the one with this number; a page's 'next'."),
                QueryParameter.Number("limit", $"Rows at the most, 1 to {LimitAtMost}; {LimitByDefault} by default."));
        wallets.MapPost("/{id}/credits", BookAsync).RequirePermission(Section.Admin)
            .Describe("topUpWallet", "Books money into a wallet, or out of it where it is below zero.")
            .Refuses(typeof(WalletNotFound));
        return routes;
    }

    private static async Task<Answer<ListPage<PayingWallet>>> ListAsync(
        HttpContext context,
        Caller caller,
        Database database,
        MooringOptions options,
        TimeProvider time,
        CancellationToken ct)
    {
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        var query = new Query(context);
        var mode = query.OneOf("mode", Modes);
        var status = query.OneOf("status", Statuses);
        var isForAll = query.ForAll(caller);
        query.Throw();
        if (isForAll.Failed)
        {
            return isForAll.Error;
        }

        await using var db = await database.ReadAsync(ct);
        var rows = WalletWire.Rows(db);
        rows = isForAll.Value ? rows : rows.Where(row => caller.Accounts.Contains(row.Wallet.AccountId));
        rows = mode is null ? rows : rows.Where(row => row.Wallet.IsPrepaid == (mode == WalletModes.Prepaid));
        rows = status switch
        {
            null => rows,
            WalletStatuses.Empty => rows.Where(row => row.Wallet.EmptySince != null),
            WalletStatuses.Low =>
                rows.Where(row => row.Wallet.LowSince != null && row.Wallet.EmptySince == null),
            _ => rows.Where(row => row.Wallet.LowSince == null && row.Wallet.EmptySince == null),
        };
        var page = await rows.OrderBy(row => row.Wallet.CreatedAt)
            .ThenBy(row => row.Wallet.Id)
            .Skip(slice.Offset)
            .Take(slice.Limit)
            .ToListAsync(ct);
        return new ListPage<PayingWallet>
        {
            TotalCount = await rows.CountAsync(ct),
            Offset = slice.Offset,
            Limit = slice.Limit,
            Data = [.. page.Select(row => WalletWire.Of(row, options.WalletLimits, time.Now()))],
        };
    }

    private static async Task<Answer<PayingWallet>> GetAsync(
        string id,
        Caller caller,
        Database database,
        MooringOptions options,
        TimeProvider time,
        CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await FindAsync(db, caller, id, ct) is { } row
            ? WalletWire.Of(row, options.WalletLimits, time.Now())
            : new WalletNotFound(id);
    }

    private static async Task<Answer<PayingWallet>> SetModeAsync(
        string id,
        JsonBody<ChangeWalletRequest> body,
        Caller caller,
        Trail trail,
        WalletChanges changes,
        Database database,
        MooringOptions options,
        TimeProvider time,
        CancellationToken ct)
    {
        var set = await changes.SetModeAsync(id, body.Value, trail.Note<Changed<Wallet>>(ChangeWords.Of), ct);
        return set.Failed ? set.Error : await GetAsync(id, caller, database, options, time, ct);
    }

    private static async Task<Answer<CreditList>> ListCreditsAsync(
        string id, HttpContext context, Caller caller, Database database, CancellationToken ct)
    {
        var query = new Query(context);
        var before = query.LargeNumber("before");
        var limit = query.Number("limit", LimitByDefault, 1, LimitAtMost);
        query.Throw();
        await using var db = await database.ReadAsync(ct);
        if (await FindAsync(db, caller, id, ct) is not { } row)
        {
            return new WalletNotFound(id);
        }

        var page = await db.CreditEntries.AsNoTracking()
            .Where(entry => entry.WalletId == row.Wallet.Id && (before == 0 || entry.Number < before))
            .OrderByDescending(entry => entry.Number)
            .Take(limit)
            .ToListAsync(ct);
        return new CreditList(
            [.. page.Select(WalletWire.Of)], page.Count == limit ? page[^1].Number : null);
    }

    private static async Task<Answer<ToppedUp>> BookAsync(
        string id,
        JsonBody<TopUpRequest> body,
        Caller caller,
        Once once,
        WalletChanges changes,
        Database database,
        MooringOptions options,
        TimeProvider time,
        CancellationToken ct)
    {
        PayingWalletRow? owner;
        await using (var db = await database.ReadAsync(ct))
        {
            owner = await FindAsync(db, caller, id, ct);
        }

        if (owner is null)
        {
            return new WalletNotFound(id);
        }

        var booked = await changes.BookAsync(
            id,
            body.Value,
            caller,
            once.Keep<(CreditEntry Entry, Wallet Wallet), ToppedUp>(Created, made => ChangeWords.Of(made.Entry)),
            ct);
        return booked.Failed ? booked.Error : Created(booked.Value);

        Answer<ToppedUp> Created((CreditEntry Entry, Wallet Wallet) made) => Answer<ToppedUp>.Created(new ToppedUp(
            WalletWire.Of(made.Entry),
            WalletWire.Of(owner with { Wallet = made.Wallet }, options.WalletLimits, time.Now())));
    }

    /// <summary>A wallet that the caller sees; operators see all.</summary>
    internal static async Task<PayingWalletRow?> FindAsync(
        MooringDb db, Caller caller, string text, CancellationToken ct) => ResourceIds.ParseWallet(text) is { } id
        ? await WalletWire.Rows(db)
            .Where(row => row.Wallet.Id == id && (caller.ReadsAll || caller.Accounts.Contains(row.Wallet.AccountId)))
            .SingleOrDefaultAsync(ct)
        : null;
}
