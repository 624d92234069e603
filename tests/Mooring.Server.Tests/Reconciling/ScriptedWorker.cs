using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Reconciling;

/// <summary>
/// A worker over the disks' rows whose steps a test writes. A step that ends gives its row back with nothing to do.
/// </summary>
internal sealed class ScriptedWorker(Store store, int concurrency) : IWorker
{
    private int _running;

    public WorkKinds Kind => WorkKinds.Disks;

    public int Concurrency => concurrency;

    /// <summary>Ids of the rows stepped, in the order in which their steps began.</summary>
    public ConcurrentQueue<string> Stepped { get; } = new();

    public ConcurrentQueue<string> PutOff { get; } = new();

    /// <summary>The most steps that ran at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>What a step does; true to go on under the same claim.</summary>
    public Func<string, bool, CancellationToken, Task<bool>> Step { get; set; } = (_, _, _) => Task.FromResult(false);

    public Func<string, Task> OnPutOff { get; set; } = _ => Task.CompletedTask;

    public async Task<bool> StepAsync(string id, string token, bool isLast, CancellationToken ct)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
        try
        {
            Stepped.Enqueue(id);
            if (await Step(id, isLast, ct))
            {
                return true;
            }

            await GiveBackAsync(id, token, null);
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public async Task PutOffAsync(string id, string token, CancellationToken ct)
    {
        PutOff.Enqueue(id);
        await OnPutOff(id);
        await GiveBackAsync(id, token, store.Time.Now().AddMinutes(1));
    }

    private Task<int> GiveBackAsync(string id, string token, DateTimeOffset? dueAt) => store.Database.WriteAsync(
        (db, ct) => db.Disks.Where(disk => disk.Id == new DiskId(id) && disk.ClaimToken == token).ExecuteUpdateAsync(
            set => set
                .SetProperty(disk => disk.DueAt, dueAt)
                .SetProperty(disk => disk.ClaimToken, (string?)null)
                .SetProperty(disk => disk.ClaimUntil, (DateTimeOffset?)null),
            ct),
        CancellationToken.None);
}
