using System.Threading.Channels;

namespace Mooring.Server.Reconciling;

/// <summary>
/// The in-process signal that a write made work. Raised after the commit by the database itself
/// (<see cref="Persistence.MooringDb.Wakes"/>), so that no writer can forget it.
/// </summary>
internal sealed class WakeUps
{
    private readonly Dictionary<WorkKinds, Channel<bool>> _signals = new()
    {
        [WorkKinds.Disks] = NewSignal(),
        [WorkKinds.Pods] = NewSignal(),
    };

    public void Raise(WorkKinds kinds)
    {
        foreach (var (kind, signal) in _signals)
        {
            if (kinds.HasFlag(kind))
            {
                signal.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>Ends when a signal was raised since the last wait ended, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(WorkKinds kind, TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            await _signals[kind].Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
        {
        }
    }

    private static Channel<bool> NewSignal() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
}
