using Mooring.Server.Http;

namespace Mooring.Server.Persistence;

/// <summary>Lists that span a user and teams (architecture, section 7).</summary>
internal static class AccountScans
{
    /// <summary>
    /// A slice of what several accounts have together: one bounded, ordered scan an account, each of no more than the
    /// slice could need.
    /// </summary>
    /// <param name="owners">The accounts, one or more.</param>
    /// <param name="sorted">What one of them has, in order.</param>
    /// <param name="sort">The same order.</param>
    /// <param name="slice">Which part.</param>
    public static IQueryable<T> Across<T>(
        IReadOnlyList<AccountId> owners,
        Func<AccountId, IQueryable<T>> sorted,
        Func<IQueryable<T>, IQueryable<T>> sort,
        Slice slice)
    {
        if (owners is [var only])
        {
            return Cut(sorted(only));
        }

        var most = (int)Math.Min((long)slice.Offset + slice.Limit, int.MaxValue);
        return Cut(sort(owners.Select(owner => sorted(owner).Take(most)).Aggregate((all, one) => all.Concat(one))));

        IQueryable<T> Cut(IQueryable<T> rows) => (slice.Offset == 0 ? rows : rows.Skip(slice.Offset)).Take(slice.Limit);
    }
}
