using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Http;

namespace Mooring.Server.Ledger;

/// <summary>GET <c>/api/mooring/v1/audit/ledger</c>: whether the bills are what the events alone say.</summary>
internal static class AuditEndpoints
{
    public static IEndpointRouteBuilder MapLedgerAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/mooring/v1/audit/ledger", RunAsync).RequirePermission(Section.Admin)
            .Describe(
                "auditLedger",
                "Recomputes every bill and balance from the events alone, now, and says what differs. Changes nothing; "
                + "it reads every event there is.");
        return routes;
    }

    private static async Task<Answer<LedgerAudit>> RunAsync(LedgerAuditor auditor, CancellationToken ct) =>
        await auditor.RunAsync(ct);
}
