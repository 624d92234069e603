using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Hosts;
using Mooring.Server.Disks;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;
using Mooring.Server.Tests.Offers;

namespace Mooring.Server.Tests.Persistence;

/// <summary>
/// What is promised is never more than there is, however many ask at once and in however many processes.
/// </summary>
public abstract class ReservationTests(Backend backend) : StoreTest(backend)
{
    private static readonly HostGpu[] TwoGpus = [new("GPU-1", "Tesla T4", 16), new("GPU-2", "Tesla T4", 16)];

    [Fact]
    public async Task Thirty_two_creates_at_once_do_not_oversell_the_last_GB()
    {
        var site = await Site.SetUpAsync(Store, site => site.Disks.Offers = [ScriptedDisks.PooledOffer(10)]);

        var results = await site.CreateDisksAsync(32, 1);

        results.Count(result => !result.Failed).ShouldBe(10);
        results.Where(result => result.Failed).ShouldAllBe(result => result.Error is NoCapacity);
        (await site.PoolAsync()).PromisedGiB.ShouldBe(10);
        (await Store.ReadAsync(db => db.Disks.SumAsync(disk => disk.SizeGiB, Ct))).ShouldBe(10);
    }

    [Fact]
    public async Task A_disk_that_does_not_fit_leaves_what_fits_to_others()
    {
        var site = await Site.SetUpAsync(Store, site => site.Disks.Offers = [ScriptedDisks.PooledOffer(10)]);
        (await site.CreateDisksAsync(1, 6))[0].Failed.ShouldBeFalse();

        var tooLarge = (await site.CreateDisksAsync(1, 5))[0];
        var fits = (await site.CreateDisksAsync(1, 4))[0];

        tooLarge.Error.ShouldBeOfType<NoCapacity>().Message.ShouldContain("4 GB are left");
        fits.Failed.ShouldBeFalse();
    }

    [Fact]
    public async Task Capacity_is_given_back_once_and_only_when_the_disk_is_gone()
    {
        var site = await Site.SetUpAsync(Store, site => site.Disks.Offers = [ScriptedDisks.PooledOffer(10)]);
        var disk = (await site.CreateDisksAsync(1, 10))[0].Value;
        var limits = new DiskLimits();

        disk = await WriteAsync(disk.Delete([], limits, Store.Time.Now()).Value);
        (await site.PoolAsync()).PromisedGiB.ShouldBe(10);

        var gone = new DiskAnswer.Saw(DiskCall.EnsureDeleted, Providers.Disks.DiskObservation.Absent);
        disk = await WriteAsync(DiskLifecycle.Apply(disk, gone, limits, Store.Time.Now()));
        disk.Status.ShouldBe(DiskStatus.Terminated);
        (await site.PoolAsync()).PromisedGiB.ShouldBe(0);

        await WriteAsync(DiskLifecycle.Apply(disk, gone, limits, Store.Time.Now()));
        (await site.PoolAsync()).PromisedGiB.ShouldBe(0);
    }

    [Fact]
    public async Task Sixteen_creates_at_once_do_not_oversell_CPUs_or_user_ids()
    {
        var site = await Site.SetUpAsync(Store, _ => { });

        var results = await site.CreatePodsAsync(16, Site.PodOf("cpu-1"));

        var accepted = results.Where(result => !result.Failed).Select(result => result.Value.Pod).ToList();
        accepted.Count.ShouldBe(4);
        accepted.Select(pod => pod.UserNamespaceSlot).Distinct().Count().ShouldBe(4);
        results.Where(result => result.Failed).ShouldAllBe(result => result.Error is NoCapacity);
        var host = await site.HostAsync();
        (host.VcpusUsed, host.MemoryGiBUsed).ShouldBe((4, 16));
        (await Store.ReadAsync(db => db.Pods.CountAsync(Ct))).ShouldBe(4);
    }

