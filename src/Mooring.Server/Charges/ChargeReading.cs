using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mooring.Providers;
using Mooring.Providers.Billing;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.ProviderAccounts;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Charges;

/// <summary>What one reading has brought.</summary>
/// <param name="From">The first day read, UTC.</param>
/// <param name="To">The last one.</param>
/// <param name="At">When.</param>
/// <param name="Charges">How many charges these days have.</param>
internal sealed record ChargesRead(DateOnly From, DateOnly To, DateTimeOffset At, int Charges);

/// <summary>
/// Reads once an hour what each provider account charges, day by day. A day that is read again takes the place of what
/// was read before, as bills grow and are corrected; which accounts are due is in the records, so that several servers
/// do it once.
/// </summary>
internal sealed partial class ChargeReading(
    ProviderRegistry providers,
    Database database,
    ProviderCall calls,
    TimeProvider time,
    ILogger<ChargeReading> logger) : PeriodicWork(TimeSpan.FromMinutes(5), time)
{
    private const int DaysReadAgain = 2;
    private const int DaysAtMost = 31;
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);

    // The operator's word and the hour may fall together.
    private readonly Lanes _lanes = new();

    /// <summary>Reads an account's charges now.</summary>
    public Task<Result<ChargesRead>> ReadAsync(ProviderAccountId id, CancellationToken ct) =>
        providers.Find(id) is { Billing: { } billing } provider
            ? _lanes.EnterAsync(id.Value, () => ReadAsync(provider, billing, ct), ct)
            : Task.FromResult<Result<ChargesRead>>(new ProviderTellsNoCharges(id.Value));

    /// <summary>Reads those accounts that were not read within the hour.</summary>
    public async Task RunOnceAsync(CancellationToken ct)
    {
        var telling = providers.All.Where(provider => provider.Billing is not null).Select(one => one.Id).ToList();
        if (telling.Count == 0)
        {
            return;
        }

        var now = Time.Now();
        var before = now - GoodFor;
        await using var db = await database.ReadAsync(ct);
        var due = await db.ProviderAccounts
            .Where(account => telling.Contains(account.Id)
                // In the future, where the clock was set back.
                && (account.ChargesReadAt == null || account.ChargesReadAt < before || account.ChargesReadAt > now))
            .Select(account => account.Id)
            .ToListAsync(ct);
        await Task.WhenAll(due.Select(id => ReadAsync(id, ct)));
    }

    protected override Task DoAsync(CancellationToken ct) => RunOnceAsync(ct);

    protected override void TellFailed(Exception exception) => LogNotStored(exception);

    private async Task<Result<ChargesRead>> ReadAsync(
        Provider provider, IProviderBilling billing, CancellationToken ct)
    {
        var account = await FindAsync(provider.Id, ct);
        var now = Time.Now();
        var today = Clock.DayOf(now);
        var read = 0;
        var first = FirstDay(account, today);
        ProviderFailure? failed = null;
        for (var day = first; day <= today; day = day.AddDays(1))
        {
            var of = day;
            var (charges, failure) = await calls.MakeAsync(
                provider.Type,
                "ListCharges",
                $"provider account {provider.Id}",
                token => billing.ListChargesAsync(of, token),
                ct);
            if (charges is not null)
            {
                await StoreAsync(provider.Id, of, charges, isAll: of == today && failed is null, now, ct);
                read += charges.Count;
                continue;
            }

            failed = failure!;
            if (failed.Kind is FailureKind.Unauthorized or FailureKind.Throttled)
            {
                break;
            }
        }

        if (failed is null)
        {
            return new ChargesRead(first, today, now, read);
        }

        await TellAsync(provider.Id, failed.Words, ct);
        return new ChargesNotRead(failed.Words);
    }

    private static DateOnly FirstDay(ProviderAccount account, DateOnly today)
    {
        DateOnly[] notBefore =
        [
            Clock.DayOf(account.CreatedAt),
            today.AddDays(1 - DaysAtMost),
            account.ChargesReadAt is { } at ? Clock.DayOf(at).AddDays(-DaysReadAgain) : DateOnly.MinValue,
        ];
        var first = notBefore.Max();
        return first > today ? today : first;
    }

    // A day is stored as a whole: its old charges go with the new ones coming, in one transaction.
    private Task StoreAsync(
        ProviderAccountId id,
        DateOnly day,
        IReadOnlyList<Charge> charges,
        bool isAll,
        DateTimeOffset now,
        CancellationToken ct) => database.WriteAsync(
        async (db, token) =>
        {
            // First, so that two servers that read the same account take turns.
            await db.ProviderAccounts.Where(account => account.Id == id).ExecuteUpdateAsync(
                set => set
                    .SetProperty(account => account.ChargesReadAt, account => isAll ? now : account.ChargesReadAt)
                    .SetProperty(account => account.ChargesReason, account => isAll ? null : account.ChargesReason),
                token);
            await db.ProviderCharges
                .Where(charge => charge.ProviderAccountId == id && charge.Day == day)
                .ExecuteDeleteAsync(token);
            var ours = await Ours.FindAsync(db, id, charges, token);
            foreach (var charge in charges)
            {
                var row = new ProviderCharge
                {
                    ProviderAccountId = id,
                    Day = day,
                    Kind = Ours.KindOf(charge),
                    RemoteId = Printable.Of(charge.RemoteId, ProviderChargeTable.LengthMost),
                    Name = charge.Name is { } name ? Printable.Of(name, ProviderChargeTable.LengthMost) : null,
                    ResourceId = ours.IdOf(charge),
                    Amount = charge.Amount,
                };
                await db.InsertAsync(row, token);
            }
        },
        ct);

    private Task<int> TellAsync(ProviderAccountId id, string words, CancellationToken ct) => database.WriteAsync(
        (db, token) => db.ProviderAccounts.Where(account => account.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(account => account.ChargesReason, words), token),
        ct);

    private async Task<ProviderAccount> FindAsync(ProviderAccountId id, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await db.ProviderAccounts.AsNoTracking().SingleAsync(account => account.Id == id, ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What providers charge could not be stored")]
    private partial void LogNotStored(Exception exception);
}
