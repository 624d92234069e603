using System.Globalization;
using Mooring.Contract.Native;

namespace Mooring.Client;

// What has been used, whether that is right, and what prices were.
public sealed partial class MooringClient
{
    /// <summary>What has been used, in rows; days in their order, anything else with what costs most first.</summary>
    /// <param name="groupBy">
    /// <c>disk</c>, <c>pod</c>, <c>team</c>, <c>user</c>, <c>provider</c> or <c>day</c>.
    /// </param>
    /// <param name="from">The first day, UTC; null for the first of the month of the last.</param>
    /// <param name="to">The last day, UTC; null for today.</param>
    /// <param name="all">Whether everybody's are told, which needs the section admin.</param>
    /// <param name="offset">How many rows to leave out.</param>
    /// <param name="limit">Rows at the most, 1 to 1,000.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Costs> ReadCostsAsync(
        string groupBy = "disk",
        DateOnly? from = null,
        DateOnly? to = null,
        bool all = false,
        int offset = 0,
        int limit = 100,
        CancellationToken ct = default) =>
        _api.GetAsync(CostsPath(groupBy, from, to, all, offset, limit, null), ApiTransport.Json.Costs, ct);

    /// <summary>
    /// The same as comma-separated values (RFC 4180): a line of names, then a line for each row, ended by CR LF.
    /// </summary>
    /// <param name="groupBy">As in <see cref="ReadCostsAsync"/>.</param>
    /// <param name="from">As there.</param>
    /// <param name="to">As there.</param>
    /// <param name="all">As there.</param>
    /// <param name="offset">As there.</param>
    /// <param name="limit">As there.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<string> ReadCostsCsvAsync(
        string groupBy = "disk",
        DateOnly? from = null,
        DateOnly? to = null,
        bool all = false,
        int offset = 0,
        int limit = 1_000,
        CancellationToken ct = default) =>
        _api.GetTextAsync(CostsPath(groupBy, from, to, all, offset, limit, "csv"), "text/csv", ct);

    /// <summary>
    /// Has every bill and balance recomputed from the events alone, now. Changes nothing; needs the section admin.
    /// </summary>
    /// <param name="ct">Ends the call.</param>
    public Task<LedgerAudit> AuditLedgerAsync(CancellationToken ct = default) =>
        _api.GetAsync($"{Native}audit/ledger", ApiTransport.Json.LedgerAudit, ct);

    /// <summary>What disk offers have cost and cost now, what was seen last first.</summary>
    /// <param name="offset">How many to leave out.</param>
    /// <param name="limit">Rows at the most, 1 to 500.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<PriceHistory> ListOfferPricesAsync(int offset = 0, int limit = 100, CancellationToken ct = default) =>
        _api.GetAsync(
            $"{Native}offers/prices{new QueryString().Add("offset", offset).Add("limit", limit)}",
            ApiTransport.Json.PriceHistory,
            ct);

    private static string CostsPath(
        string groupBy, DateOnly? from, DateOnly? to, bool all, int offset, int limit, string? format) =>
        $"{Native}costs" + new QueryString()
            .Add("group_by", groupBy)
            .Add("from", from?.ToString("O", CultureInfo.InvariantCulture))
            .Add("to", to?.ToString("O", CultureInfo.InvariantCulture))
            .Add("all", all ? "true" : null)
            .Add("format", format)
            .Add("offset", offset)
            .Add("limit", limit);
}
