using Mooring.Server.Reconciling;

namespace Mooring.Server.Tests.Histories;

/// <summary>
/// The faults end: the process starts again, every call succeeds, users wish nothing more. Drives a history until no
/// row wants anything, and fails if that takes more steps than it may.
/// </summary>
internal sealed class Settling(History history)
{
    // Until a clock that was set back by minutes has caught up, rows look about twice a minute.
    private const int RoundsMost = 4_000;

    public void Run()
    {
        history.EndAllWork();
        for (var round = 0; round < RoundsMost; round++)
        {
            if (history.Claimable is [var first, ..])
            {
                history.Work(first, CallScript.Healthy);
                StateRules.Check(history);
                continue;
            }

            history.Disks.Progress();
            history.Host.Progress();
            if (NextTime() is not { } next)
            {
                // Twice at rest, as a look may miss what has just landed.
                history.Sweep();
                if (history.Claimable.Count == 0)
                {
                    return;
                }
            }
            else if (next > history.Time.Now)
            {
                history.Pass(next - history.Time.Now);
            }
        }

        Assert.Fail($"It has not settled after {RoundsMost} rounds.");
    }

    private DateTimeOffset? NextTime()
    {
        var rows = history.Store.Disks.Cast<IWorkRow>()
            .Concat(history.Store.Pods.Select(work => work.Pod!))
            .Where(row => row.DueAt is not null)
            .Select(row => row.ClaimUntil > row.DueAt ? row.ClaimUntil : row.DueAt)
            .ToList();
        var landings = new[] { history.Disks.Place.NextLanding, history.Host.Place.NextLanding }
            .Where(landing => landing is not null)
            .Select(landing => (DateTimeOffset?)(history.Time.Now + (landing!.Value - history.Time.True)));
        return rows.Concat(landings).Min();
    }
}
