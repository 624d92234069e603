using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Mooring.Server.Disks;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Reconciling;

/// <summary>
/// The engine over real rows and real claims. The test's clock stands still unless a test moves it: what happens
/// without that happens at once.
/// </summary>
public sealed class ReconcilerTests : IAsyncLifetime
{
    private Store? _opened;
    private Reconciler? _reconciler;

    private Store Store => _opened!;

    public async ValueTask InitializeAsync() => _opened = await Store.OpenAsync(Backend.Sqlite);

    public async ValueTask DisposeAsync()
    {
        if (_reconciler is not null)
        {
            await Eventually.EndsAsync(_reconciler.StopAsync(CancellationToken.None));
            _reconciler.Dispose();
        }

        await Store.DisposeAsync();
    }

    [Fact]
    public async Task A_write_that_makes_work_is_taken_up_at_once()
    {
        var worker = await StartAsync(4);
        var disk = await AcceptAsync();

        await StepsAsync(worker, 1);

        worker.Stepped.ShouldBe([disk.Id.Value]);
    }

    [Fact]
    public async Task What_was_due_before_the_start_is_taken_up_at_once()
    {
        await AddDueAsync(3);

        await StepsAsync(await StartAsync(4), 3);
    }

    [Fact]
    public async Task More_due_rows_than_workers_are_done_without_a_pause()
    {
        await AddDueAsync(40);

        var worker = await StartAsync(4);
        await StepsAsync(worker, 40);

        worker.Stepped.Distinct().Count().ShouldBe(40);
        worker.MostAtOnce.ShouldBeInRange(1, 4);
    }

    [Fact]
    public async Task Rows_are_worked_on_side_by_side_up_to_the_workers_number()
    {
        await AddDueAsync(10);
        var gate = new Gate();

        var worker = await StartAsync(4, (_, _, ct) => PassAsync(gate, ct));
        await StepsAsync(worker, 4);
        gate.Open();
        await StepsAsync(worker, 10);

        worker.MostAtOnce.ShouldBe(4);
    }

    [Fact]
    public async Task A_row_that_is_due_later_waits_until_then()
    {
        var late = Sample.Disk(Store) with { DueAt = Store.Time.Now().AddSeconds(10) };
        await Store.AddAsync(late);
        var worker = await StartAsync(4);
        await AcceptAsync();
        await StepsAsync(worker, 1);

        worker.Stepped.ShouldNotContain(late.Id.Value);
        await MoveUntilAsync(() => worker.Stepped.Contains(late.Id.Value), TimeSpan.FromSeconds(1));

        Store.Time.Now().ShouldBeGreaterThanOrEqualTo(late.DueAt!.Value);
    }

