using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;

namespace Mooring.Server.Audit;

/// <summary>Which entries of the audit trail are wanted, newest first.</summary>
internal sealed record TrailQuery
{
    // Entries that are written beside the requests come a little after later ones: this many at the most.
    private const long NumbersOutOfOrderMost = 10_000;

    public UserId? UserId { get; init; }

    public string? Target { get; init; }

    public string? Action { get; init; }

    /// <summary>Whether only what was refused is wanted; null for both.</summary>
    public bool? IsRefused { get; init; }

    /// <summary>The first day.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Only entries with smaller numbers; 0 for all.</summary>
    public long Before { get; init; }

    public int Limit { get; init; }

    public async Task<List<AuditEntry>> PageAsync(MooringDb db, CancellationToken ct)
    {
        var rows = await OfDaysAsync(db, ct);
        rows = UserId is { } user ? rows.Where(entry => entry.UserId == user) : rows;
        rows = Target is { } target ? rows.Where(entry => entry.Target == target) : rows;
        rows = Action is { } action ? rows.Where(entry => entry.Action == action) : rows;
        rows = IsRefused switch
        {
            true => rows.Where(entry => entry.Status >= 400),
            false => rows.Where(entry => entry.Status < 400),
            null => rows,
        };
        rows = Before > 0 ? rows.Where(entry => entry.Number < Before) : rows;
        return await rows.OrderByDescending(entry => entry.Number).Take(Limit).ToListAsync(ct);
    }

    // Days are found by their own index, and then bound the numbers: every page is read off an index of numbers, and
    // reads nothing of other days.
    private async Task<IQueryable<AuditEntry>> OfDaysAsync(MooringDb db, CancellationToken ct)
    {
        var rows = db.AuditEntries.AsNoTracking();
        if (From is { } first)
        {
            var from = Clock.StartOf(first);
            var number = await db.AuditEntries.Where(entry => entry.At >= from)
                .OrderBy(entry => entry.At)
                .Select(entry => entry.Number)
                .FirstOrDefaultAsync(ct);
            var least = number - NumbersOutOfOrderMost;
            rows = number == 0
                ? rows.Where(entry => entry.Number < 0)
                : rows.Where(entry => entry.At >= from && entry.Number >= least);
        }

        if (To is { } last)
        {
            var end = Clock.StartOf(last.AddDays(1));
            var number = await db.AuditEntries.Where(entry => entry.At < end)
                .OrderByDescending(entry => entry.At)
                .Select(entry => entry.Number)
                .FirstOrDefaultAsync(ct);
            var most = number + NumbersOutOfOrderMost;
            rows = number == 0
                ? rows.Where(entry => entry.Number < 0)
                : rows.Where(entry => entry.At < end && entry.Number <= most);
        }

        return rows;
    }
}
