using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging.Console;
using Mooring.Server.Http;
using OpenTelemetry.Metrics;

namespace Mooring.Daemon;

/// <summary>What mooringd lets be seen from outside: its log, and its metrics (docs/operate/).</summary>
internal static class Observing
{
    private const string Simple = "simple";
    private const string Json = "json";

    /// <exception cref="FormatException">There is no such format.</exception>
    public static void Check(LoggingSettings settings)
    {
        if (settings.Format is not (Simple or Json))
        {
            throw new FormatException($"Logging:Format is {Simple} or {Json}, not '{settings.Format}'.");
        }
    }

    public static void AddLogging(WebApplicationBuilder builder, LoggingSettings settings)
    {
        if (settings.Format == Json)
        {
            builder.Logging.AddJsonConsole(console =>
            {
                // The ids of request, disk, claim and call are in the scopes.
                console.IncludeScopes = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
                console.UseUtcTimestamp = true;
                // A sentence with an apostrophe is read by people, too.
                console.JsonWriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        }
        else
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                console.UseUtcTimestamp = true;
            });
        }

        // Standard output is for what the operator asked for: the key.
        builder.Services.Configure<ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // What a line's scopes name shall be ours alone, not the framework's trace of each request as well.
        builder.Logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.None);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
    }

    public static void AddMetrics(IServiceCollection services) => services.AddOpenTelemetry().WithMetrics(metrics =>
        metrics.AddMeter("Mooring.Server", "Mooring.Agent").AddAspNetCoreInstrumentation().AddPrometheusExporter());

    public static void MapMetrics(WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics").ServeAsMetrics();
}
