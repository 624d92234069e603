using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Disks;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;

namespace Mooring.Server.Inventory;

/// <summary>
/// How many disks and pods there are by status, how many wallets want money, how long what is due waits, and how much
/// is overdue: counted when the metrics are asked for, a few queries however many rows there are, and kept for some
/// seconds, as gauges answer at once.
/// </summary>
internal sealed class Census : IDisposable
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(3);

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Counted _last = new(new Dictionary<DiskStatus, int>(), new Dictionary<PodStatus, int>(), null);

    public Census(Database database, TimeProvider time, IMeterFactory meters)
    {
        _database = database;
        _time = time;
        var meter = meters.Create(Instruments.MeterName);
        meter.CreateObservableGauge(
            "mooring.disks", () => Measure(_last.Disks, DiskStatusNames.ToWire), "{disk}",
            "Disks that are not TERMINATED, by status.");
        meter.CreateObservableGauge(
            "mooring.pods", () => Measure(_last.Pods, PodStatusNames.ToWire), "{pod}",
            "Instances that are not TERMINATED, by status.");
        meter.CreateObservableGauge(
            "mooring.wallets", () => Wallets(_last), "{wallet}", "Prepaid wallets that are LOW or EMPTY.");
        meter.CreateObservableGauge(
            "mooring.due.age", () => Ages(_last), "s",
            "How long the row that is due the longest has waited or been worked on.");
        meter.CreateObservableGauge(
            "mooring.overdue", () => Overdue(_last), "{row}", "Rows whose status has lasted longer than it should.");
    }

    /// <summary>Counts anew, unless that was done a moment ago.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            if (_last.Timestamp is not { } counted || _time.GetElapsedTime(counted) > GoodFor)
            {
                _last = await CountAsync(ct);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<Counted> CountAsync(CancellationToken ct)
    {
        await using var db = await _database.ReadAsync(ct);
        var now = _time.Now();
        var disks = await db.Disks
            .Where(disk => disk.TerminatedAt == null)
            .GroupBy(disk => disk.Status)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, ct);
        var pods = await db.Pods
            .Where(pod => pod.TerminatedAt == null)
            .GroupBy(pod => pod.Status)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, ct);
        var wallets = await db.Wallets
            .Where(wallet => wallet.LowSince != null)
            .GroupBy(wallet => wallet.EmptySince != null)
            .Select(group => new { IsEmpty = group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.IsEmpty, group => group.Count, ct);
        return new Counted(disks, pods, _time.GetTimestamp())
        {
            WalletsLow = wallets.GetValueOrDefault(false),
            WalletsEmpty = wallets.GetValueOrDefault(true),
            DiskAge = Age(await db.Disks.MinAsync(disk => disk.DueAt, ct), now),
            PodAge = Age(await db.Pods.MinAsync(pod => pod.DueAt, ct), now),
            WalletAge = Age(
                await db.Wallets.Where(wallet => wallet.DueAt != null).MinAsync(wallet => wallet.DueAt, ct), now),
            DisksOverdue = await db.Disks.CountAsync(
                disk => disk.DueAt != null && (disk.IsOverdueTold || disk.Deadline <= now), ct),
            PodsOverdue = await db.Pods.CountAsync(
                pod => pod.DueAt != null && (pod.IsOverdueTold || pod.Deadline <= now), ct),
        };
    }

    private static double Age(DateTimeOffset? due, DateTimeOffset now) =>
        due < now ? (now - due.Value).TotalSeconds : 0;

    // A status that nobody is in is 0 and not absent: an alert on it would not know the difference to no answer.
    private static IEnumerable<Measurement<int>> Measure<TStatus>(
        IReadOnlyDictionary<TStatus, int> counts, Func<TStatus, string> nameOf)
        where TStatus : struct, Enum =>
        Enum.GetValues<TStatus>()
            .Where(status => nameOf(status) != Contract.V1.Statuses.Terminated)
            .Select(status => new Measurement<int>(
                counts.GetValueOrDefault(status), new KeyValuePair<string, object?>("status", nameOf(status))));

    private static Measurement<double>[] Ages(Counted counted) =>
    [
        new(counted.DiskAge, new KeyValuePair<string, object?>("kind", "disk")),
        new(counted.PodAge, new KeyValuePair<string, object?>("kind", "pod")),
        new(counted.WalletAge, new KeyValuePair<string, object?>("kind", "wallet")),
    ];

    private static Measurement<int>[] Wallets(Counted counted) =>
    [
        new(counted.WalletsLow, new KeyValuePair<string, object?>("status", WalletStatuses.Low)),
        new(counted.WalletsEmpty, new KeyValuePair<string, object?>("status", WalletStatuses.Empty)),
    ];

    private static Measurement<int>[] Overdue(Counted counted) =>
    [
        new(counted.DisksOverdue, new KeyValuePair<string, object?>("kind", "disk")),
        new(counted.PodsOverdue, new KeyValuePair<string, object?>("kind", "pod")),
    ];

    private sealed record Counted(
        IReadOnlyDictionary<DiskStatus, int> Disks, IReadOnlyDictionary<PodStatus, int> Pods, long? Timestamp)
    {
        public double DiskAge { get; init; }

        public double PodAge { get; init; }

        public double WalletAge { get; init; }

        public int WalletsLow { get; init; }

        public int WalletsEmpty { get; init; }

        public int DisksOverdue { get; init; }

        public int PodsOverdue { get; init; }
    }
}