    [Fact]
    public async Task Work_that_nothing_signalled_is_found_by_polling()
    {
        var worker = await StartAsync(4);
        // A write past the queue raises no signal, as another process's would not.
        await using (var db = await Store.ReadAsync())
        {
            db.Add(Sample.Disk(Store) with { DueAt = Store.Time.Now() });
            await db.SaveChangesAsync(Store.Ct);
        }

        await MoveUntilAsync(() => !worker.Stepped.IsEmpty, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_worker_that_throws_is_put_off_and_stops_no_other()
    {
        await AddDueAsync(8);
        var bad = (await Store.ReadAsync(db => db.Disks.Select(disk => disk.Id).ToListAsync(Store.Ct)))
            .Take(4).Select(id => id.Value).ToHashSet();

        var worker = await StartAsync(
            2, (id, _, _) => bad.Contains(id) ? throw new InvalidOperationException("a bug") : Task.FromResult(false));
        await StepsAsync(worker, 8);
        await Eventually.HoldsAsync(() => worker.PutOff.Count == 4, "the faulty ones are put off");

        worker.PutOff.ShouldBe(bad, ignoreOrder: true);
        await Eventually.HoldsAsync(
            async () => await Store.ReadAsync(
                db => db.Disks.CountAsync(disk => disk.DueAt == null && disk.ClaimToken == null)) == 4,
            "the others are done");
    }

    [Fact]
    public async Task A_row_that_can_not_even_be_put_off_costs_no_worker()
    {
        await AddDueAsync(3);
        var worker = new ScriptedWorker(Store, 1)
        {
            Step = (_, _, _) => throw new InvalidOperationException("a bug"),
            OnPutOff = _ => throw new InvalidOperationException("another one"),
        };

        await StartAsync(worker, Store.Database);

        await StepsAsync(worker, 3);
    }

    [Fact]
    public async Task Claiming_that_fails_is_tried_again_and_costs_no_worker()
    {
        await AddDueAsync(4);
        var flaky = new FlakyDatabase(Store) { Failures = 3 };
        var gate = new Gate();
        var worker = new ScriptedWorker(Store, 4) { Step = (_, _, ct) => PassAsync(gate, ct) };

        await StartAsync(worker, flaky);
        await MoveUntilAsync(() => worker.Stepped.Count == 4, TimeSpan.FromSeconds(1));
        gate.Open();

        flaky.Failures.ShouldBe(0);
        worker.MostAtOnce.ShouldBe(4);
    }

    [Fact]
    public async Task A_row_that_goes_on_and_on_lets_go_of_its_claim()
    {
        await AddDueAsync(1);
        var lastAsked = new List<bool>();

        var worker = await StartAsync(1, (_, isLast, _) =>
        {
            lastAsked.Add(isLast);
            return Task.FromResult(!isLast);
        });
        await Eventually.HoldsAsync(() => lastAsked.Contains(true), "the last step");

        lastAsked.Count.ShouldBe(32);
        worker.Stepped.Count.ShouldBe(32);
    }

    [Fact]
    public async Task No_step_begins_that_could_outlast_its_claim()
    {
        await AddDueAsync(1);
        var lastAsked = new List<bool>();

        await StartAsync(1, (_, isLast, _) =>
        {
            lastAsked.Add(isLast);
            // A step of 20 s: the claim of 75 s has time for a second one, and a call of 45 s after that would
            // outlast it.
            Store.Time.Advance(TimeSpan.FromSeconds(20));
            return Task.FromResult(!isLast);
        });
        await Eventually.HoldsAsync(() => lastAsked.Contains(true), "the last step");

        lastAsked.ShouldBe([false, false, true]);
    }

    [Fact]
    public async Task Stopping_waits_for_the_steps_that_run()
    {
        await AddDueAsync(2);
        var gate = new Gate();
        var worker = await StartAsync(2, async (_, _, _) =>
        {
            await gate.PassAsync(CancellationToken.None);
            return false;
        });
        await StepsAsync(worker, 2);

        var stopped = _reconciler!.StopAsync(CancellationToken.None);
        await Task.Yield();
        stopped.IsCompleted.ShouldBeFalse();
        gate.Open();
        await Eventually.EndsAsync(stopped);

        (await Store.ReadAsync(db => db.Disks.CountAsync(disk => disk.ClaimToken != null))).ShouldBe(0);
    }

    [Fact]
    public async Task Stopping_tells_the_steps_and_takes_up_nothing_new()
    {
        await AddDueAsync(2);
        var gate = new Gate();
        var worker = await StartAsync(1, (_, _, ct) => PassAsync(gate, ct));
        await StepsAsync(worker, 1);

        await Eventually.EndsAsync(_reconciler!.StopAsync(CancellationToken.None));

        worker.Stepped.Count.ShouldBe(1);
        // Its claim stays: whether its call did anything, whoever is next reads back.
        (await Store.ReadAsync(db => db.Disks.CountAsync(disk => disk.ClaimToken != null))).ShouldBe(1);
    }

    private static async Task<bool> PassAsync(Gate gate, CancellationToken ct)
    {
        await gate.PassAsync(ct);
        return false;
    }

    private static Task StepsAsync(ScriptedWorker worker, int count) =>
        Eventually.HoldsAsync(() => worker.Stepped.Count >= count, $"{count} rows are stepped");

    private Task MoveUntilAsync(Func<bool> condition, TimeSpan step) => Eventually.HoldsAsync(
        () =>
        {
            Store.Time.Advance(step);
            return condition();
        },
        "it happens as time passes");

    private async Task<ScriptedWorker> StartAsync(
        int concurrency, Func<string, bool, CancellationToken, Task<bool>>? step = null)
    {
        var worker = new ScriptedWorker(Store, concurrency);
        worker.Step = step ?? worker.Step;
        await StartAsync(worker, Store.Database);
        return worker;
    }

    private Task StartAsync(ScriptedWorker worker, Database claimsFrom)
    {
        _reconciler = new Reconciler(
            worker,
            new Claims(claimsFrom, Store.Time, Store.Ids, "disks"),
            Store.WakeUps,
            Store.Time,
            NullLogger<Reconciler>.Instance);
        return _reconciler.StartAsync(Store.Ct);
    }

    private Task<Disk> AcceptAsync() => Store.Database.WriteAsync(
        (db, ct) => db.WriteAsync(Disk.Accept(Sample.Disk(Store), new DiskLimits()), null, ct), Store.Ct);

    private Task AddDueAsync(int count) =>
        Store.AddAsync(
            [.. Enumerable.Range(0, count).Select(_ => Sample.Disk(Store) with { DueAt = Store.Time.Now() })]);
}
