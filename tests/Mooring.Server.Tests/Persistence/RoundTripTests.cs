using CsCheck;
using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Server.Disks;
using Mooring.Server.Pods;

namespace Mooring.Server.Tests.Persistence;

/// <summary>
/// What is written is what is read, to the last microsecond and the last 1e-12 USD, in both databases.
/// </summary>
public abstract class RoundTripTests(Backend backend) : StoreTest(backend)
{
    // From the year 1 to 9999: what a DateTimeOffset can be.
    private static readonly Gen<DateTimeOffset> Times = Gen.Long[
        Clock.ToMicroseconds(DateTimeOffset.MinValue), Clock.ToMicroseconds(DateTimeOffset.MaxValue)]
        .Select(Clock.FromMicroseconds);

    private static readonly Gen<string> Words = Gen.String[Gen.Char[' ', '\ud7ff'], 0, 40];

    private static readonly Gen<Disk> DrawnDisks =
        from times in Times.Array[4]
        from price in Gen.Long.Select(pico => new Money(pico))
        from size in Gen.Int
        from status in Gen.Enum<DiskStatus>()
        from flags in Gen.Bool.Array[2]
        from name in Words
        from generation in Gen.Long
        select new Disk
        {
            Id = new DiskId("0"),
            Name = name,
            SizeGiB = size,
            Status = status,
            Reason = flags[0] ? name : null,
            AccountId = Sample.Account,
            CreatorId = Sample.User,
            WalletId = Sample.Wallet,
            ProviderAccountId = Sample.ProviderAccount,
            ProviderType = "hyperstack",
            IsMultinode = flags[1],
            RemoteName = "0",
            SettlesAt = flags[1] ? times[3] : null,
            PriceHr = price,
            StoppedPriceHr = price,
            ProvisioningPriceHr = Money.Zero,
            Generation = generation,
            CreatedAt = times[0],
            UpdatedAt = times[1],
            StatusSince = times[2],
            DueAt = flags[0] ? times[3] : null,
            Version = generation,
        };

    [Fact]
    public Task Every_column_of_a_disk() => DrawnDisks.SampleAsync(
        async drawn =>
        {
            var id = Store.Ids.Uuid();
            var disk = drawn with { Id = new DiskId(id), RemoteName = RemoteName.For(Sample.Installation, id) };
            await Store.AddAsync(disk);

            (await Store.ReadAsync(db => db.Disks.AsNoTracking().SingleAsync(row => row.Id == disk.Id, Ct)))
                .ShouldBe(disk);
        },
        iter: 100,
        threads: 1);

    [Fact]
    public Task Environments_and_keys_of_pods() => Gen.Select(
        Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 20], Words)[0, 5], Words.Array[0, 4]).SampleAsync(
        async (environment, keys) =>
        {
            var pod = Sample.Pod(Store) with { Environment = environment, AuthorizedKeys = keys };
            await Store.AddAsync(pod);

            var read = await Store.ReadAsync(db => db.Pods.AsNoTracking().SingleAsync(row => row.Id == pod.Id, Ct));
            read.Environment.ShouldBe(environment, ignoreOrder: true);
            read.AuthorizedKeys.ShouldBe(keys);
            (read with { Environment = pod.Environment, AuthorizedKeys = pod.AuthorizedKeys }).ShouldBe(pod);
        },
        iter: 50,
        threads: 1);

    [Fact]
    public async Task Every_status_of_a_pod()
    {
        var pods = Enum.GetValues<PodStatus>().Select(status => Sample.Pod(Store) with { Status = status }).ToList();

        await Store.AddAsync([.. pods]);

        var read =
            await Store.ReadAsync(db => db.Pods.AsNoTracking().ToDictionaryAsync(pod => pod.Id, pod => pod.Status, Ct));
        read.ShouldBe(pods.ToDictionary(pod => pod.Id, pod => pod.Status), ignoreOrder: true);
    }

    [Fact]
    public async Task Money_adds_up_in_the_database_as_in_memory()
    {
        var disks = Enumerable.Range(1, 3).Select(n => Sample.Disk(Store) with { PriceHr = new Money(n) }).ToList();
        await Store.AddAsync([.. disks]);

        var dearest = await Store.ReadAsync(
            db => db.Disks.OrderByDescending(disk => disk.PriceHr).Select(disk => disk.PriceHr).FirstAsync(Ct));

        dearest.ShouldBe(new Money(3));
    }
}

public sealed class SqliteRoundTripTests() : RoundTripTests(Backend.Sqlite);

public sealed class PostgresRoundTripTests() : RoundTripTests(Backend.PostgreSql);
