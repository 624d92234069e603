namespace Mooring.Providers.Simulated;

/// <summary>
/// One call at a time for each name: two that both look before either acts would each make one, where the place itself
/// takes any number under a name.
/// </summary>
internal sealed class Lanes
{
    private readonly SemaphoreSlim[] _lanes = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public async Task<T> EnterAsync<T>(string name, Func<Task<T>> act, CancellationToken ct)
    {
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
