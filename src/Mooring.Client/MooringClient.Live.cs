using System.Runtime.CompilerServices;
using Mooring.Contract.Native;

namespace Mooring.Client;

// Live history: a stream that lasts as long as its reader, across whatever cuts it off.
public sealed partial class MooringClient
{
    /// <summary>
    /// What happens to any disk or instance that the key sees, as it happens, each event once and in order. It has no
    /// end: cut off, or met by a passing failure (no answer, 429, 5xx), it comes back to where it was, at growing
    /// intervals of 0.1 s to 3 s or as long as the server asks. Other failures are thrown, such as a key that is
    /// refused by now.
    /// </summary>
    /// <param name="after">The number of the event after which to begin, 0 for the first; null for now.</param>
    /// <param name="time">The clock for the intervals, and for giving up a server that is silent for 45 s.</param>
    /// <param name="progress">Told each passing failure; null for nobody.</param>
    /// <param name="ct">Ends it.</param>
    public IAsyncEnumerable<LiveEvent> FollowEventsAsync(
        long? after, TimeProvider time, IProgress<MooringException>? progress = null, CancellationToken ct = default) =>
        FollowAsync($"{Native}events/stream", after, time, progress, ct);

    /// <summary>What happens to one disk; else as <see cref="FollowEventsAsync"/>.</summary>
    /// <param name="id">The disk's id.</param>
    /// <param name="after">The number of the event after which to begin, 0 for the first; null for now.</param>
    /// <param name="time">The clock for the intervals, and for giving up a server that is silent for 45 s.</param>
    /// <param name="progress">Told each passing failure; null for nobody.</param>
    /// <param name="ct">Ends it.</param>
    public IAsyncEnumerable<LiveEvent> FollowDiskEventsAsync(
        string id,
        long? after,
        TimeProvider time,
        IProgress<MooringException>? progress = null,
        CancellationToken ct = default) =>
        FollowAsync($"{Native}disks/{ApiTransport.Segment(id)}/events/stream", after, time, progress, ct);

    /// <summary>What happens to one instance; else as <see cref="FollowEventsAsync"/>.</summary>
    /// <param name="id">The instance's id.</param>
    /// <param name="after">The number of the event after which to begin, 0 for the first; null for now.</param>
    /// <param name="time">The clock for the intervals, and for giving up a server that is silent for 45 s.</param>
    /// <param name="progress">Told each passing failure; null for nobody.</param>
    /// <param name="ct">Ends it.</param>
    public IAsyncEnumerable<LiveEvent> FollowPodEventsAsync(
        string id,
        long? after,
        TimeProvider time,
        IProgress<MooringException>? progress = null,
        CancellationToken ct = default) =>
        FollowAsync($"{Native}pods/{ApiTransport.Segment(id)}/events/stream", after, time, progress, ct);

    private async IAsyncEnumerable<LiveEvent> FollowAsync(
        string path,
        long? after,
        TimeProvider time,
        IProgress<MooringException>? progress,
        [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(time);
        for (var (position, pause) = (after, FirstPause); ; pause = Longer(pause))
        {
            var (reader, failure) = await TryOpenAsync(path, position, time, ct);
            using (reader)
            {
                while (reader is not null && await reader.NextAsync(ct) is { } sent)
                {
                    // A server that answers is there again.
                    pause = FirstPause;
                    position = sent.Position ?? position;
                    if (sent.Event is { } happened)
                    {
                        yield return happened;
                    }
                }
            }

            if (failure is not null)
            {
                progress?.Report(failure);
            }

            var asked = (failure as MooringApiException)?.RetryAfter ?? TimeSpan.Zero;
            await Task.Delay(asked > pause ? asked : pause, time, ct);
        }
    }

    private async Task<(EventReader? Reader, MooringException? Failure)> TryOpenAsync(
        string path, long? position, TimeProvider time, CancellationToken ct)
    {
        try
        {
            return (await _api.OpenAsync(path, position, time, ct), null);
        }
        catch (MooringException e) when (e.IsTransient)
        {
            return (null, e);
        }
    }
}
