using Microsoft.EntityFrameworkCore;
using Mooring.Server.Disks;
using Mooring.Server.Inventory;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Tests.Persistence;

/// <summary>What is due at once is claimed at once, whatever a clock was set to in between.</summary>
public abstract class DueClockTests(Backend backend) : StoreTest(backend)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_row_that_is_due_at_once_is_claimed_at_once_after_the_clock_was_set(int hours)
    {
        // The database's clock goes right, this process's did until now.
        Store.Time.AdjustTime(TimeProvider.System.GetUtcNow());
        var disk = Sample.Disk(Store) with { Status = DiskStatus.Active };
        await Store.AddAsync(disk);

        Store.Time.AdjustTime(Store.Time.GetUtcNow().AddHours(hours));
        var suspended = await WriteAsync(disk.Suspend([], Store.Time.Now()).Value);
        var written = await WriteAsync(
            DiskChange.Of(suspended, suspended, Due.AtOnce, new Happening(Happened.Retried, null)));

        written.UpdatedAt.ShouldBe(Clock.Later(disk.UpdatedAt, Store.Time.Now()), "its own time is held");
        (await Store.ClaimsOn("disks").TakeAsync(10, Long, Ct)).Ids.ShouldBe([disk.Id.Value]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task So_is_what_a_signal_or_the_inventory_makes_due(int hours)
    {
        Store.Time.AdjustTime(TimeProvider.System.GetUtcNow());
        var pod = Sample.Pod(Store);
        var disk = Sample.Disk(Store);
        await Store.AddAsync(pod, disk);

        Store.Time.AdjustTime(Store.Time.GetUtcNow().AddHours(hours));
        await DueNow.HearAsync(Store.Database, pod.RemoteName, Ct);
        await DueNow.MakeAsync(Store.Database, [disk.RemoteName], WorkKinds.Disks, Ct);

        (await Store.ClaimsOn("pods").TakeAsync(10, Long, Ct)).Ids.ShouldBe([pod.Id.Value]);
        (await Store.ClaimsOn("disks").TakeAsync(10, Long, Ct)).Ids.ShouldBe([disk.Id.Value]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_retry_after_seconds_comes_after_seconds(int hours)
    {
        Store.Time.AdjustTime(TimeProvider.System.GetUtcNow());
        var disk = Sample.Disk(Store) with { Status = DiskStatus.Provisioning, Attempt = 3 };
        await Store.AddAsync(disk);

        Store.Time.AdjustTime(Store.Time.GetUtcNow().AddHours(hours));
        await Store.Database.WriteAsync(
            (db, ct) => db.WriteAsync(
                DiskChange.Of(disk, disk, new Due.BackOff(null)), (_, _, now) => now.AddSeconds(-1), ct),
            Ct);

        (await Store.ClaimsOn("disks").TakeAsync(10, Long, Ct)).Ids.ShouldBe([disk.Id.Value]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task What_waits_for_a_point_in_time_or_backs_off_is_not_due_before_it(int hours)
    {
        Store.Time.AdjustTime(TimeProvider.System.GetUtcNow().AddHours(hours));
        var (waits, backsOff) = (Sample.Disk(Store), Sample.Disk(Store));
        await Store.AddAsync(waits, backsOff);
        var (soon, deadline) = (Store.Time.Now().AddMinutes(10), Store.Time.Now().AddMinutes(30));

        await WriteAsync(DiskChange.Of(waits, waits, new Due.At(soon)));
        await Store.Database.WriteAsync(
            (db, ct) => db.WriteAsync(
                DiskChange.Of(backsOff, backsOff, new Due.BackOff(deadline)),
                (due, _, now) => now.AddHours(5) < due.NoLaterThan ? now.AddHours(5) : due.NoLaterThan!.Value,
                ct),
            Ct);

        (await Store.ClaimsOn("disks").TakeAsync(10, Long, Ct)).Ids.ShouldBeEmpty("a clock's fault makes no hurry");
        (await Store.ClaimsOn("disks").UntilNextDueAsync(Ct))!.Value
            .ShouldBe(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Times_that_follow_one_another_are_told_apart()
    {
        Store.Time.AdjustTime(TimeProvider.System.GetUtcNow());
        var first = await DueClockAsync();
        Store.Time.Advance(TimeSpan.FromSeconds(30));

        (await DueClockAsync()).ShouldBe(first + TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5));
    }

    private Task<DateTimeOffset> DueClockAsync() =>
        Store.Database.WriteAsync((db, _) => Task.FromResult(db.DueClock), Ct);

    private Task<Disk> WriteAsync(DiskChange change) =>
        Store.Database.WriteAsync((db, ct) => db.WriteAsync(change, null, ct), Ct);
}

public sealed class SqliteDueClockTests() : DueClockTests(Backend.Sqlite);

public sealed class PostgresDueClockTests() : DueClockTests(Backend.PostgreSql);
