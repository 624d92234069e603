using Microsoft.EntityFrameworkCore;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;

namespace Mooring.Server.Tests.Persistence;

/// <summary>What was read must still be so when it is written; otherwise nothing of the unit of work happens.</summary>
public abstract class VersionTests(Backend backend) : StoreTest(backend)
{
    [Fact]
    public async Task A_stale_write_is_refused_and_its_whole_unit_is_undone()
    {
        var read = Sample.Disk(Store);
        await Store.AddAsync(read);
        await RenameAsync(read, "first");

        await Should.ThrowAsync<DbUpdateConcurrencyException>(Store.Database.WriteAsync(
            async (db, ct) =>
            {
                db.Add(Sample.Pool(Store, 10));
                await db.WriteAsync(read.Rename("second", Store.Time.Now()), null, ct);
            },
            Ct));

        (await Store.ReadAsync(db => db.Disks.SingleAsync())).Name.ShouldBe("first");
        (await Store.ReadAsync(db => db.CapacityPools.CountAsync())).ShouldBe(0);
        (await Store.ReadAsync(db => db.Events.Select(one => one.Words).ToListAsync())).ShouldBe(["first"]);
    }

    [Fact]
    public async Task A_claim_that_was_taken_meanwhile_makes_a_write_stale()
    {
        var read = Sample.Disk(Store) with { DueAt = Store.Time.Now() };
        await Store.AddAsync(read);
        (await Store.ClaimsOn("disks").TakeAsync(1, TimeSpan.FromMinutes(1), Ct)).Ids.Count.ShouldBe(1);

        await Should.ThrowAsync<DbUpdateConcurrencyException>(RenameAsync(read, "late"));

        (await Store.ReadAsync(db => db.Disks.SingleAsync())).Name.ShouldBe(read.Name);
    }

    [Fact]
    public async Task Units_that_read_what_they_change_all_succeed_side_by_side()
    {
        // As many as a unit is tried: each round has a winner.
        const int Writers = 4;
        var disk = Sample.Disk(Store);
        await Store.AddAsync(disk);
        Database[] databases = [Store.Database, Store.OfAnotherProcess()];

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(number => databases[number % 2].WriteAsync(
            async (db, ct) =>
            {
                var now = await db.Disks.AsNoTracking().SingleAsync(ct);
                await db.WriteAsync(now.Rename($"{now.Name}+", Store.Time.Now()), null, ct);
            },
            Ct)));

        var after = await Store.ReadAsync(db => db.Disks.SingleAsync());
        after.Name.ShouldBe(disk.Name + "++++");
        after.Version.ShouldBe(1 + Writers);
        (await Store.ReadAsync(db => db.Events.CountAsync())).ShouldBe(Writers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attach_release_and_delete_each_make_the_others_stale(bool isMultinode)
    {
        var limits = new DiskLimits();
        var disk = Sample.Disk(Store) with { IsMultinode = isMultinode };
        await Store.AddAsync(disk);
        var now = Store.Time.Now();
        DiskChange[] wishes =
        [
            disk.Attach([], limits, now).Value,
            disk.BeginRelease(limits, now),
            disk.Delete([], limits, now).Value,
        ];
        await Store.Database.WriteAsync((db, ct) => db.WriteAsync(wishes[0], null, ct), Ct);

        foreach (var wish in wishes.Skip(1))
        {
            await Should.ThrowAsync<DbUpdateConcurrencyException>(
                Store.Database.WriteAsync((db, ct) => db.WriteAsync(wish, null, ct), Ct));
        }

        var after = await Store.ReadAsync(db => db.Disks.SingleAsync());
        after.Version.ShouldBe(disk.Version + 1);
        after.Generation.ShouldBe(1);
        (await Store.ReadAsync(db => db.Events.SingleAsync())).What.ShouldBe(Happened.AttachBegun);
    }

    [Fact]
    public async Task A_stale_pod_takes_neither_its_attachments_nor_its_disks_with_it()
    {
        var disk = Sample.Disk(Store) with { Status = DiskStatus.Pending };
        var pod = Sample.Pod(Store);
        var attachment = Sample.Attachment(Store, disk, pod) with { Status = AttachmentStatus.Attached };
        await Store.AddAsync(disk, pod, attachment);
        var work = new PodAndDisks(pod, [attachment]);
        var delete = PodLifecycle.Delete(work, new PodLimits(), Store.Time.Now());
        await Store.Database.WriteAsync(
            (db, _) =>
            {
                Rows.Change(db, pod, pod with { Reason = "changed", Version = pod.Version + 1 });
                return Task.CompletedTask;
            },
            Ct);

        await Should.ThrowAsync<DbUpdateConcurrencyException>(
            Store.Database.WriteAsync((db, ct) => db.WriteAsync(delete, new DiskLimits(), null, ct), Ct));

        (await Store.ReadAsync(db => db.Attachments.SingleAsync())).ShouldBe(attachment);
        (await Store.ReadAsync(db => db.Disks.SingleAsync())).ShouldBe(disk);
        (await Store.ReadAsync(db => db.Events.CountAsync())).ShouldBe(0);
    }

    private Task<Disk> RenameAsync(Disk read, string name) => Store.Database.WriteAsync(
        (db, ct) => db.WriteAsync(read.Rename(name, Store.Time.Now()), null, ct), Ct);
}

public sealed class SqliteVersionTests() : VersionTests(Backend.Sqlite);

public sealed class PostgresVersionTests() : VersionTests(Backend.PostgreSql);
