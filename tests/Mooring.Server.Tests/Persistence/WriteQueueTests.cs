using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Offers;

namespace Mooring.Server.Tests.Persistence;

/// <summary>SQLite's one queue for all writes.</summary>
public sealed class WriteQueueTests : IAsyncLifetime
{
    private readonly CommitWatch _commits = new();
    private Store? _store;
    private SqliteDatabase? _database;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SqliteDatabase Queue => _database!;

    public async ValueTask InitializeAsync()
    {
        _store = await Store.OpenAsync(Backend.Sqlite);
        _database = new SqliteDatabase(
            _store.Contexts,
            () =>
            {
                var builder = new DbContextOptionsBuilder<MooringDb>();
                builder.UseRecords(_store.Records).AddInterceptors(_commits);
                return builder.Options;
            },
            Records.ConnectionString((RecordsOptions.Sqlite)_store.Records),
            _store.WakeUps,
            _store.Time,
            NullLogger<SqliteDatabase>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _database!.DisposeAsync();
        await _store!.DisposeAsync();
    }

    [Fact]
    public async Task Units_that_gathered_meanwhile_share_one_commit()
    {
        const int Units = 100;
        var (first, gate) = Hold();
        await gate.Reached;
        var units = Enumerable.Range(0, Units).Select(number => AddAsync($"pool {number}")).ToList();

        gate.Open();
        await Eventually.EndsAsync(Task.WhenAll([first, .. units]));

        _commits.Count.ShouldBe(2);
        (await CountAsync()).ShouldBe(Units);
    }

    [Fact]
    public async Task Nobody_is_answered_before_the_commit()
    {
        var (first, gate) = Hold();
        await gate.Reached;
        var units = Enumerable.Range(0, 10).Select(number => AddAsync($"pool {number}")).ToList();
        var isAnyAnswered = false;
        _commits.OnCommitting = () => isAnyAnswered |=
            (_commits.Count == 0 && first.IsCompleted) || units.Exists(unit => unit.IsCompleted);

        gate.Open();
        await Eventually.EndsAsync(Task.WhenAll([first, .. units]));

        isAnyAnswered.ShouldBeFalse();
    }

    [Fact]
    public async Task A_unit_that_fails_takes_no_other_with_it()
    {
        var (first, gate) = Hold();
        await gate.Reached;
        var good = AddAsync("good");
        var twice = AddAsync("good");
        var thrown = Queue.WriteAsync<int>(
            async (db, ct) =>
            {
                db.Add(Pool("half done"));
                await db.SaveChangesAsync(ct);
                throw new InvalidOperationException("a bug");
            },
            Ct);
        var alsoGood = AddAsync("also good");

        gate.Open();
        await Eventually.EndsAsync(Task.WhenAll(first, good, alsoGood));

        await Should.ThrowAsync<DbUpdateException>(twice);
        (await Should.ThrowAsync<InvalidOperationException>(thrown)).Message.ShouldBe("a bug");
        (await NamesAsync()).ShouldBe(["also good", "good"]);
        _commits.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_unit_that_is_cancelled_while_it_waits_is_never_run()
    {
        var (first, gate) = Hold();
        await gate.Reached;
        using var wish = new CancellationTokenSource();
        var hasRun = false;
        var cancelled = Queue.WriteAsync(
            (_, _) =>
            {
                hasRun = true;
                return Task.CompletedTask;
            },
            wish.Token);
        await wish.CancelAsync();

        gate.Open();
        await Eventually.EndsAsync(first);

        await Should.ThrowAsync<OperationCanceledException>(cancelled);
        hasRun.ShouldBeFalse();
    }

    [Fact]
    public async Task A_unit_that_is_cancelled_while_it_runs_is_undone()
    {
        using var wish = new CancellationTokenSource();
        var cancelled = Queue.WriteAsync(
            async (db, ct) =>
            {
                db.Add(Pool("half done"));
                await db.SaveChangesAsync(ct);
                await wish.CancelAsync();
                ct.ThrowIfCancellationRequested();
            },
            wish.Token);

        await Should.ThrowAsync<OperationCanceledException>(cancelled);
        await AddAsync("next");

        (await NamesAsync()).ShouldBe(["next"]);
    }

    [Fact]
    public async Task After_a_failed_commit_everybody_is_told_and_the_queue_goes_on_with_a_new_connection()
    {
        await AddAsync("before");
        var (first, gate) = Hold();
        await gate.Reached;
        Task[] batch = [AddAsync("lost"), AddAsync("lost too")];
        var isFirst = true;
        _commits.OnCommitting = () =>
        {
            if (!isFirst)
            {
                throw new IOException("the disk is gone");
            }

            isFirst = false;
        };

        gate.Open();
        await Eventually.EndsAsync(first);
        foreach (var lost in batch)
        {
            (await Should.ThrowAsync<IOException>(Eventually.EndsAsync(lost))).Message.ShouldBe("the disk is gone");
        }

        _commits.OnCommitting = null;
        // What the failed unit added is not there: the same name is free.
        await Eventually.EndsAsync(AddAsync("lost"));

        (await NamesAsync()).ShouldBe(["before", "lost"]);
        _commits.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task Work_that_was_made_is_signalled_after_the_commit_and_only_then()
    {
        var wakeUps = _store!.WakeUps;
        var time = TimeProvider.System;
        await Should.ThrowAsync<InvalidOperationException>(Queue.WriteAsync<int>(
            (db, _) =>
            {
                db.Wakes = WorkKinds.Disks;
                throw new InvalidOperationException("undone");
            },
            Ct));
        using var never = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var undone = wakeUps.WaitAsync(WorkKinds.Disks, TimeSpan.FromHours(1), time, never.Token);
        await AddAsync("no work");
        undone.IsCompleted.ShouldBeFalse();
        var isAwakeEarly = false;
        _commits.OnCommitting = () => isAwakeEarly = undone.IsCompleted;

        await Queue.WriteAsync(
            (db, _) =>
            {
                db.Wakes = WorkKinds.Disks;
                return Task.CompletedTask;
            },
            Ct);
        await Eventually.EndsAsync(undone);

        isAwakeEarly.ShouldBeFalse();
    }

    [Fact]
    public async Task What_still_waits_when_the_queue_is_closed_is_written()
    {
        var (first, gate) = Hold();
        await gate.Reached;
        var last = AddAsync("last");

        var closed = Queue.DisposeAsync().AsTask();
        gate.Open();
        await Eventually.EndsAsync(Task.WhenAll(first, last, closed));

        (await NamesAsync()).ShouldBe(["last"]);
    }

    [Fact]
    public async Task Readers_see_nothing_of_a_unit_before_its_commit()
    {
        var seen = -1;
        await Queue.WriteAsync(
            async (db, ct) =>
            {
                db.Add(Pool("new"));
                await db.SaveChangesAsync(ct);
                seen = await CountAsync();
            },
            Ct);

        seen.ShouldBe(0);
        (await CountAsync()).ShouldBe(1);
    }

    private (Task Unit, Gate Gate) Hold()
    {
        var gate = new Gate();
        return (Queue.WriteAsync((_, ct) => gate.PassAsync(ct), Ct), gate);
    }

    private Task AddAsync(string name) => Queue.WriteAsync(
        (db, _) =>
        {
            db.Add(Pool(name));
            return Task.CompletedTask;
        },
        Ct);

    private CapacityPool Pool(string name) => Sample.Pool(_store!, 1) with { Name = name };

    private Task<int> CountAsync() => _store!.ReadAsync(db => db.CapacityPools.CountAsync(Ct));

    private Task<List<string>> NamesAsync() =>
        _store!.ReadAsync(db => db.CapacityPools.Select(pool => pool.Name).Order().ToListAsync(Ct));

    /// <summary>Sees each commit of the writer, and may stop it.</summary>
    private sealed class CommitWatch : DbTransactionInterceptor, IDbConnectionInterceptor
    {
        private int _count;
        private int _connections;

        public int Count => _count;

        public int Connections => _connections;

        public Action? OnCommitting { get; set; }

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction,
            TransactionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default)
        {
            OnCommitting?.Invoke();
            Interlocked.Increment(ref _count);
            return ValueTask.FromResult(result);
        }

        public Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _connections);
            return Task.CompletedTask;
        }
    }
}
