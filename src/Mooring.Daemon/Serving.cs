using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mooring.Agent;
using Mooring.Providers;
using Mooring.Providers.Local;
using Mooring.Server;
using Mooring.Server.Accounts;
using Mooring.Server.Http;

namespace Mooring.Daemon;

/// <summary>Runs the server until it is stopped.</summary>
internal static partial class Serving
{
    public const string RecordsFile = "mooring.db";

    public static async Task<int> RunAsync(DaemonOptions options, CancellationToken ct)
    {
        options.Check();
        using var data = DataDirectory.Take(options.DataDirectory);
        var records = new RecordsOptions.Sqlite(Path.Combine(options.DataDirectory, RecordsFile));
        var model = MooringServer.MakeModelAsync(records);
        await using var app = Build(options, records);
        await model;
        var newKey = await app.Services.StartMooringAsync(ct);
        await StartAsync(app, options, ct);
        if (newKey is not null)
        {
            // Once, to whoever started it for the first time, and into no journal and no file but its own.
            await Console.Out.WriteLineAsync(Console.IsOutputRedirected
                ? $"The first API key is in {Path.Combine(options.DataDirectory, AdminKeyFile.Name)}"
                : $"API key: {newKey}");
        }

        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Mooring.Daemon");
        if (options is { InsecureHttp: true, IsTls: false })
        {
            LogInsecure(logger, options.Listen);
        }

        if (CrashPoint.Target is { } target)
        {
            LogRehearsal(logger, CrashPoint.Variable, target);
        }

        LogServing(logger, options.Listen, options.DataDirectory);
        await app.WaitForShutdownAsync(CancellationToken.None);
        if (options.Drain && app.Services.GetService<LocalAgent>() is { } agent)
        {
            await DrainAsync(agent, logger);
        }

        return 0;
    }

    private static async Task StartAsync(WebApplication app, DaemonOptions options, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException exception)
        {
            throw new UsageException($"{options.Listen} can't be listened on: {exception.Message}", exception);
        }
    }

    private static WebApplication Build(DaemonOptions options, RecordsOptions.Sqlite records)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = "mooringd",
        });
        Settings.AddSources(builder.Configuration, options.DataDirectory);
        var settings = Settings.Read(builder.Configuration);
        settings.Check(options);
        var simulations = SimulatedAccounts.Load(options.Simulate);
        Observing.AddLogging(builder, settings.Logging);
        Observing.AddMetrics(builder.Services);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));

        DataDirectory.EnsurePrivateFile(records.Path);
        builder.Services.AddMooringServer(settings.ToServer(options.DataDirectory), records, new Random());
        if (settings.Local.Enabled)
        {
            AddThisMachine(builder.Services, settings, options);
        }

        SimulatedAccounts.Add(builder.Services, simulations, options.DataDirectory);
        Clouds.Add(builder.Services);
        var app = builder.Build();
        app.UseMooring();
        Observing.MapMetrics(app);
        return app;
    }

    private static void AddThisMachine(IServiceCollection services, Settings settings, DaemonOptions options)
    {
        services.AddMooringAgent(provider => settings.ToAgent(options, provider.GetInstallationId()));
        services.AddSingleton(new ProviderSetup(
            settings.Disks.Provider,
            "this machine",
            async (setting, ct) =>
            {
                var disks = new LocalDisks(settings.ToLocal(options.DataDirectory, setting.InstallationId));
                await PrepareAsync(disks, setting, ct);
                var agent = setting.Services.GetRequiredService<LocalAgent>();
                agent.Changed += (_, _) => setting.Services.TellProviderChanged();
                return new ProviderParts(settings.ToPlace(), disks, agent);
            }));
    }

    private static void Listen(KestrelServerOptions kestrel, DaemonOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.SetForMooring();
        kestrel.Listen(options.Listen, listen =>
        {
            if (options.IsTls)
            {
                listen.UseHttps(Certificate(options));
            }
        });
    }

    private static X509Certificate2 Certificate(DaemonOptions options)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(options.TlsCertificate!, options.TlsKey);
        }
        catch (Exception exception)
            when (exception is System.Security.Cryptography.CryptographicException or IOException)
        {
            throw new UsageException(
                $"--tls-cert {options.TlsCertificate} with --tls-key {options.TlsKey} can't be used: "
                + exception.Message,
                exception);
        }
    }

    private static async Task PrepareAsync(LocalDisks disks, ProviderSetting setting, CancellationToken ct)
    {
        try
        {
            // Where disks should be and nothing is, a file system is not mounted: no new marker hides that.
            if (!setting.HasDisks)
            {
                await disks.InitializeAsync(ct);
            }

            await disks.RemoveLeftoversAsync(ct);
        }
        catch (Providers.ProviderException exception)
        {
            // The server serves all the same: its disks show as UNKNOWN until their directory can be read.
            LogDisksUnreadable(
                setting.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Mooring.Daemon"),
                exception.Message);
        }
    }

    private static async Task DrainAsync(LocalAgent agent, ILogger logger)
    {
        try
        {
            foreach (var words in await agent.DrainAsync(CancellationToken.None))
            {
                LogNotDrained(logger, words);
            }
        }
        catch (Providers.ProviderException exception)
        {
            LogNotDrained(logger, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving on {Address}, data in {Data}")]
    private static partial void LogServing(ILogger logger, System.Net.IPEndPoint address, string data);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Plain HTTP on {Address}: API keys cross the network in the clear (--insecure-http)")]
    private static partial void LogInsecure(ILogger logger, System.Net.IPEndPoint address);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Variable} is set: this process is killed at {Target}. For rehearsals only")]
    private static partial void LogRehearsal(ILogger logger, string variable, string target);

    [LoggerMessage(Level = LogLevel.Error, Message = "The disks of this machine can't be read: {Words}")]
    private static partial void LogDisksUnreadable(ILogger logger, string words);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not drained: {Words}")]
    private static partial void LogNotDrained(ILogger logger, string words);
}
