using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mooring.Contract.Native;
using Mooring.Server.Persistence;

namespace Mooring.Server.Ledger;

/// <summary>
/// Has the ledger audited once a day, and whenever it is asked to: one audit at a time here, and of several servers the
/// one that is first has this day's for itself. One that fails is tried again, one whose server dies is another's an
/// hour later, and one that was missed, as no server ran, is made up for.
/// </summary>
internal sealed partial class LedgerAuditor : PeriodicWork
{
    private const int ToldAtMost = 100;
    private const int LoggedAtMost = 1_000;

    // Longer than an audit takes; where one takes longer two may run at once, which harms nothing.
    private static readonly TimeSpan TakenFor = TimeSpan.FromHours(1);

    private readonly Database _database;
    private readonly TimeOnly? _hour;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _auditing = new(1);
    private volatile LedgerAudit? _last;

    public LedgerAuditor(
        Database database,
        TimeProvider time,
        MooringOptions options,
        IMeterFactory meters,
        ILogger<LedgerAuditor> logger)
        : base(TimeSpan.FromMinutes(5), time)
    {
        _database = database;
        _hour = options.LedgerAuditAt;
        _logger = logger;
        var meter = meters.Create(Instruments.MeterName);
        meter.CreateObservableGauge(
            "mooring.ledger.audit.differences", () => Of(audit => audit.TotalCount), "{difference}",
            "What the last audit of this process found.");
        meter.CreateObservableGauge(
            "mooring.ledger.audit.resources", () => Of(audit => audit.Resources), "{resource}",
            "How many disks and pods it compared.");
        meter.CreateObservableGauge(
            "mooring.ledger.audit.time", () => Of(audit => audit.At.ToUnixTimeSeconds()), "s",
            "When it was, in seconds since 1970.");
    }

    /// <summary>Audits now, one consistent state of the records.</summary>
    public async Task<LedgerAudit> RunAsync(CancellationToken ct)
    {
        await _auditing.WaitAsync(ct);
        try
        {
            await using var snapshot = await Snapshot.TakeAsync(_database, ct);
            var now = Time.Now();
            var audit = new BillAudit(snapshot.Db, now);
            List<LedgerDifference> told = [];
            long count = 0;
            await foreach (var finding in audit.FindingsAsync(ct))
            {
                if (++count <= LoggedAtMost)
                {
                    LogDiffers(finding.Id, finding.Words);
                }

                if (count <= ToldAtMost)
                {
                    told.Add(new LedgerDifference(finding.Id, finding.Words));
                }
            }

            LogAudited(audit.Resources, audit.Events, audit.Wallets, count);
            return _last = new LedgerAudit
            {
                At = now,
                Resources = audit.Resources,
                Events = audit.Events,
                UsageSpans = audit.Spans,
                Wallets = audit.Wallets,
                TotalCount = count,
                Differences = told,
            };
        }
        finally
        {
            _auditing.Release();
        }
    }

    /// <summary>Audits if the day's audit is due and no other server has taken it.</summary>
    /// <returns>Whether it was audited.</returns>
    public async Task<bool> RunIfDueAsync(CancellationToken ct)
    {
        var now = Time.Now();
        if (_hour is not { } hour || !await TakeAsync(LastDue(hour, now), now, ct))
        {
            return false;
        }

        try
        {
            await RunAsync(ct);
        }
        catch
        {
            // Also where this server stops: another needn't wait.
            await LetGoAsync(null);
            throw;
        }

        await LetGoAsync(now);
        return true;
    }

    public override void Dispose()
    {
        _auditing.Dispose();
        base.Dispose();
    }

    protected override Task DoAsync(CancellationToken ct) => RunIfDueAsync(ct);

    protected override void TellFailed(Exception exception) => LogNotAudited(exception);

    private static DateTimeOffset LastDue(TimeOnly hour, DateTimeOffset now)
    {
        var today = Clock.StartOf(Clock.DayOf(now)) + hour.ToTimeSpan();
        return today <= now ? today : today.AddDays(-1);
    }

    // What began after the hour has nothing to be audited yet.
    private async Task<bool> TakeAsync(DateTimeOffset due, DateTimeOffset now, CancellationToken ct)
    {
        var until = now + TakenFor;
        return await _database.WriteAsync(
            (db, token) => db.Installations
                .Where(one => (one.LedgerAuditedAt ?? one.CreatedAt) < due
                    && (one.LedgerAuditTakenUntil == null
                        || one.LedgerAuditTakenUntil <= now
                        // By a clock that was far ahead.
                        || one.LedgerAuditTakenUntil > until))
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.LedgerAuditTakenUntil, until), token),
            ct) > 0;
    }

    private Task<int> LetGoAsync(DateTimeOffset? audited) => _database.WriteAsync(
        (db, token) => db.Installations.ExecuteUpdateAsync(
            set => set
                .SetProperty(one => one.LedgerAuditTakenUntil, (DateTimeOffset?)null)
                .SetProperty(one => one.LedgerAuditedAt, one => audited ?? one.LedgerAuditedAt),
            token),
        CancellationToken.None);

    private IEnumerable<Measurement<long>> Of(Func<LedgerAudit, long> part) =>
        _last is { } audit ? [new Measurement<long>(part(audit))] : [];

    [LoggerMessage(Level = LogLevel.Error, Message = "The ledger differs from its events at {Id}: {Words}")]
    private partial void LogDiffers(string id, string words);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Audited the ledger: {Resources} disks and pods, {Events} events, {Wallets} wallets; "
            + "{Differences} differences")]
    private partial void LogAudited(long resources, long events, long wallets, long differences);

    [LoggerMessage(Level = LogLevel.Error, Message = "The ledger could not be audited; it is tried again")]
    private partial void LogNotAudited(Exception exception);
}
