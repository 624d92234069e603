namespace Mooring.Providers.RunPod;

/// <summary>
/// Ids of what was made a moment ago. RunPod does not say whether a list shows at once what a create call answered, so
/// what a list lacks is asked for by its id as long as that call is fresh; and where that fails too it is not taken for
/// absent, as it would be made again then, or not deleted.
/// </summary>
internal sealed class Recent(TimeProvider time, TimeSpan span)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Name, DateTimeOffset Until)> _made = [];

    public void Add(string name, string id)
    {
        lock (_gate)
        {
            _made[id] = (name, time.GetUtcNow() + span);
        }
    }

    /// <summary>What a list does not show yet, now that it shows these; empty where lists show all at once.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<string> listedIds)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var old = _made.Where(one => one.Value.Until <= now).Select(one => one.Key).ToList();
            foreach (var id in listedIds.Concat(old))
            {
                _made.Remove(id);
            }

            return [.. _made.Keys];
        }
    }

    /// <summary>It is deleted.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            _made.Remove(id);
        }
    }

    /// <summary>The ids under which a name may be there though no list shows it.</summary>
    /// <param name="name">The remote name.</param>
    /// <param name="remoteId">The id that a caller remembers, or null.</param>
    public IReadOnlyList<string> IdsOf(string name, string? remoteId)
    {
        lock (_gate)
        {
            var ids = _made.Where(one => one.Value.Name == name).Select(one => one.Key);
            return [.. (remoteId is not null && IsId(remoteId) ? ids.Append(remoteId) : ids).Distinct()];
        }
    }

    /// <summary>The id of one of this name that was made a moment ago and that no list has shown; or null.</summary>
    public string? IdOf(string name)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return _made.Where(one => one.Value.Name == name && one.Value.Until > now)
                .Select(one => one.Key).Order(StringComparer.Ordinal).FirstOrDefault();
        }
    }

    // RunPod's are opaque short strings; what else a caller may have stored is not asked for.
    private static bool IsId(string text) =>
        text.Length is > 0 and <= 64 && text.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_');
}
