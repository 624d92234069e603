using Mooring.Server.Persistence;

namespace Mooring.Server.Audit;

/// <summary>
/// Finds a point in time among the numbers of the audit trail, which grow with it: an index by time would cost every
/// change a write, for what is seldom asked.
/// </summary>
internal static class TrailDays
{
    /// <summary>
    /// How many numbers an entry may be away from where its time belongs: those that are written beside the requests
    /// come a little after later ones.
    /// </summary>
    public const long NumbersOutOfOrderMost = 10_000;

    // Jumps from 2^40 on, each half of the one before, as long as what it would land on is earlier: 41 look-ups by the
    // primary key, however many entries there are. Numbers that are missing are passed over to the next one.
    private static readonly Statement<long> LastBefore = new(
        """
        WITH RECURSIVE jumps(number, jump) AS (
            SELECT CAST(0 AS bigint), 1099511627776
            UNION ALL
            SELECT
                number + CASE
                    WHEN (
                        SELECT entry.at FROM audit_entries AS entry
                        WHERE entry.number >= jumps.number + jumps.jump
                        ORDER BY entry.number LIMIT 1) < @at
                    THEN jump
                    ELSE 0
                END,
                jump / 2
            FROM jumps WHERE jump > 0
        )
        SELECT number FROM jumps WHERE jump = 0
        """,
        ["@at"],
        row => row.GetInt64(0));

    /// <summary>
    /// The number of the last entry before a point in time, give or take <see cref="NumbersOutOfOrderMost"/>; 0 where
    /// there is none.
    /// </summary>
    public static async Task<long> LastBeforeAsync(Database database, DateTimeOffset at, CancellationToken ct) =>
        (await database.QueryAsync(LastBefore, [Clock.ToMicroseconds(at)], ct))[0];
}
