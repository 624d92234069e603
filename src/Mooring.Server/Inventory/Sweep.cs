using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mooring.Providers;
using Mooring.Providers.Instances;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Inventory;

/// <summary>
/// One list call per provider account and minute, instead of one look per disk: whatever differs from our records is
/// made due, and the lifecycle looks at it closely. So a disk that vanished, a pod whose end no signal told, and a
/// stray under the name of something that is gone are all found, and a steady state costs the same however many there
/// are.
/// </summary>
internal sealed partial class Sweep(
    ProviderRegistry providers,
    Database database,
    ProviderCall calls,
    InstallationId installation,
    Findings findings,
    TimeProvider time,
    ILogger<Sweep> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    // A host's engine takes a moment to come up; a list before that would find every pod unreadable.
    private static readonly TimeSpan AtStart = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _changed = new(0);
    private const int IdsPerQuery = 500;
    private const string OrphansWords = "It bears this installation's name, and no record is about it.";

    /// <summary>Says that a provider can be asked that could not before; it is swept at once.</summary>
    public void TellChanged() => _changed.Release();

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    /// <summary>Sweeps every provider account once, all at once: one that hangs does not keep the others.</summary>
    public Task RunOnceAsync(CancellationToken ct) => Task.WhenAll(providers.All.Select(async provider =>
    {
        await SweepDisksAsync(provider, ct);
        await SweepPodsAsync(provider, ct);
    }));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = AtStart; ; wait = Period)
        {
            using var period = new CancellationTokenSource(wait, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, period.Token);
            await _changed.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Full records, say: that ends neither the loop nor, with it, the server.
                LogNotStored(exception);
            }
        }
    }

    private async Task SweepPodsAsync(Provider provider, CancellationToken ct)
    {
        if (provider.Instances is not { } instances)
        {
            return;
        }

        var (listed, failure) = await calls.MakeAsync(
            provider.Type,
            "ListInstances",
            $"provider account {provider.Id}",
            token => ByNameAsync(instances.ListAsync(token), instance => instance.Name, token),
            ct);
        if (failure is not null || listed is null)
        {
            await MakeRunningDueAsync(provider, ct);
            return;
        }

        var listedAt = time.Now();
        await using var db = await database.ReadAsync(ct);
        List<string> changed = [];
        var running = db.Pods
            .Where(pod => pod.ProviderAccountId == provider.Id && pod.Status == PodStatus.Active && pod.DueAt == null)
            .Select(pod => pod.RemoteName)
            .AsAsyncEnumerable();
        await foreach (var name in running.WithCancellation(ct))
        {
            if (!listed.Remove(name, out var there)
                || there.State is not (RemoteInstanceState.Ready or RemoteInstanceState.Starting))
            {
                changed.Add(name);
            }
        }

        var known = await KnownAsync(
            listed.Keys,
            names => db.Pods
                .Where(pod => names.Contains(pod.RemoteName))
                .Select(pod => new Known(pod.RemoteName, pod.Status == PodStatus.Terminated && pod.DueAt == null)),
            ct);
        Tell(findings.Report(
            provider.Id,
            ofDisks: false,
            [
                .. listed.Values.Where(one => IsOrphan(one.Name, known)).Select(one => new Finding(
                    FindingKind.OrphanInstance,
                    provider.Id,
                    one.Name,
                    one.RemoteId,
                    ByteSize.Zero,
                    null,
                    null,
                    OrphansWords)),
            ],
            listedAt));
        await MakeDueAsync("pod", [.. changed, .. Strays(known)], WorkKinds.Pods, ct);
    }

    // A host that can't be listed is a host whose pods can't be seen: each is looked at, and tells so.
    private Task MakeRunningDueAsync(Provider provider, CancellationToken ct) => database.WriteAsync(
        async (db, token) =>
        {
            var made = await db.Pods
                .Where(pod => pod.ProviderAccountId == provider.Id
                    && pod.Status == PodStatus.Active
                    && pod.DueAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(pod => pod.DueAt, db.DueClock), token);
            db.Wakes |= made > 0 ? WorkKinds.Pods : WorkKinds.None;
        },
        ct);

    private bool IsOrphan(string name, Dictionary<string, bool> known) =>
        RemoteName.IdIn(installation.Value, name) is not null && !known.ContainsKey(name);

    /// <summary>Names of what is listed but, by our records, not there.</summary>
    private static IEnumerable<string> Strays(Dictionary<string, bool> known) =>
        known.Where(one => one.Value).Select(one => one.Key);

    /// <summary>Of these names, those that rows of ours have; and whether, by our records, it is not there.</summary>
    private static async Task<Dictionary<string, bool>> KnownAsync(
        IEnumerable<string> names, Func<List<string>, IQueryable<Known>> find, CancellationToken ct)
    {
        Dictionary<string, bool> known = [];
        foreach (var chunk in names.Chunk(IdsPerQuery))
        {
            foreach (var one in await find([.. chunk]).ToListAsync(ct))
            {
                known[one.Name] = one.IsGone;
            }
        }

        return known;
    }

    private void Tell(IReadOnlyList<Finding> found)
    {
        foreach (var finding in found)
        {
            LogFound(finding.Kind, finding.Name, finding.Provider, finding.Words);
        }
    }

    private async Task MakeDueAsync(string what, IReadOnlyList<string> names, WorkKinds kind, CancellationToken ct)
    {
        foreach (var chunk in names.Chunk(IdsPerQuery))
        {
            foreach (var name in chunk)
            {
                LogDiffers(what, name);
            }

            await DueNow.MakeAsync(database, chunk, kind, ct);
        }
    }

    /// <summary>Remembers since when an account can't be listed; written only when that changes.</summary>
    private async Task NoteReadabilityAsync(ProviderAccountId id, ProviderFailure? failure, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var account = await db.ProviderAccounts.AsNoTracking().SingleAsync(row => row.Id == id, ct);
        if ((account.UnreadableSince is null) == (failure is null) && account.UnreadableReason == failure?.Words)
        {
            return;
        }

        DateTimeOffset? since = failure is null ? null : account.UnreadableSince ?? time.Now();
        await database.WriteAsync(
            (write, token) => write.ProviderAccounts.Where(row => row.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.UnreadableSince, since)
                    .SetProperty(row => row.UnreadableReason, failure?.Words),
                token),
            ct);
    }

    private static async Task<Dictionary<string, T>> ByNameAsync<T>(
        IAsyncEnumerable<T> listed, Func<T, string> nameOf, CancellationToken ct)
    {
        Dictionary<string, T> byName = [];
        await foreach (var one in listed.WithCancellation(ct))
        {
            byName[nameOf(one)] = one;
        }

        return byName;
    }

    private sealed record Known(string Name, bool IsGone);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Inventory: {Kind} {Name} at provider account {Account}. {Words} `mooring inventory list` has all")]
    private partial void LogFound(FindingKind kind, string name, ProviderAccountId account, string words);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The {What} {Name} is not at its provider as our records say; looking closer")]
    private partial void LogDiffers(string what, string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "What the inventory found could not be stored")]
    private partial void LogNotStored(Exception exception);
}
