using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Persistence;
using Wallet = Mooring.Contract.V1.Wallet;

namespace Mooring.Server.Ledger;

/// <summary>GET <c>/api/v1/billing/wallet</c> (contract, section 9).</summary>
internal static class WalletEndpoints
{
    private const string Currency = "USD";
    private const int LimitByDefault = 20;
    private const int LimitAtMost = 100;

    public static IEndpointRouteBuilder MapWallet(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/billing/wallet", ReadAsync).RequirePermission(Section.Billing)
            .Describe("readWallet", "What was used, in sum and by resource, what was billed last first.")
            .Refuses(typeof(TeamNotFound))
            .WithQuery(
            [
                .. QueryParameter.Slice(LimitByDefault, LimitAtMost),
                QueryParameter.Text("teamId", "The team whose wallet is meant; the user's own without it."),
            ]);
        return routes;
    }

    private static async Task<Answer<Wallet>> ReadAsync(
        HttpContext context, Caller caller, Database database, TimeProvider time, CancellationToken ct)
    {
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        var query = new Query(context);
        var team = query.Text("teamId");
        query.Throw();
        var account = caller.ViewFor(team);
        if (account.Failed)
        {
            return new TeamNotFound(team!);
        }

        var wallet = account.Value.WalletId;
        var now = time.Now();
        await using var db = await database.ReadAsync(ct);
        return new Wallet
        {
            WalletId = wallet.Value,
            TeamId = account.Value.TeamId?.Value,
            BalanceUsd = await Billings.BalanceUsdAsync(db, wallet, now, ct),
            Currency = Currency,
            TotalBillings = await Billings.CountAsync(db, wallet, ct),
            RecentBillings = await PageAsync(db, wallet, slice, now, ct),
        };
    }

    private static async Task<IReadOnlyList<Contract.V1.Billing>> PageAsync(
        MooringDb db, WalletId wallet, Slice slice, DateTimeOffset now, CancellationToken ct) =>
    [
        .. from billed in await Billings.PageAsync(db, wallet, slice.Offset, slice.Limit, now, ct)
           select new Contract.V1.Billing
           {
               Id = billed.ResourceId,
               CreatedAt = billed.From,
               UpdatedAt = billed.Until,
               LastBilledAt = billed.Until,
               AmountUsd = billed.Usd,
               Currency = Currency,
               ResourceType = billed.Kind == ResourceKind.Disk ? "disks" : "compute",
               ResourceId = billed.ResourceId,
           },
    ];
}
