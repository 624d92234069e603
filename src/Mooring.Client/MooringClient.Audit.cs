using System.Globalization;
using System.Runtime.CompilerServices;
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
    public async IAsyncEnumerable<AuditTrailEntry> ListAuditEntriesAsync(
        AuditFilters? filters = null, int most = int.MaxValue, [EnumeratorCancellation] CancellationToken ct = default)
    {
        long? before = null;
        do
        {
            var page = await _api.GetAsync(
                AuditPath(filters ?? new AuditFilters(), before, Math.Min(most, AuditPage)),
                ApiTransport.Json.AuditTrail,
                ct);
            foreach (var entry in page.Data)
            {
                yield return entry;
            }

            most -= page.Data.Count;
            // A page that does not go back is the last, whatever it says.
            before = page.Next < (before ?? long.MaxValue) ? page.Next : null;
        }
        while (before is not null && most > 0);
    }

    private static string AuditPath(AuditFilters filters, long? before, int limit) =>
        $"{Native}audit" + new QueryString()
            .Add("user_id", filters.UserId)
            .Add("target", filters.Target)
            .Add("action", filters.Action)
            .Add("refused", filters.Refused switch { true => "true", false => "false", null => null })
            .Add("from", filters.From?.ToString("O", CultureInfo.InvariantCulture))
            .Add("to", filters.To?.ToString("O", CultureInfo.InvariantCulture))
            .Add("before", before)
            .Add("limit", limit);
}
