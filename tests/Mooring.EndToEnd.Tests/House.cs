using Mooring.EndToEnd.Tests.Machine;

// One kernel, and tests that kill the server and its engine: side by side they would see each other's faults, so all
// that touch this machine are of one collection. Those of simulated places have nothing but their own processes; they
// mostly wait, and run beside.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections)]

namespace Mooring.EndToEnd.Tests;

/// <summary>
/// One installation for all tests that can share one: loading the image costs several seconds each time. A test ends
/// what it started; one that stops the server starts it again.
/// </summary>
public sealed class House : IAsyncLifetime
{
    private Installation? _installation;

    public Installation Installation => _installation!;

    public async ValueTask InitializeAsync()
    {
        if (KernelFeatures.Missing() is not null)
        {
            return;
        }

        _installation = Installation.Prepare();
        await _installation.ProvideImageAsync();
        await _installation.StartAsync();
        await _installation.WaitForInstancesAsync();
    }

    /// <summary>A user of it, once it serves and nobody has anything there.</summary>
    public async Task<Tenant> EnterAsync()
    {
        KernelFeatures.Demand();
        if (!Installation.IsRunning)
        {
            await Installation.StartAsync();
        }

        await Installation.WaitForInstancesAsync();
        var tenant = new Tenant(Installation);
        await tenant.RemoveEverythingAsync();
        return tenant;
    }

    public async ValueTask DisposeAsync()
    {
        if (_installation is not null)
        {
            await _installation.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class HouseGroup : ICollectionFixture<House>, ICollectionFixture<PlainUser>
{
    public const string Name = "house";
}
