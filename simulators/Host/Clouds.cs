using System.Net;
using Mooring.Simulators.Hyperstack;
using Mooring.Simulators.RunPod;

namespace Mooring.Simulators.Host;

/// <summary>What every simulated cloud is told.</summary>
/// <param name="Listen">Where its API is.</param>
/// <param name="Admin">Where its operator is heard.</param>
/// <param name="Seed">Where chance begins.</param>
/// <param name="Script">The text of its script, or null.</param>
/// <param name="ApiKey">The only key that is let in, or null for any.</param>
internal sealed record CloudOptions(IPEndPoint Listen, IPEndPoint Admin, int Seed, string? Script, string? ApiKey);

/// <summary>A simulated cloud that runs.</summary>
/// <param name="Address">Its API, as an adapter is told it.</param>
/// <param name="AdminAddress">Where books are read and faults are added.</param>
/// <param name="Simulator">Ends it.</param>
internal sealed record RunningCloud(Uri Address, Uri AdminAddress, IAsyncDisposable Simulator) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Simulator.DisposeAsync();
}

internal static class Clouds
{
    public static async Task<RunningCloud> StartHyperstackAsync(CloudOptions options, CancellationToken ct)
    {
        var simulator = await HyperstackSimulator.StartAsync(
            new Hyperstack.SimulatorOptions
            {
                Listen = options.Listen,
                AdminListen = options.Admin,
                ApiKey = options.ApiKey,
                Seed = options.Seed,
                Script = options.Script is null ? new Script() : Script.Parse(options.Script),
            },
            TimeProvider.System,
            ct);
        return new RunningCloud(simulator.Address, simulator.AdminAddress, simulator);
    }

    public static async Task<RunningCloud> StartRunPodAsync(CloudOptions options, CancellationToken ct)
    {
        var simulator = await RunPodSimulator.StartAsync(
            new RunPod.SimulatorOptions
            {
                Listen = options.Listen,
                AdminListen = options.Admin,
                ApiKey = options.ApiKey,
                Seed = options.Seed,
                Faults = options.Script is null ? [] : FaultScript.Parse(options.Script),
            },
            TimeProvider.System,
            ct);
        return new RunningCloud(
            simulator.Address,
            simulator.AdminAddress ?? throw new InvalidOperationException("The operator is heard nowhere."),
            simulator);
    }
}
