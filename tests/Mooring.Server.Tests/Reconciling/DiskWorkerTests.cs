using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Mooring.Providers;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Reconciling;

/// <summary>One step of a disk: read, call, write, with all that may happen meanwhile.</summary>
public abstract class DiskWorkerTests(Backend backend) : StoreTest(backend)
{
    private static readonly TimeSpan Ceiling = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Claim = TimeSpan.FromHours(1);
    private readonly ScriptedDisks _disks = new();
    private DiskWorker? _worker;

    private DiskWorker Worker => _worker ??= NewWorker();

    [Fact]
    public async Task A_new_disk_becomes_active_in_one_step()
    {
        var (disk, token) = await ClaimNewAsync();

        (await Worker.StepAsync(disk.Id.Value, token, false, Ct)).ShouldBeFalse();

        var after = await ReadAsync(disk);
        (after.Status, after.DueAt, after.ClaimToken, after.ClaimUntil)
            .ShouldBe((DiskStatus.Active, (DateTimeOffset?)null, (string?)null, (DateTimeOffset?)null));
        _disks.Disks.Keys.ShouldBe([disk.RemoteName]);
    }

    [Fact]
    public async Task The_answer_of_a_lost_claim_is_dropped()
    {
        var (disk, token) = await ClaimNewAsync();
        var gate = _disks.Calls.Hold("EnsureCreated");
        var step = Worker.StepAsync(disk.Id.Value, token, false, Ct);
        await Eventually.EndsAsync(gate.Reached);
        await Store.Database.WriteAsync(
            (db, ct) => db.Disks.ExecuteUpdateAsync(
                set => set.SetProperty(row => row.ClaimUntil, Store.Time.Now()), ct), Ct);
        var (second, ids) = await Store.ClaimsOn("disks").TakeAsync(1, Claim, Ct);
        ids.ShouldBe([disk.Id.Value]);
        var held = await ReadAsync(disk);

        gate.Open();

        (await Eventually.EndsAsync(step)).ShouldBeFalse();
        (await ReadAsync(disk)).ShouldBe(held);
        // Whoever is next reads back what the call did: one disk, and no other.
        _disks.Calls.Heal("EnsureCreated");
        await Worker.StepAsync(disk.Id.Value, second, false, Ct);
        (await ReadAsync(disk)).Status.ShouldBe(DiskStatus.Active);
        _disks.Disks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_step_under_a_token_that_holds_no_more_asks_nothing()
    {
        var (disk, _) = await ClaimNewAsync();

        (await Worker.StepAsync(disk.Id.Value, "an old token", false, Ct)).ShouldBeFalse();

        _disks.Calls.Made.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_call_is_made_inside_a_transaction()
    {
        var (disk, token) = await ClaimNewAsync();
        var openTransactions = -1;
        _disks.Calls.On("EnsureCreated", async _ =>
        {
            // On SQLite a write inside of the queue's transaction would wait for itself for ever.
            await Eventually.EndsAsync(Store.AddAsync(Sample.Disk(Store)));
            openTransactions = Backend == Backend.Sqlite ? 0 : await IdleInTransactionAsync();
        });

        await Worker.StepAsync(disk.Id.Value, token, false, Ct);

        openTransactions.ShouldBe(0);
        (await ReadAsync(disk)).Status.ShouldBe(DiskStatus.Active);
    }

    [Fact]
    public async Task A_disk_that_is_renamed_during_the_call_keeps_its_new_name_and_takes_the_answer()
    {
        var (disk, token) = await ClaimNewAsync();
        _disks.Calls.On("EnsureCreated", _ => ChangeAsync(disk, now => now.Rename("renamed", Store.Time.Now())));

        await Worker.StepAsync(disk.Id.Value, token, false, Ct);

        var after = await ReadAsync(disk);
        (after.Name, after.Status, after.DueAt).ShouldBe(("renamed", DiskStatus.Active, null));
    }

    [Fact]
    public async Task A_disk_that_is_deleted_during_its_creation_ends_with_nothing_at_the_provider()
    {
        var (disk, token) = await ClaimNewAsync();
        _disks.Calls.On("EnsureCreated", _ => ChangeAsync(
            disk, now => now.Delete([], new DiskLimits(), Store.Time.Now()).Value));

        var steps = 0;
        while (await Worker.StepAsync(disk.Id.Value, token, false, Ct))
        {
            (++steps).ShouldBeLessThan(10);
        }

        (await ReadAsync(disk)).Status.ShouldBe(DiskStatus.Terminated);
        _disks.Disks.ShouldBeEmpty();
        _disks.Calls.Made.ShouldBe([$"EnsureCreated {disk.RemoteName}", $"EnsureDeleted {disk.RemoteName}"]);
    }

    [Fact]
    public async Task Failures_are_put_off_further_each_time_and_told_once()
    {
        var (disk, token) = await ClaimNewAsync();
        _disks.Calls.Fail("EnsureCreated", () => new UnreachableException("no route"));
        var delays = new List<TimeSpan>();

        for (var attempt = 1; attempt <= 12; attempt++)
        {
            (await Worker.StepAsync(disk.Id.Value, token, false, Ct)).ShouldBeFalse();
            var after = await ReadAsync(disk);
            after.Attempt.ShouldBe(attempt);
            after.Reason.ShouldBe("no route");
            delays.Add(after.DueAt!.Value - await DueClockAsync());
            await ClaimAgainAsync(disk, token);
        }

        // Full jitter: any one may be short, but each is within its bound, and the bounds grow up to the ceiling.
        delays.Select((delay, attempt) => delay <= TimeSpan.FromMilliseconds(400 * Math.Pow(2, attempt)))
            .ShouldAllBe(isWithin => isWithin);
        delays.ShouldAllBe(delay => delay > TimeSpan.Zero && delay <= Ceiling);
        delays.Max().ShouldBeGreaterThan(TimeSpan.FromSeconds(10));
        (await Store.ReadAsync(db => db.Events.CountAsync(one => one.What == Happened.StepFailed, Ct))).ShouldBe(1);
    }

    [Fact]
    public async Task A_wait_that_the_provider_asks_for_is_kept_exactly()
    {
        var (disk, token) = await ClaimNewAsync();
        _disks.Calls.Fail("EnsureCreated", () => new ThrottledException("slow down", TimeSpan.FromSeconds(90)));

        await Worker.StepAsync(disk.Id.Value, token, false, Ct);

        (await ReadAsync(disk)).DueAt.ShouldBe((await DueClockAsync()).AddSeconds(90));
    }

    [Fact]
    public async Task A_back_off_does_not_outlast_the_deadline()
    {
        var (disk, token) = await ClaimNewAsync();
        Store.Time.Advance(new DiskLimits().Provisioning - TimeSpan.FromMilliseconds(10));
        _disks.Calls.Fail("EnsureCreated", () => new UnreachableException("no route"));

        await Worker.StepAsync(disk.Id.Value, token, false, Ct);

        var left = disk.Deadline!.Value - Store.Time.Now();
        (await ReadAsync(disk)).DueAt!.Value.ShouldBeLessThanOrEqualTo(await DueClockAsync() + left);
    }

    [Fact]
    public async Task A_step_that_is_put_off_ends_its_claim_as_one_cut_off_and_is_due_later()
    {
        var (disk, token) = await ClaimNewAsync();

        await Worker.PutOffAsync(disk.Id.Value, token, Ct);

        var after = await ReadAsync(disk);
        DateTimeOffset? now = Store.Time.Now();
        (after.Status, after.ClaimToken, after.ClaimUntil, after.DueAt)
            .ShouldBe((DiskStatus.Provisioning, token, now, await DueClockAsync() + Ceiling));
    }

    [Fact]
    public async Task A_last_step_gives_its_claim_back_although_more_is_to_be_done()
    {
        var (disk, token) = await ClaimNewAsync();
        _disks.Calls.On("EnsureCreated", _ => ChangeAsync(
            disk, now => now.Delete([], new DiskLimits(), Store.Time.Now()).Value));

        (await Worker.StepAsync(disk.Id.Value, token, true, Ct)).ShouldBeFalse();

        var after = await ReadAsync(disk);
        (after.Status, after.ClaimToken, after.DueAt)
            .ShouldBe((DiskStatus.Deleting, (string?)null, (DateTimeOffset?)await DueClockAsync()));
    }

    private async Task<(Disk Disk, string Token)> ClaimNewAsync()
    {
        var disk = await Store.Database.WriteAsync(
            (db, ct) => db.WriteAsync(Disk.Accept(Sample.Disk(Store), new DiskLimits()), null, ct), Ct);
        var (token, ids) = await Store.ClaimsOn("disks").TakeAsync(1, Claim, Ct);
        ids.ShouldBe([disk.Id.Value]);
        return (disk, token);
    }

    private Task<int> ClaimAgainAsync(Disk disk, string token) => Store.Database.WriteAsync(
        (db, ct) => db.Disks.Where(row => row.Id == disk.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.ClaimToken, token)
                .SetProperty(row => row.ClaimUntil, Store.Time.Now() + Claim),
            ct),
        Ct);

    private Task ChangeAsync(Disk disk, Func<Disk, DiskChange> change) => Store.Database.WriteAsync(
        async (db, ct) =>
        {
            var now = await db.Disks.AsNoTracking().SingleAsync(row => row.Id == disk.Id, ct);
            await db.WriteAsync(change(now), null, ct);
        },
        Ct);

    // PostgreSQL's own clock, as far as the test's stands still; the test's on SQLite.
    private Task<DateTimeOffset> DueClockAsync() =>
        Store.Database.WriteAsync((db, _) => Task.FromResult(db.DueClock), Ct);

    private Task<Disk> ReadAsync(Disk disk) =>
        Store.ReadAsync(db => db.Disks.AsNoTracking().SingleAsync(row => row.Id == disk.Id, Ct));

    private Task<int> IdleInTransactionAsync() => Store.ReadAsync(db => db.Database
        .SqlQuery<int>($"""
            SELECT count(*)::int AS "Value" FROM pg_stat_activity
            WHERE datname = current_database() AND state LIKE 'idle in transaction%'
            """)
        .SingleAsync(Ct));

    private DiskWorker NewWorker()
    {
        var registry = new ProviderRegistry();
        registry.Fill([new Provider(Sample.ProviderAccount, ScriptedDisks.Type, _disks, null)]);
        return new DiskWorker(
            Store.Database,
            registry,
            new ProviderCall(Store.Time, NullLogger<ProviderCall>.Instance),
            new DiskLimits(),
            new BackOff(new Random(3), TimeSpan.FromMilliseconds(200), Ceiling),
            Store.Time,
            NullLogger<DiskWorker>.Instance);
    }
}

public sealed class SqliteDiskWorkerTests() : DiskWorkerTests(Backend.Sqlite);

public sealed class PostgresDiskWorkerTests() : DiskWorkerTests(Backend.PostgreSql);
