namespace Mooring.Server.Tests.Http;

/// <summary>One server for all tests of a class that leave each other alone.</summary>
public sealed class SharedMooring : IAsyncLifetime
{
    private TestMooring? _mooring;

    internal TestMooring Mooring => _mooring ?? throw new InvalidOperationException("The server is not started.");

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_mooring is not null)
        {
            await _mooring.DisposeAsync();
        }
    }
}
