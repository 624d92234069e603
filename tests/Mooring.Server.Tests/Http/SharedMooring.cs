namespace Mooring.Server.Tests.Http;

/// <summary>One server for all tests of a class that leave each other alone.</summary>
public sealed class SharedMooring : IAsyncLifetime
{
    private readonly Dictionary<int, string> _keys = [];
    private TestMooring? _mooring;

    internal TestMooring Mooring => _mooring ?? throw new InvalidOperationException("The server is not started.");

    /// <summary>A key with these permissions, made once.</summary>
    internal async Task<string> KeyAsync(int permissions)
    {
        if (!_keys.TryGetValue(permissions, out var key))
        {
            key = await Mooring.MintKeyAsync(permissions);
            _keys[permissions] = key;
        }

        return key;
    }

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_mooring is not null)
        {
            await _mooring.DisposeAsync();
        }
    }
}
