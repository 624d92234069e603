using System.Globalization;
using Mooring.Contract.Native;

namespace Mooring.Client;

// Who did what.
public sealed partial class MooringClient
{
    private const int AuditPage = 500;

    /// <summary>
    /// Who changed what, from where, and what was refused; newest first, page by page as it is read. Needs the section
    /// admin.
    /// </summary>
    /// <param name="filters">Which entries; null for all.</param>
    /// <param name="most">How many at the most, 1 or more.</param>
    /// <param name="ct">Ends the calls.</param>
    public IAsyncEnumerable<AuditTrailEntry> ListAuditEntriesAsync(
        AuditFilters? filters = null, int most = int.MaxValue, CancellationToken ct = default) => Paging.WalkBackAsync(
            async (before, limit, token) =>
            {
                var path = AuditPath(filters ?? new AuditFilters(), before, limit);
                var page = await _api.GetAsync(path, ApiTransport.Json.AuditTrail, token);
                return (page.Data, page.Next);
            },
            most,
            AuditPage,
            ct);

    private static string AuditPath(AuditFilters filters, long? before, int limit) =>
        $"{Native}audit" + new QueryString()
            .Add("key", filters.Key)
            .Add("address", filters.Address)
            .Add("user_id", filters.UserId)
            .Add("target", filters.Target)
            .Add("action", filters.Action)
            .Add("refused", filters.Refused switch { true => "true", false => "false", null => null })
            .Add("from", filters.From?.ToString("O", CultureInfo.InvariantCulture))
            .Add("to", filters.To?.ToString("O", CultureInfo.InvariantCulture))
            .Add("before", before)
            .Add("limit", limit);
}
