using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Ledger;

/// <summary>A transition, what it adds to the history and what it does to the bill are one transaction.</summary>
public abstract class HistoryTests(Backend backend) : StoreTest(backend)
{
    private static readonly DiskLimits Limits = new();
    private static readonly TimeSpan Step = TimeSpan.FromMicroseconds(1_234_567);

    [Fact]
    public async Task Each_transition_writes_its_event_and_closes_one_span_where_the_next_begins()
    {
        var accepted = Store.Time.Now();
        var disk = await WriteAsync(Disk.Accept(Sample.Disk(Store), Limits));
        Store.Time.Advance(Step);
        disk = await WriteAsync(DiskLifecycle.Apply(disk, Ready, Limits, Store.Time.Now()));
        Store.Time.Advance(Step);
        disk = await WriteAsync(disk.Delete([], Limits, Store.Time.Now()).Value);

        var events = await Store.ReadAsync(db => db.Events.OrderBy(one => one.Number).ToListAsync(Ct));
        var spans = await Store.ReadAsync(db => db.UsageSpans.OrderBy(span => span.Number).ToListAsync(Ct));
        events.Select(one => (one.What, one.Status, one.At, one.Rate)).ShouldBe(
        [
            (Happened.Created, "PROVISIONING", accepted, Money.Zero),
            (Happened.Ready, "ACTIVE", accepted + Step, disk.PriceHr),
            (Happened.DeleteAccepted, "DELETING", accepted + Step + Step, (Money?)null),
        ]);
        events.ShouldAllBe(one => one.Kind == ResourceKind.Disk && one.ResourceId == disk.Id.Value
            && one.AccountId == disk.AccountId && one.WalletId == disk.WalletId);
        spans.Select(span => (span.From, span.To, span.PriceHr, span.Cause)).ShouldBe(
        [
            (accepted, accepted + Step, Money.Zero, Happened.Created),
            (accepted + Step, (DateTimeOffset?)(accepted + Step + Step), disk.PriceHr, Happened.Ready),
        ]);
    }

    [Fact]
    public async Task A_transition_that_is_undone_leaves_neither_event_nor_span()
    {
        var draft = Sample.Disk(Store);

        await Should.ThrowAsync<InvalidOperationException>(Store.Database.WriteAsync<int>(
            async (db, ct) =>
            {
                await db.WriteAsync(Disk.Accept(draft, Limits), null, ct);
                await db.SaveChangesAsync(ct);
                throw new InvalidOperationException("the machine fails here");
            },
            Ct));

        (await Store.ReadAsync(db => db.Disks.CountAsync(Ct))).ShouldBe(0);
        (await Store.ReadAsync(db => db.Events.CountAsync(Ct))).ShouldBe(0);
        (await Store.ReadAsync(db => db.UsageSpans.CountAsync(Ct))).ShouldBe(0);
    }

    [Fact]
    public async Task A_span_whose_closing_is_undone_stays_open()
    {
        var disk = await WriteAsync(Disk.Accept(Sample.Disk(Store), Limits));
        var ready = DiskLifecycle.Apply(disk, Ready, Limits, Store.Time.Now());
        await WriteAsync(disk.Rename("first come", Store.Time.Now()));

        await Should.ThrowAsync<DbUpdateConcurrencyException>(WriteAsync(ready));

        var span = await Store.ReadAsync(db => db.UsageSpans.SingleAsync(Ct));
        (span.To, span.PriceHr).ShouldBe(((DateTimeOffset?)null, Money.Zero));
    }

    [Fact]
    public async Task A_resource_is_never_billed_twice_at_once()
    {
        await WriteAsync(Disk.Accept(Sample.Disk(Store), Limits));
        var open = await Store.ReadAsync(db => db.UsageSpans.AsNoTracking().SingleAsync(Ct));

        await Should.ThrowAsync<DbUpdateException>(Store.AddAsync(open with { Number = 0, Cause = Happened.Ready }));

        (await Store.ReadAsync(db => db.UsageSpans.CountAsync(Ct))).ShouldBe(1);
    }

    [Fact]
    public async Task A_change_that_moves_no_price_leaves_the_span_alone()
    {
        var disk = await WriteAsync(Disk.Accept(Sample.Disk(Store), Limits));
        var before = await Store.ReadAsync(db => db.UsageSpans.AsNoTracking().SingleAsync(Ct));
        Store.Time.Advance(Step);

        await WriteAsync(disk.Rename("another name", Store.Time.Now()));

        (await Store.ReadAsync(db => db.UsageSpans.AsNoTracking().SingleAsync(Ct))).ShouldBe(before);
        (await Store.ReadAsync(db => db.Events.CountAsync(Ct))).ShouldBe(2);
    }

    private static DiskAnswer.Saw Ready =>
        new(DiskCall.EnsureCreated, new DiskObservation(RemoteDiskState.Ready, "remote"));

    private Task<Disk> WriteAsync(DiskChange change) =>
        Store.Database.WriteAsync((db, ct) => db.WriteAsync(change, null, ct), Ct);
}

public sealed class SqliteHistoryTests() : HistoryTests(Backend.Sqlite);

public sealed class PostgresHistoryTests() : HistoryTests(Backend.PostgreSql);
