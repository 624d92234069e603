using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Providers;
using Mooring.Server.Ledger;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Ledger;

/// <summary>The auditor finds what differs from the events, and nothing where nothing does.</summary>
public abstract class LedgerAuditTests(Backend backend) : IAsyncLifetime
{
    private const string Route = "/api/mooring/v1/audit/ledger";
    private TestMooring? _mooring;

    private TestMooring Mooring => _mooring!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync(backend: backend);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task A_ledger_that_is_right_is_left_alone_and_all_of_it_is_compared()
    {
        var (disk, pod) = await LiveAsync();
        var events = await Mooring.ReadAsync(db => db.Events.CountAsync(Ct));
        var spans = await Mooring.ReadAsync(db => db.UsageSpans.CountAsync(Ct));

        var audit = (await Mooring.SendAsync("GET", Route)).ShouldBe(200);

        audit.ShouldBeJson(
            $$"""
            {"at":"{{audit.Object["at"]}}","resources":3,"events":{{events}},"usageSpans":{{spans}},"wallets":1,
             "totalCount":0,"differences":[]}
            """);
        disk.ShouldNotBe(pod);
    }

    [Theory]
    [InlineData("UPDATE usage_spans SET price_hr = price_hr + 1", "is not what its history says")]
    [InlineData("UPDATE usage_spans SET \"from\" = \"from\" - 1", "is not what its history says")]
    [InlineData("UPDATE usage_spans SET \"to\" = \"to\" + 1 WHERE \"to\" IS NOT NULL", "is not what its history says")]
    [InlineData("DELETE FROM usage_spans", "0 usage spans stored")]
    [InlineData("UPDATE usage_spans SET wallet_id = 'somebody'", "The balance of wallet somebody is")]
    [InlineData("UPDATE usage_spans SET account_id = 'somebody'", "is not what its history says")]
    [InlineData("UPDATE usage_spans SET kind = 'Pod'", "is not what its history says")]
    [InlineData("UPDATE wallets SET credit_usd = credit_usd + 1", "keeps a credit of 101 USD")]
    [InlineData("DELETE FROM credit_entries", "add up to 0 USD, and by its events it is 100 USD")]
    [InlineData(
        "DELETE FROM credit_entries; UPDATE wallets SET credit_usd = 0", "keeps a credit of 0 USD, and by its events")]
    [InlineData("DELETE FROM events", "by its 0 events")]
    [InlineData("DELETE FROM attachments; DELETE FROM disks", "has a history and no row")]
    [InlineData("DELETE FROM events; DELETE FROM usage_spans", "has a row and no history")]
    [InlineData("UPDATE disks SET stopped_price_hr = stopped_price_hr * 2", "billed at")]
    [InlineData("UPDATE events SET at = at - 3600000000 WHERE what = 'Ready'", "time runs backwards")]
    public async Task What_differs_is_told_and_logged_with_its_id(string sql, string words)
    {
        await LiveAsync();
        var wallet = (await Mooring.SendAsync("GET", "/api/mooring/v1/wallets/")).ShouldBe(200)
            .Object["data"]![0]!["id"]!.GetValue<string>();
        (await Mooring.SendAsync(
            "POST", $"/api/mooring/v1/wallets/{wallet}/credits", """{"amountUsd":100,"reference":"invoice"}"""))
            .ShouldBe(201);
        (await Mooring.SendAsync("GET", Route)).ShouldBe(200).Object["totalCount"]!.GetValue<int>().ShouldBe(0);
        await Mooring.Database.WriteAsync((db, ct) => db.Database.ExecuteSqlRawAsync(sql, ct), Ct);

        var audit = (await Mooring.SendAsync("GET", Route)).ShouldBe(200).Object;

        var told = audit["differences"]!.AsArray().Select(one => (
            Id: one!["id"]!.GetValue<string>(), Words: one["words"]!.GetValue<string>())).ToList();
        audit["totalCount"]!.GetValue<int>().ShouldBe(told.Count);
        var found = told.First(one => one.Words.Contains(words, StringComparison.Ordinal));
        found.Words.ShouldContain(found.Id);
        Mooring.Log.All.ShouldContain(line =>
            line.Contains($"differs from its events at {found.Id}: {found.Words}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_rounded_sums_do_not_show_is_told_by_the_first_span_that_differs()
    {
        var disk = await Mooring.CreateDiskAsync("data", size: 500);
        Mooring.Time.Advance(TimeSpan.FromMinutes(10));
        await Mooring.Database.WriteAsync(
            (db, ct) => db.Database.ExecuteSqlRawAsync(
                "UPDATE usage_spans SET price_hr = price_hr + 1 WHERE price_hr > 0", ct),
            Ct);

        var audit = (await Mooring.SendAsync("GET", Route)).ShouldBe(200).Object;

        var words = audit["differences"]!.AsArray().Select(one => one!["words"]!.GetValue<string>()).ToList();
        var bill = words.Find(one => one.StartsWith($"The bill of {disk} is", StringComparison.Ordinal));
        bill.ShouldNotBeNull();
        bill.ShouldContain("0.0125 USD until now, 0.0125 by its events.");
        bill.ShouldContain(
            "The first that differs: stored from 2025-11-07 21:07:15.183000Z to now at 0.075000000001 USD an hour by ");
        bill.ShouldContain("; by its events from 2025-11-07 21:07:15.183000Z to now at 0.075 USD an hour by ");
        words.ShouldContain(one => one.EndsWith(
            "is -0.0125 USD, and -0.0125 by the events of what it pays. They differ by less than the last digit.",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_resources_and_long_histories_are_read_in_portions_and_none_is_left_out()
    {
        const int Many = 2 * Portions<ResourceEvent>.Size;
        var wallet = new WalletId("wallet");
        await Mooring.Database.WriteAsync(
            (db, _) =>
            {
                // One resource whose events are more than a portion, and more resources than one has.
                db.Events.AddRange(Enumerable.Range(0, Many + 3).Select(n => Event("00", n, n % 2 == 0 ? 1 : null)));
                db.UsageSpans.AddRange(Enumerable.Range(0, Many + 3)
                    .Where(n => n % 2 == 0)
                    .Select(n => Span("00", n, n == Many + 2 ? null : n + 1)));
                db.Events.AddRange(Enumerable.Range(1, Many + 5).Select(n => Event($"{n:x8}", n, 1)));
                db.UsageSpans.AddRange(Enumerable.Range(1, Many + 5)
                    .Where(n => n != Portions<ResourceEvent>.Size)
                    .Select(n => Span($"{n:x8}", n, null)));
                return Task.CompletedTask;
            },
            Ct);

        var audit = (await Mooring.SendAsync("GET", Route)).ShouldBe(200).Object;

        // None has a row; one lacks its span as well, and so does the balance.
        audit["resources"]!.GetValue<int>().ShouldBe(Many + 6);
        audit["events"]!.GetValue<int>().ShouldBe((2 * Many) + 8);
        audit["totalCount"]!.GetValue<int>().ShouldBe(Many + 6 + 1 + 1);
        audit["differences"]!.AsArray().Count.ShouldBe(100);

        ResourceEvent Event(string id, int second, int? usd) => new()
        {
            Kind = ResourceKind.Disk,
            ResourceId = id,
            AccountId = new AccountId("account"),
            WalletId = wallet,
            At = TestMooring.Start.AddDays(-1).AddSeconds(second),
            What = Happened.Ready,
            Status = "ACTIVE",
            Rate = usd is { } price ? Money.FromUsd(price) : null,
        };

        UsageSpan Span(string id, int from, int? to) => new()
        {
            Kind = ResourceKind.Disk,
            ResourceId = id,
            AccountId = new AccountId("account"),
            WalletId = wallet,
            From = TestMooring.Start.AddDays(-1).AddSeconds(from),
            To = to is { } second ? TestMooring.Start.AddDays(-1).AddSeconds(second) : null,
            PriceHr = Money.FromUsd(1),
            Cause = Happened.Ready,
        };
    }

    [Fact]
    public async Task It_is_done_once_a_day_by_one_server_and_made_up_for_where_it_was_missed()
    {
        var auditor = Mooring.Services.GetRequiredService<LedgerAuditor>();

        // 21:07: the installation is younger than the last time of day when one was due.
        (await auditor.RunIfDueAsync(Ct)).ShouldBeFalse();
        Mooring.Time.AdjustTime(new DateTimeOffset(2025, 11, 8, 3, 29, 59, TimeSpan.Zero));
        (await auditor.RunIfDueAsync(Ct)).ShouldBeFalse();
        Mooring.Time.AdjustTime(new DateTimeOffset(2025, 11, 8, 3, 30, 0, TimeSpan.Zero));
        var both = await Task.WhenAll(auditor.RunIfDueAsync(Ct), auditor.RunIfDueAsync(Ct));
        both.ShouldBe([true, false], ignoreOrder: true);
        Mooring.Time.AdjustTime(new DateTimeOffset(2025, 11, 9, 3, 0, 0, TimeSpan.Zero));
        (await auditor.RunIfDueAsync(Ct)).ShouldBeFalse();
        // Nobody ran for days.
        Mooring.Time.AdjustTime(new DateTimeOffset(2025, 11, 14, 1, 0, 0, TimeSpan.Zero));
        (await auditor.RunIfDueAsync(Ct)).ShouldBeTrue();
        (await auditor.RunIfDueAsync(Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task One_that_fails_is_tried_again_and_one_whose_server_died_is_taken_by_another_an_hour_later()
    {
        var auditor = Mooring.Services.GetRequiredService<LedgerAuditor>();
        Mooring.Time.AdjustTime(new DateTimeOffset(2025, 11, 8, 3, 30, 0, TimeSpan.Zero));
        await ChangeAsync("ALTER TABLE credit_entries RENAME TO out_of_reach");
        (await Record.ExceptionAsync(() => auditor.RunIfDueAsync(Ct))).ShouldNotBeNull();
        await ChangeAsync("ALTER TABLE out_of_reach RENAME TO credit_entries");

        (await auditor.RunIfDueAsync(Ct)).ShouldBeTrue();
        (await auditor.RunIfDueAsync(Ct)).ShouldBeFalse();

        Mooring.Time.AdjustTime(new DateTimeOffset(2025, 11, 9, 3, 30, 0, TimeSpan.Zero));
        var inAnHour = Clock.ToMicroseconds(Mooring.Time.Now().AddHours(1));
        await ChangeAsync($"UPDATE installation SET ledger_audit_taken_until = {inAnHour}");
        (await auditor.RunIfDueAsync(Ct)).ShouldBeFalse();
        // No timer goes off, as the server itself would be quicker.
        Mooring.Time.AdjustTime(Mooring.Time.GetUtcNow().AddHours(1));
        (await auditor.RunIfDueAsync(Ct)).ShouldBeTrue();

        Task ChangeAsync(string sql) =>
            Mooring.Database.WriteAsync((db, ct) => db.Database.ExecuteSqlRawAsync(sql, ct), Ct);
    }

    [Fact]
    public async Task A_server_audits_by_itself_when_the_time_of_day_has_come()
    {
        await Mooring.CreateDiskAsync();
        using var gauges = new Gauges(Mooring.Services.GetRequiredService<IMeterFactory>());
        gauges.Read().ShouldBeEmpty();

        await Eventually.HoldsAsync(
            () =>
            {
                // It looks every five minutes, from whenever it was started.
                Mooring.Time.Advance(TimeSpan.FromMinutes(5));
                return Task.FromResult(gauges.Read().Count == 3);
            },
            "the ledger is audited");

        var read = gauges.Read();
        read["mooring.ledger.audit.differences"].ShouldBe(0);
        read["mooring.ledger.audit.resources"].ShouldBe(1);
        read["mooring.ledger.audit.time"].ShouldBeGreaterThanOrEqualTo(
            new DateTimeOffset(2025, 11, 8, 3, 30, 0, TimeSpan.Zero).ToUnixTimeSeconds());
    }

    // A disk that rests, one that is gone, and an instance: a quarter of an hour between each.
    private async Task<(string Disk, string Pod)> LiveAsync()
    {
        var disk = await Mooring.CreateDiskAsync(size: 500);
        Mooring.Time.Advance(TimeSpan.FromMinutes(15));
        (await Mooring.SendAsync("POST", $"/api/mooring/v1/disks/{disk}/suspend")).ShouldBe(200);
        var gone = await Mooring.CreateDiskAsync(size: 7);
        Mooring.Time.Advance(TimeSpan.FromMinutes(15));
        (await Mooring.DeleteAsync("/disks/" + gone)).ShouldBe(200);
        await Mooring.ShowsAsync("/disks/" + gone, "TERMINATED");
        var pod = await Mooring.CreatePodAsync();
        Mooring.Time.Advance(TimeSpan.FromMinutes(15));
        await Mooring.SettleAsync();
        return (disk, pod);
    }

    private sealed class Gauges : IDisposable
    {
        private readonly ConcurrentDictionary<string, long> _read = [];
        private readonly MeterListener _listener = new();

        public Gauges(IMeterFactory meters)
        {
            var meter = meters.Create(Instruments.MeterName);
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == meter && instrument.Name.StartsWith("mooring.ledger", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>(
                (instrument, value, _, _) => _read[instrument.Name] = value);
            _listener.Start();
        }

        public Dictionary<string, long> Read()
        {
            _listener.RecordObservableInstruments();
            return new Dictionary<string, long>(_read);
        }

        public void Dispose() => _listener.Dispose();
    }
}

public sealed class SqliteLedgerAuditTests() : LedgerAuditTests(Backend.Sqlite);

public sealed class PostgresLedgerAuditTests() : LedgerAuditTests(Backend.PostgreSql);
