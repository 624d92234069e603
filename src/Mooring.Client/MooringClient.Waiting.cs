using Mooring.Contract.V1;

namespace Mooring.Client;

public sealed partial class MooringClient
{
    // Short at first, because a local disk is ready in milliseconds; then ever longer, because a cloud's takes minutes.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);
    private const double PauseGrowth = 1.5;

    /// <summary>
    /// Reads a disk again and again, at growing intervals of 0.1 s to 3 s or as long as the server asks, until
    /// <paramref name="until"/> holds. Passing failures (no answer, 429, 5xx) are waited out; others are thrown.
    /// </summary>
    /// <param name="id">The disk's id.</param>
    /// <param name="until">Whether this is what is waited for. What it throws ends the wait.</param>
    /// <param name="deadline">The longest time to wait, from now.</param>
    /// <param name="time">The clock for the deadline and the intervals.</param>
    /// <param name="progress">Told every disk read; null for nobody.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The disk for which <paramref name="until"/> held.</returns>
    /// <exception cref="MooringWaitException">
    /// The deadline came first; the last passing failure is its cause.
    /// </exception>
    public Task<Disk> WaitForDiskAsync(
        string id,
        Func<Disk, bool> until,
        TimeSpan deadline,
        TimeProvider time,
        IProgress<Disk>? progress = null,
        CancellationToken ct = default) =>
        WaitAsync(
            token => GetDiskAsync(id, token),
            until,
            disk => $"Disk {id} is {disk.Status}",
            deadline,
            time,
            progress,
            ct);

    /// <summary>The same for an instance.</summary>
    /// <param name="id">The instance's id.</param>
    /// <param name="until">Whether this is what is waited for. What it throws ends the wait.</param>
    /// <param name="deadline">The longest time to wait, from now.</param>
    /// <param name="time">The clock for the deadline and the intervals.</param>
    /// <param name="progress">Told every instance read; null for nobody.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The instance for which <paramref name="until"/> held.</returns>
    /// <exception cref="MooringWaitException">
    /// The deadline came first; the last passing failure is its cause.
    /// </exception>
    public Task<Pod> WaitForPodAsync(
        string id,
        Func<Pod, bool> until,
        TimeSpan deadline,
        TimeProvider time,
        IProgress<Pod>? progress = null,
        CancellationToken ct = default) =>
        WaitAsync(
            token => GetPodAsync(id, token),
            until,
            pod => $"Instance {id} is {pod.Status}",
            deadline,
            time,
            progress,
            ct);

    private static async Task<T> WaitAsync<T>(
        Func<CancellationToken, Task<T>> read,
        Func<T, bool> until,
        Func<T, string> words,
        TimeSpan deadline,
        TimeProvider time,
        IProgress<T>? progress,
        CancellationToken ct)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(until);
        ArgumentNullException.ThrowIfNull(time);
        using var over = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        T? last = null;
        MooringException? failure = null;
        try
        {
            for (var pause = FirstPause; ; pause = Longer(pause))
            {
                (last, failure) = await TryReadAsync(read, last, either.Token);
                if (failure is null && last is not null)
                {
                    progress?.Report(last);
                    if (until(last))
                    {
                        return last;
                    }
                }

                var asked = (failure as MooringApiException)?.RetryAfter ?? TimeSpan.Zero;
                await Task.Delay(asked > pause ? asked : pause, time, either.Token);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            var state = last is null ? "It could not be read" : words(last);
            var why = failure is null ? "" : $" {failure.Message}";
            throw new MooringWaitException($"{state} after waiting {deadline.TotalSeconds:0.###} s.{why}", failure);
        }
    }

    private static async Task<(T? Last, MooringException? Failure)> TryReadAsync<T>(
        Func<CancellationToken, Task<T>> read,
        T? last,
        CancellationToken ct)
        where T : class
    {
        try
        {
            return (await read(ct), null);
        }
        catch (MooringException e) when (e.IsTransient)
        {
            return (last, e);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) =>
        pause * PauseGrowth < LongestPause ? pause * PauseGrowth : LongestPause;
}
