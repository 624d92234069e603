using System.Runtime.InteropServices;

namespace Mooring.Cli;

/// <summary>
/// Ctrl-C and its kin, in steps: the first ends the work and lets the cleaning up go on, the second ends that too,
/// and a third has its usual effect.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _work;
    private readonly CancellationTokenSource _cleaning = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    /// <param name="ct">Counts as the first interruption.</param>
    public Interruption(CancellationToken ct)
    {
        _work = CancellationTokenSource.CreateLinkedTokenSource(ct);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, received => received.Cancel = Next()));
        }
    }

    /// <summary>Cancelled by the first interruption.</summary>
    public CancellationToken Work => _work.Token;

    /// <summary>Cancelled by the second.</summary>
    public CancellationToken Cleaning => _cleaning.Token;

    /// <summary>One interruption more. False when there is nothing left to interrupt.</summary>
    public bool Next()
    {
        if (_cleaning.IsCancellationRequested)
        {
            return false;
        }

        (_work.IsCancellationRequested ? _cleaning : _work).Cancel();
        return true;
    }

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _work.Dispose();
        _cleaning.Dispose();
    }
}
