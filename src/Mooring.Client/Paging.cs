using System.Runtime.CompilerServices;

namespace Mooring.Client;

/// <summary>
/// Walks a list page by page. A server's total is a hint and no more: one that promises more than the pages deliver
/// makes the vendor's client ask forever (contract 14.4), one that promises less would hide rows. So the walk ends at
/// the first page that brings nothing new (an empty page, or one seen before), and a request earlier where a short
/// page and the total agree. It remembers the keys of the rows it has handed out, about 100 bytes each, and hands out
/// none twice, even where rows move between pages meanwhile. It is no snapshot: a row that moves to a page already
/// read is missed.
/// </summary>
internal static class Paging
{
    public static async IAsyncEnumerable<T> WalkAsync<T, TKey>(
        Func<Position, CancellationToken, Task<Page<T>>> read,
        Func<T, TKey> key,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        var seen = new HashSet<TKey>();
        var position = new Position(Offset: 0, PageNumber: 1);
        while (true)
        {
            var page = await read(position, ct);
            var before = seen.Count;
            foreach (var row in page.Rows)
            {
                if (seen.Add(key(row)))
                {
                    yield return row;
                }
            }

            position = new Position(position.Offset + page.Rows.Count, position.PageNumber + 1);
            if (seen.Count == before || (page.Rows.Count < page.Limit && position.Offset >= page.Total))
            {
                yield break;
            }
        }
    }

    /// <summary>
    /// Walks a list that is told newest first, from number to number, until so many rows are read or a page says that
    /// there is nothing before it.
    /// </summary>
    /// <param name="read">Reads at most so many rows before the one with this number; null for the newest.</param>
    /// <param name="most">Rows at the most, 1 or more.</param>
    /// <param name="pageMost">Rows a request at the most.</param>
    /// <param name="ct">Ends the walk.</param>
    public static async IAsyncEnumerable<T> WalkBackAsync<T>(
        Func<long?, int, CancellationToken, Task<(IReadOnlyList<T> Rows, long? Next)>> read,
        int most,
        int pageMost,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        long? before = null;
        do
        {
            var (rows, next) = await read(before, Math.Min(most, pageMost), ct);
            foreach (var row in rows)
            {
                yield return row;
            }

            most -= rows.Count;
            // A page that does not go back is the last, whatever it says.
            before = next < (before ?? long.MaxValue) ? next : null;
        }
        while (before is not null && most > 0);
    }

    /// <summary>
    /// Where a page begins, in both of the contract's styles: rows passed over, or the page's number from 1.
    /// </summary>
    internal sealed record Position(int Offset, int PageNumber);

    internal readonly record struct Page<T>(IReadOnlyList<T> Rows, int Limit, int Total);
}
