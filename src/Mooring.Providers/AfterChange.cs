namespace Mooring.Providers;

/// <summary>
/// Reads after a change. That the reading failed says nothing about the change, which is done: it must not end as if
/// nothing had been.
/// </summary>
public static class AfterChange
{
    /// <summary>What is there after the change; null where that can't be read now.</summary>
    public static async Task<T?> ReadAsync<T>(Func<Task<T>> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            return await read();
        }
        catch (ProviderException)
        {
            return null;
        }
    }
}
