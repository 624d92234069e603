using Mooring.Providers;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>
/// What any correct caller of a provider does, and no more: it asks until the answer says that it is so, and takes a
/// missing answer for neither yes nor no. It is the other half of the contract in Mooring.Providers, and written here
/// once more on purpose: the suite speaks to that contract alone, so that a fault of Mooring's own lifecycle can't pass
/// a provider that has the opposite fault, nor fail one that has none. The lifecycle has histories of its own.
/// </summary>
public sealed class Caller(Site site, Resources resources, CallerRules rules)
{
    private const int StepsAtMost = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Doubt> _doubts = [];
    private readonly Dictionary<string, string> _remoteIds = [];

    /// <summary>A create call of unknown outcome, as long as it may still take effect.</summary>
    private sealed record Doubt(DateTimeOffset SettlesAt, bool IsFound, int AbsentLooks);

    /// <summary>What it knows of a remote id.</summary>
    public string? RemoteIdOf(string name) => _remoteIds.GetValueOrDefault(name);

    /// <summary>A create call ended without an answer: it may have been done, or be done yet.</summary>
    public void LoseTrackOf(string name) =>
        _doubts[name] = new Doubt(site.Now + resources.SettlingTime, IsFound: false, AbsentLooks: 0);

    /// <summary>Whether an answer shows that it is as it is wanted, so that nothing more needs to be asked.</summary>
    public bool IsProven(string name, bool isWanted, Sighting seen) => isWanted
        ? seen.Standing is Standing.Ready or Standing.Ended
        : seen.Standing == Standing.Absent && !_doubts.ContainsKey(name);

    /// <summary>Asks for it until it is ready.</summary>
    /// <returns>The last sighting.</returns>
    /// <exception cref="ProviderException">It is refused, or our credentials are.</exception>
    public Task<Sighting> UntilReadyAsync(string name, CancellationToken ct) => UntilAsync(name, isWanted: true, ct);

    /// <summary>Asks for its removal until its absence is certain.</summary>
    /// <returns>The last sighting.</returns>
    /// <exception cref="ProviderException">It is refused, or our credentials are.</exception>
    public Task<Sighting> UntilGoneAsync(string name, CancellationToken ct) => UntilAsync(name, isWanted: false, ct);

    /// <summary>One step towards what is wanted; null where it was put off.</summary>
    public async Task<Sighting?> StepAsync(string name, bool isWanted, CancellationToken ct, Resources? by = null)
    {
        try
        {
            return Note(name, await AskAsync(by ?? resources, name, isWanted, ct));
        }
        catch (UnknownOutcomeException)
        {
            if (isWanted)
            {
                LoseTrackOf(name);
            }
        }
        catch (ThrottledException throttled)
        {
            await site.PassAsync(throttled.RetryAfter ?? Pause);
        }
        catch (ProviderException failure) when (failure is UnreachableException or OutOfStockException)
        {
            await site.PassAsync(Pause);
        }

        return null;
    }

    private Task<Sighting> AskAsync(Resources by, string name, bool isWanted, CancellationToken ct) =>
        !isWanted ? by.EnsureDeletedAsync(name, RemoteIdOf(name), ct)
        // Where names are not unique, asking again could make a second one.
        : _doubts.TryGetValue(name, out var doubt) && !doubt.IsFound ? by.ObserveAsync(name, RemoteIdOf(name), ct)
        : by.EnsureCreatedAsync(name, ct);

    private async Task<Sighting> UntilAsync(string name, bool isWanted, CancellationToken ct)
    {
        Sighting? last = null;
        for (var step = 0; step < StepsAtMost; step++)
        {
            if (await StepAsync(name, isWanted, ct) is { } seen)
            {
                last = seen;
                if (IsProven(name, isWanted, seen))
                {
                    return seen;
                }

                await site.PassAsync(Pause);
            }
        }

        throw new InvalidOperationException(
            $"After {StepsAtMost} steps {name} is not {(isWanted ? "ready" : "gone")}; last seen: {last}.");
    }

    private Sighting Note(string name, Sighting seen)
    {
        if (seen.RemoteId is { } id)
        {
            _remoteIds[name] = id;
        }

        if (_doubts.TryGetValue(name, out var doubt))
        {
            Keep(name, seen.Standing == Standing.Absent ? AfterAbsence(doubt) : AfterFinding(doubt));
        }

        return seen;
    }

    private Doubt? AfterAbsence(Doubt doubt)
    {
        var looks = rules.WaitsForSettling && site.Now < doubt.SettlesAt ? 0 : doubt.AbsentLooks + 1;
        return looks >= rules.LooksThatProveAbsence ? null : doubt with { AbsentLooks = looks };
    }

    // The open call may be another than the one that made what was found, and take effect after that is deleted.
    private Doubt? AfterFinding(Doubt doubt) =>
        site.Now >= doubt.SettlesAt ? null : doubt with { IsFound = true, AbsentLooks = 0 };

    private void Keep(string name, Doubt? doubt)
    {
        if (doubt is null)
        {
            _doubts.Remove(name);
        }
        else
        {
            _doubts[name] = doubt;
        }
    }
}

/// <summary>The rules by which a caller takes an absence for proven after a create of unknown outcome.</summary>
/// <param name="WaitsForSettling">Looks before the provider's settling time don't count.</param>
/// <param name="LooksThatProveAbsence">Complete looks in a row that did not find it.</param>
public sealed record CallerRules(bool WaitsForSettling, int LooksThatProveAbsence)
{
    public static readonly CallerRules Correct = new(WaitsForSettling: true, LooksThatProveAbsence: 2);
}
