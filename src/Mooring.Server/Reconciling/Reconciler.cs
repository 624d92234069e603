using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mooring.Server.Reconciling;

/// <summary>
/// Makes what is so into what shall be so. This is the engine only: it knows rows that are due and workers that step
/// them, and nothing of disks or pods.
///
/// <para>A row that needs work carries a time at which it is due. The loop claims due rows, a batch at a time and no
/// more than it has workers for; a worker asks the pure lifecycle what to do, makes that one call outside of any
/// transaction, and writes what the answer means, under its claim. If a worker dies, its claim ends and somebody
/// else reads back what became of the call: every step may run twice. A row that has nothing to do carries no time,
/// and costs nothing.</para>
///
/// <para>A write that makes work raises a signal (<see cref="WakeUps"/>), and the loop claims at once. If a signal is
/// lost, the time at which the next row is due and a slow poll are the backstop: latency, never correctness, hangs on
/// signals. Any number of processes may run this loop over one PostgreSQL database.</para>
///
/// <para>A row whose step throws what it should not (a bug of ours, a database that is gone) is put off like one whose
/// provider failed, so that one bad row never stops the others.</para>
/// </summary>
internal sealed partial class Reconciler(
    IWorker worker, Claims claims, WakeUps wakeUps, TimeProvider time, ILogger<Reconciler> logger) : BackgroundService
{
    /// <summary>
    /// A call's timeout ends before its claim does, so that a late answer never meets another's claim.
    /// </summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan ClaimLength = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    // A row that could go on for ever (a bug) shall not keep its worker from others.
    private const int StepsPerClaim = 32;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var slots = new SemaphoreSlim(worker.Concurrency);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await FillAsync(slots, stoppingToken))
                {
                    await wakeUps.WaitAsync(worker.Kind, await UntilNextDueAsync(stoppingToken), time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogLoopFault(exception, worker.Kind);
                await Task.Delay(PauseAfterFault, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await DrainAsync(slots);
    }

    /// <summary>
    /// Gives due rows to the workers that are free, one at least; false if some of them stay without.
    /// </summary>
    private async Task<bool> FillAsync(SemaphoreSlim slots, CancellationToken ct)
    {
        await slots.WaitAsync(ct);
        var free = 1;
        try
        {
            while (free < worker.Concurrency && await slots.WaitAsync(TimeSpan.Zero, CancellationToken.None))
            {
                free++;
            }

            free -= await StartAsync(free, slots, ct);
            return free == 0;
        }
        finally
        {
            // Also when claiming failed: a fault of the database must not cost workers.
            if (free > 0)
            {
                slots.Release(free);
            }
        }
    }

    private async Task<int> StartAsync(int count, SemaphoreSlim slots, CancellationToken ct)
    {
        var (token, rows) = await claims.TakeAsync(count, ClaimLength, ct);
        Instruments.Claimed(worker.Kind, rows.Count);
        foreach (var id in rows)
        {
            _ = Task.Run(() => RunAsync(id, token, slots, ct), CancellationToken.None);
        }

        return rows.Count;
    }

    private async Task RunAsync(string id, string token, SemaphoreSlim slots, CancellationToken ct)
    {
        try
        {
            // Another step may follow under the same claim only if, however long this one's call takes, the next one's
            // would end before the claim does.
            var started = time.GetTimestamp();
            for (var step = 1; ; step++)
            {
                var isLast = step == StepsPerClaim || time.GetElapsedTime(started) > ClaimLength - (2 * CallTimeout);
                if (!await worker.StepAsync(id, token, isLast, ct))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The claim ends by itself, and the next start reads back what became of the call.
        }
        catch (Exception exception)
        {
            LogStepFault(exception, worker.Kind, id);
            await PutOffAsync(id, token, ct);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task PutOffAsync(string id, string token, CancellationToken ct)
    {
        try
        {
            await worker.PutOffAsync(id, token, ct);
        }
        catch (Exception exception)
        {
            LogStepFault(exception, worker.Kind, id);
        }
    }

    private async Task<TimeSpan> UntilNextDueAsync(CancellationToken ct)
    {
        var due = await claims.UntilNextDueAsync(ct);
        return due is not { } wait || wait > Poll ? Poll
            : wait < TimeSpan.FromMilliseconds(5) ? TimeSpan.FromMilliseconds(5)
            : wait;
    }

    private async Task DrainAsync(SemaphoreSlim slots)
    {
        for (var i = 0; i < worker.Concurrency; i++)
        {
            await slots.WaitAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The reconciler of {Kind} could not claim work")]
    private partial void LogLoopFault(Exception exception, WorkKinds kind);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "A step of {Kind} {Id} failed in a way it should not; it is put off")]
    private partial void LogStepFault(Exception exception, WorkKinds kind, string id);
}

/// <summary>Steps rows of one kind.</summary>
internal interface IWorker
{
    WorkKinds Kind { get; }

    /// <summary>Rows worked on at once.</summary>
    int Concurrency { get; }

    /// <summary>
    /// One step of a row under a claim: what to do, the call, what the answer means. True if the next step is due at
    /// once and the claim is kept for it, which a last step never does; false if the claim was given back or lost.
    /// </summary>
    Task<bool> StepAsync(string id, string token, bool isLast, CancellationToken ct);

    /// <summary>
    /// Ends a claim with the row due later, after a fault of ours; what was called may have effects yet.
    /// </summary>
    Task PutOffAsync(string id, string token, CancellationToken ct);
}
