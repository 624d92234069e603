using System.Numerics;
using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Persistence;
using Mooring.Server.Wallets;

namespace Mooring.Server.Tests.Ledger;

/// <summary>
/// A year of 1,000 disks, with a leap day in it. What it costs is computed a second time from the users' wishes alone,
/// in rational numbers, by the table of the architecture's section 3: no event, no usage span and no rate of ours.
/// </summary>
public abstract class YearTests(Backend backend) : StoreTest(backend)
{
    private const int Many = 1_000;
    private static readonly DateTimeOffset Begin = new(2028, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Begin.AddYears(1);
    private static readonly DiskLimits Limits = new();

    private enum Wish
    {
        Create,
        Ready,
        Suspend,
        Resume,
        Attach,
        Rename,
        Delete,
    }

    [Fact]
    public async Task The_total_is_that_of_an_independent_computation_to_the_last_digit()
    {
#pragma warning disable CA5394 // chance that can be repeated is what a test wants
        var random = new Random(2_028);
#pragma warning restore CA5394
        var expected = BigInteger.Zero;
        await Store.AddAsync(new Wallet
        {
            Id = Sample.Wallet,
            AccountId = Sample.Account,
            CreatedAt = Begin,
            OffsetHigh = 0,
            OffsetLow = 0,
        });
        for (var i = 0; i < Many; i++)
        {
            var disk = Draft(random);
            var wishes = WishesOf(random);
            expected += Owed(disk, wishes);
            await LiveAsync(disk, wishes);
        }

        await using var db = await Store.ReadAsync();
        var year = CostSpans.Of(db, [Sample.Account], CostGroup.Day, new CostWindow(Begin, End, End));
        var days = await DailyCosts.OfAsync(year, new DateOnly(2028, 1, 1), new DateOnly(2028, 12, 31), Ct);
        var audit = new BillAudit(db, End);

        days.Count.ShouldBe(366);
        days.Aggregate(BigInteger.Zero, (sum, day) => sum + (BigInteger)day.Sum).ShouldBe(expected);
        ((BigInteger)await year.SumAsync(Ct)).ShouldBe(expected);
        (await Billings.BalanceUsdAsync(db, Sample.Wallet, End, Ct)).ShouldBe(-Usd(expected));
        (await audit.FindingsAsync(Ct).ToListAsync(Ct)).ShouldBeEmpty();
        (audit.Resources, audit.Wallets).ShouldBe((Many, 1));
        // What the wallet keeps of it, written turn by turn by the transactions themselves.
        ((BigInteger)(await db.Wallets.SingleAsync(Ct)).Line.At(End)).ShouldBe(expected);
    }

#pragma warning disable CA5394 // as above
    private Disk Draft(Random random) => Sample.Disk(Store, Begin) with
    {
        PriceHr = new Money(random.NextInt64(1, 1_000_000_000_000)),
        StoppedPriceHr = new Money(random.NextInt64(1, 1_000_000_000)),
        ProvisioningPriceHr = new Money(random.Next(3) == 0 ? random.NextInt64(1, 1_000_000) : 0),
    };

    /// <summary>When somebody wanted what, or the provider was done, in order; nothing that is refused.</summary>
    private static List<(DateTimeOffset At, Wish Wish)> WishesOf(Random random)
    {
        var at = Begin.AddMicroseconds(random.NextInt64(0, 300L * 86_400_000_000));
        List<(DateTimeOffset At, Wish Wish)> wishes = [(at, Wish.Create)];
        var isStopped = false;
        var isReady = false;
        while (true)
        {
            at = at.AddMicroseconds(random.Next(3) switch
            {
                0 => random.NextInt64(0, 10),
                1 => random.NextInt64(0, 86_400_000_000),
                _ => random.NextInt64(0, 60L * 86_400_000_000),
            });
            if (at >= End)
            {
                return wishes;
            }

            var wish = (isReady, random.Next(10)) switch
            {
                (_, 0) => Wish.Delete,
                (false, _) => Wish.Ready,
                (_, < 5) => isStopped ? Wish.Resume : Wish.Suspend,
                (_, < 8) when !isStopped => Wish.Attach,
                _ => Wish.Rename,
            };
            wishes.Add((at, wish));
            isReady |= wish == Wish.Ready;
            isStopped = wish switch { Wish.Suspend => true, Wish.Resume => false, _ => isStopped };
            if (wish == Wish.Delete)
            {
                return wishes;
            }
        }
    }
#pragma warning restore CA5394

    /// <summary>What the table says: microseconds × 1e-12 USD an hour.</summary>
    private static BigInteger Owed(Disk disk, List<(DateTimeOffset At, Wish Wish)> wishes)
    {
        var sum = BigInteger.Zero;
        BigInteger price = 0;
        for (var i = 0; i < wishes.Count; i++)
        {
            price = wishes[i].Wish switch
            {
                Wish.Create => disk.ProvisioningPriceHr.PicoUsd,
                Wish.Ready or Wish.Resume => disk.PriceHr.PicoUsd,
                Wish.Suspend => disk.StoppedPriceHr.PicoUsd,
                Wish.Delete => 0,
                _ => price,
            };
            var until = i + 1 < wishes.Count ? wishes[i + 1].At : End;
            sum += price * (until - wishes[i].At).Ticks / TimeSpan.TicksPerMicrosecond;
        }

        return sum;
    }

    // Rounded once, a half upwards.
    private static decimal Usd(BigInteger sum)
    {
        var pico = BigInteger.DivRem(sum, 3_600_000_000, out var rest) + (rest * 2 >= 3_600_000_000 ? 1 : 0);
        return (decimal)pico / 1_000_000_000_000m;
    }

    private Task LiveAsync(Disk draft, List<(DateTimeOffset At, Wish Wish)> wishes) => Store.Database.WriteAsync(
        async (db, ct) =>
        {
            var disk = draft;
            foreach (var (at, wish) in wishes)
            {
                var change = wish switch
                {
                    Wish.Create => Disk.Accept(draft with { CreatedAt = at, UpdatedAt = at }, Limits),
                    Wish.Ready => DiskLifecycle.Apply(disk, Seen(disk), Limits, at),
                    Wish.Suspend => disk.Suspend([], at).Value,
                    Wish.Resume => disk.Resume(at).Value,
                    Wish.Rename => disk.Rename("another", at),
                    Wish.Delete => disk.Delete([], Limits, at).Value,
                    _ => disk.Attach([], Limits, at).Value,
                };
                disk = await WriteAsync(db, change, ct);
                if (wish == Wish.Attach)
                {
                    disk = await WriteAsync(db, disk.Attached(Limits, at), ct);
                    disk = await WriteAsync(db, disk.BeginRelease(Limits, at), ct);
                    disk = await WriteAsync(db, disk.Released(Limits, at), ct);
                }
            }
        },
        Ct);

    // Each is a unit of its own to the rows; that all of a disk's share a commit is for speed.
    private static async Task<Disk> WriteAsync(MooringDb db, DiskChange change, CancellationToken ct)
    {
        var disk = await db.WriteAsync(change, null, ct);
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
        return disk;
    }

    private static DiskAnswer.Saw Seen(Disk disk) => new(
        DiskCall.EnsureCreated, new DiskObservation(RemoteDiskState.Ready, "remote-" + disk.Id.Value));
}

public sealed class SqliteYearTests() : YearTests(Backend.Sqlite);

public sealed class PostgresYearTests() : YearTests(Backend.PostgreSql);
