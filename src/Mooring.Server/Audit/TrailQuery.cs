using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;

namespace Mooring.Server.Audit;

/// <summary>Which entries of the audit trail are wanted, newest first.</summary>
internal sealed record TrailQuery
{
    /// <summary>Days at the most that are looked through for an address alone.</summary>
    public const int DaysOfAddressMost = 31;

    /// <summary>The public prefix of a key.</summary>
    public string? KeyPrefix { get; init; }

    /// <summary>
    /// Where it came from, as it is stored. No index has it: the key, the user, the target or days bound what is looked
    /// through.
    /// </summary>
    public string? Address { get; init; }

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

    /// <summary>Whether so few entries come into question that each may be looked at for its address.</summary>
    /// <param name="today">UTC: the last day, where none is given.</param>
    public bool IsNarrow(DateOnly today) => KeyPrefix is not null || UserId is not null || Target is not null
        || (From is { } from && (To ?? today).DayNumber - from.DayNumber < DaysOfAddressMost);

    public async Task<List<AuditEntry>> PageAsync(Database database, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var rows = await OfDaysAsync(database, db, ct);
        rows = KeyPrefix is { } key ? rows.Where(entry => entry.KeyPrefix == key) : rows;
        rows = Address is { } address ? rows.Where(entry => entry.Address == address) : rows;
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

    // Days bound the numbers: every page is read off an index of numbers, and reads nothing of other days.
    private async Task<IQueryable<AuditEntry>> OfDaysAsync(Database database, MooringDb db, CancellationToken ct)
    {
        var rows = db.AuditEntries.AsNoTracking();
        if (From is { } first)
        {
            var from = Clock.StartOf(first);
            var least = await TrailDays.LastBeforeAsync(database, from, ct) - TrailDays.NumbersOutOfOrderMost;
            rows = rows.Where(entry => entry.At >= from && entry.Number >= least);
        }

        if (To is { } last)
        {
            var end = Clock.StartOf(last.AddDays(1));
            var most = await TrailDays.LastBeforeAsync(database, end, ct) + TrailDays.NumbersOutOfOrderMost;
            rows = rows.Where(entry => entry.At < end && entry.Number <= most);
        }

        return rows;
    }
}
