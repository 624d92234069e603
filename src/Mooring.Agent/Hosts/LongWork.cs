using System.Collections.Concurrent;

namespace Mooring.Agent.Hosts;

/// <summary>
/// Work that may outlast the call that began it: it goes on between calls, and the next call for the same key joins it.
/// What it ended with is told once; the call after that begins anew.
/// </summary>
internal sealed class LongWork<T>(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<T>>> _running = [];

    /// <summary>Whether work under this key has not been told the end of.</summary>
    public bool Has(string key) => _running.ContainsKey(key);

    /// <summary>
    /// Begins the work unless it runs, and waits for its end. The work is not told when the caller gives up.
    /// </summary>
    /// <returns>Whether it ended in time, and with what. What it threw, the call throws.</returns>
    public async Task<(bool Ended, T? Result)> JoinAsync(
        string key, Func<Task<T>> work, TimeSpan patience, CancellationToken ct)
    {
        var running = _running.GetOrAdd(key, _ => new Lazy<Task<T>>(() => Task.Run(work, CancellationToken.None)));
        Task<T> task = running.Value;
        await ((Task)task).WaitAsync(patience, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        if (!task.IsCompleted)
        {
            return (false, default);
        }

        _running.TryRemove(new(key, running));
        return (true, await task);
    }
}
