using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Mooring.Server.Ledger;
using Mooring.Server.Live;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Live;

/// <summary>Up to the horizon no number is outstanding, whoever commits first.</summary>
public abstract class EventHorizonTests(Backend backend) : StoreTest(backend)
{
    private protected EventHorizon Horizon => field ??= new EventHorizon(Store.Database);

    [Fact]
    public async Task Is_the_last_number_where_nothing_is_outstanding()
    {
        (await Horizon.ReachAsync(Ct)).ShouldBe(0);
        await WriteAsync();
        await WriteAsync();

        (await Horizon.ReachAsync(Ct)).ShouldBe(await LastAsync());
    }

    [Fact]
    public async Task Many_who_ask_at_once_are_all_answered()
    {
        await WriteAsync();

        var reached = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Horizon.ReachAsync(Ct)));

        reached.ShouldAllBe(one => one == 1);
    }

    private protected Task<long> LastAsync() => Store.ReadAsync(
        db => db.Events.MaxAsync(happened => happened.Number, Ct));

    private protected Task WriteAsync() => Store.Database.WriteAsync((db, ct) => db.InsertAsync(Fact(), ct), Ct);

    private protected ResourceEvent Fact() => new()
    {
        Kind = ResourceKind.Disk,
        ResourceId = Store.Ids.Uuid(),
        AccountId = Sample.Account,
        WalletId = Sample.Wallet,
        At = Store.Time.Now(),
        What = Happened.Renamed,
        Status = "ACTIVE",
    };
}

public sealed class SqliteEventHorizonTests() : EventHorizonTests(Backend.Sqlite);

/// <summary>Here numbers are seen in the order of the commits, which is another than theirs.</summary>
public sealed class PostgresEventHorizonTests() : EventHorizonTests(Backend.PostgreSql)
{
    [Fact]
    public async Task Does_not_pass_a_lower_number_that_is_still_to_be_committed()
    {
        await using var slow = await BeginAsync();
        await WriteAsync();
        var reached = Horizon.ReachAsync(Ct);
        for (var i = 0; i < 20; i++)
        {
            // What is committed is there to be read all the while.
            await Store.ReadAsync(db => db.Events.CountAsync(Ct));
            reached.IsCompleted.ShouldBeFalse("the lower number may still come");
        }

        await slow.Transaction.CommitAsync(Ct);

        (await Eventually.EndsAsync(reached)).ShouldBe(await LastAsync());
        (await Store.ReadAsync(db => db.Events.CountAsync(Ct))).ShouldBe(2);
    }

    [Fact]
    public async Task Waits_for_nobody_who_began_after_it_looked()
    {
        await using var first = await BeginAsync();
        var before = await Store.ReadAsync(db => db.Database
            .SqlQueryRaw<long>("SELECT last_value AS \"Value\" FROM events_number_seq").SingleAsync(Ct));
        var reached = Horizon.ReachAsync(Ct);
        await Eventually.HoldsAsync(async () => await LooksAsync() > 0, "it has looked");
        await using var later = await BeginAsync();

        await first.Transaction.CommitAsync(Ct);

        (await Eventually.EndsAsync(reached)).ShouldBe(before, "the later one holds its lock all the time");
    }

    [Fact]
    public async Task A_number_that_is_never_used_holds_nobody_up()
    {
        await using (var undone = await BeginAsync())
        {
            await undone.Transaction.RollbackAsync(Ct);
        }

        await WriteAsync();

        (await Horizon.ReachAsync(Ct)).ShouldBe(await LastAsync());
    }

    [Fact]
    public async Task Stays_where_it_was_while_a_transaction_is_stuck()
    {
        await WriteAsync();
        using var horizon = new EventHorizon(Store.Database) { LooksAtMost = 3 };
        var before = await horizon.ReachAsync(Ct);
        await using var stuck = await BeginAsync();
        await WriteAsync();

        (await horizon.ReachAsync(Ct)).ShouldBe(before);
        await stuck.Transaction.RollbackAsync(Ct);
        (await horizon.ReachAsync(Ct)).ShouldBe(await LastAsync());
    }

    // By what its connection has asked last: the list of who is writing.
    private Task<int> LooksAsync() => Store.ReadAsync(db => db.Database.SqlQueryRaw<int>(
        """
        SELECT COUNT(*)::int AS "Value" FROM pg_stat_activity
        WHERE datname = current_database() AND (query LIKE 'SELECT virtualtransaction%' OR query LIKE '%pg_sleep(0.01)')
        """).SingleAsync(Ct));

    private async Task<OpenUnit> BeginAsync()
    {
        var db = await Store.ReadAsync();
        var transaction = await db.Database.BeginTransactionAsync(Ct);
        await db.InsertAsync(Fact(), Ct);
        return new OpenUnit(db, transaction);
    }

    private sealed record OpenUnit(MooringDb Db, IDbContextTransaction Transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Transaction.DisposeAsync();
            await Db.DisposeAsync();
        }
    }
}
