namespace Mooring.Providers.Hyperstack;

/// <summary>
/// Reads lists that come in pages. Pages are cut from what is there at that moment (third-party transcription of the
/// vendor's conventions): while others write, an item may come twice, or be skipped because one before it went.
/// </summary>
/// <param name="readPage">Reads the page of that number, from 1.</param>
/// <param name="idOf">An item's id, by which one that comes twice is known.</param>
/// <param name="pageSize">Items asked for on a page.</param>
internal sealed class Listing<T>(Func<int, Task<Page<T>>> readPage, Func<T, long> idOf, int pageSize)
{
    private const int PagesMax = 10_000;
    private const int PassesMax = 6;

    /// <summary>
    /// All of it, certainly: read until two passes in a row agree. What was skipped in a pass because another item went
    /// makes that pass differ from the next one.
    /// </summary>
    /// <exception cref="UnreachableException">It changes faster than it can be read.</exception>
    public async Task<IReadOnlyList<T>> ReadTwiceAsync()
    {
        var before = await ReadOnceAsync();
        for (var pass = 1; pass < PassesMax; pass++)
        {
            var now = await ReadOnceAsync();
            if (now.Select(idOf).ToHashSet().SetEquals(before.Select(idOf)))
            {
                return now;
            }

            before = now;
        }

        throw new UnreachableException("Hyperstack's list changes faster than it can be read whole.");
    }

    /// <summary>Page after page until a short one, each item once, by id.</summary>
    public async Task<IReadOnlyList<T>> ReadOnceAsync()
    {
        var found = new SortedDictionary<long, T>();
        for (var number = 1; number <= PagesMax; number++)
        {
            var page = await readPage(number);
            // An answer without its list is none: it is not an empty list.
            var items = page.Items ?? throw HyperstackErrors.OfNonsense(changes: false);
            foreach (var item in items)
            {
                found[idOf(item ?? throw HyperstackErrors.OfNonsense(changes: false))] = item;
            }

            // The largest page is not documented: what a full one is, the answer says.
            var full = page.PageSize is > 0 and var size && size < pageSize ? size : pageSize;
            if (items.Count < full)
            {
                return [.. found.Values];
            }
        }

        throw new UnreachableException("Hyperstack's list does not end.");
    }
}
