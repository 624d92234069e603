using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Mooring.Benchmarks.Records;
using Mooring.Server;
using OpenTelemetry.Metrics;

namespace Mooring.Benchmarks.Hosting;

/// <summary>
/// The whole server as mooringd composes it, log and metrics included, over either database and a provider that costs
/// nothing. mooringd itself offers no PostgreSQL, and no such provider.
/// </summary>
internal static class MooringHost
{
    public static async Task<WebApplication> StartAsync(
        Engine engine, string dataDirectory, int disks, bool countsCommands, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.None);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
            metrics.AddMeter("Mooring.Server").AddAspNetCoreInstrumentation().AddPrometheusExporter());
        builder.Services.AddMooringServer(
            new MooringOptions { DataDirectory = dataDirectory }, engine.ToRecords(), new Random());
        builder.Services.AddSingleton(new ProviderSetup(
            Seed.ProviderType,
            "bench",
            (setting, _) => Task.FromResult(
                new ProviderParts(HostedDisks.Place, new HostedDisks(setting.InstallationId, disks), null))));
        var app = builder.Build();
        app.UseMooring();
        if (countsCommands)
        {
            var counter = CommandCounter.Start();
            app.MapGet("/bench/commands", () => TypedResults.Text($"{counter.Count}"));
        }

        await app.Services.StartMooringAsync(ct);
        await app.StartAsync(ct);
        return app;
    }
}
