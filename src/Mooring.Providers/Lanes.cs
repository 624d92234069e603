namespace Mooring.Providers;

/// <summary>
/// One call at a time for each name: two that both look before either acts would each make one, where the place itself
/// takes any number under a name. For the adapters of such places, one object for an account.
/// </summary>
public sealed class Lanes
{
    private readonly SemaphoreSlim[] _lanes = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Does it once no other call of the name, or of one that shares its lane, is at work.</summary>
    /// <param name="name">The remote name.</param>
    /// <param name="act">What to do.</param>
    /// <param name="ct">Ends the waiting; what is done is <paramref name="act"/>'s to end.</param>
    public async Task<T> EnterAsync<T>(string name, Func<Task<T>> act, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(act);
        var lane = _lanes[(uint)name.GetHashCode(StringComparison.Ordinal) % (uint)_lanes.Length];
        await lane.WaitAsync(ct);
        try
        {
            return await act();
        }
        finally
        {
            lane.Release();
        }
    }
}