    [Fact]
    public async Task Eight_creates_at_once_share_out_two_GPUs()
    {
        var site = await Site.SetUpAsync(
            Store,
            site => site.Agent.Report = site.Agent.Report with
            {
                Vcpus = 64,
                Memory = ByteSize.FromGiB(512),
                Gpus = TwoGpus,
            });

        var results = await site.CreatePodsAsync(8, Site.PodOf("gpu-t4_16gb", "T4_16GB"));

        var accepted = results.Where(result => !result.Failed).Select(result => result.Value.Pod.Id).ToList();
        var holders = await Store.ReadAsync(db => db.HostGpus.Select(gpu => gpu.PodId).ToListAsync(Ct));
        holders.ShouldBe(accepted.Select(id => (PodId?)id), ignoreOrder: true);
        holders.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Thirty_two_pods_at_once_get_one_hold_of_a_single_holder_disk()
    {
        var site = await Site.SetUpAsync(
            Store, site => site.Agent.Report = site.Agent.Report with { Vcpus = 64, Memory = ByteSize.FromGiB(64) });
        var disk = Sample.Disk(Store) with { DataCenter = "US-1" };
        await Store.AddAsync(disk);

        var results = await site.CreatePodsAsync(32, Site.PodOf("cpu-1", disks: disk.Id.Value));

        results.Count(result => !result.Failed).ShouldBe(1);
        results.Where(result => result.Failed).ShouldAllBe(result => result.Error is DiskHeld);
        (await Store.ReadAsync(db => db.Attachments.CountAsync(Ct))).ShouldBe(1);
        (await Store.ReadAsync(db => db.Disks.SingleAsync(Ct))).Generation.ShouldBe(1);
        (await site.HostAsync()).VcpusUsed.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_undoes_all_that_came_before_it()
    {
        var refusal = new PodNotFound("nothing");

        var result = await Store.Database.TryWriteAsync<int>(
            async (db, ct) =>
            {
                db.Add(Sample.Disk(Store));
                await db.SaveChangesAsync(ct);
                db.Add(Sample.Pod(Store));
                return refusal;
            },
            Ct);

        result.Error.ShouldBe(refusal);
        (await Store.ReadAsync(db => db.Disks.CountAsync(Ct))).ShouldBe(0);
        (await Store.ReadAsync(db => db.Pods.CountAsync(Ct))).ShouldBe(0);
    }

    [Fact]
    public async Task A_pod_that_is_refused_its_last_disk_reserves_nothing()
    {
        var site = await Site.SetUpAsync(Store, _ => { });
        var good = Sample.Disk(Store) with { DataCenter = "US-1" };
        var bad = Sample.Disk(Store) with { DataCenter = "US-1", Status = DiskStatus.Stopped };
        await Store.AddAsync(good, bad);

        var result = (await site.CreatePodsAsync(1, Site.PodOf("cpu-1", disks: [good.Id.Value, bad.Id.Value])))[0];

        result.Error.ShouldBeOfType<DiskNotActive>();
        (await Store.ReadAsync(db => db.Disks.SingleAsync(disk => disk.Id == good.Id, Ct))).ShouldBe(good);
        (await Store.ReadAsync(db => db.Pods.CountAsync(Ct))).ShouldBe(0);
        (await Store.ReadAsync(db => db.Attachments.CountAsync(Ct))).ShouldBe(0);
        (await Store.ReadAsync(db => db.Events.CountAsync(Ct))).ShouldBe(0);
        var host = await site.HostAsync();
        (host.VcpusUsed, host.MemoryGiBUsed, host.NextSlot).ShouldBe((0, 0, 0));
    }

    private Task<Disk> WriteAsync(DiskChange change) =>
        Store.Database.WriteAsync((db, ct) => db.WriteAsync(change, null, ct), Ct);
}

public sealed class SqliteReservationTests() : ReservationTests(Backend.Sqlite);

public sealed class PostgresReservationTests() : ReservationTests(Backend.PostgreSql);
