using Microsoft.Extensions.Logging;
using Mooring.Providers.Billing;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.RunPod;

/// <summary>One account at RunPod: its network volumes and pods, by REST API v2.</summary>
public sealed class RunPodProvider : IDisposable
{
    private readonly RunPodHttp _http;

    private RunPodProvider(
        RunPodOptions options, RunPodHttp http, string installationId, TimeProvider time, ILogger logger)
    {
        _http = http;
        var api = new RunPodApi(http);
        var names = new InstallationNames(installationId);
        var disks = new RunPodDisks(
            api, new DiskOffers(options, logger), options, names, new Recent(time, options.SettlingTime));
        Disks = disks;
        Instances = new RunPodInstances(
            api,
            new PodOrders(disks, options),
            new InstanceOffers(api, options, logger),
            options,
            names,
            new Recent(time, options.SettlingTime));
        Billing = new RunPodBilling(api);
    }

    /// <summary>Its network volumes.</summary>
    public IDiskProvider Disks { get; }

    /// <summary>Its pods. A volume is named in the call that creates a pod.</summary>
    public IInstanceProvider Instances { get; }

    /// <summary>What it charges for them, and for those of others in the account.</summary>
    public IProviderBilling Billing { get; }

    /// <summary>Makes ready to call RunPod; calls nothing yet.</summary>
    /// <param name="options">How it is reached, and what things cost.</param>
    /// <param name="apiKey">The account's key; it is sent to <see cref="RunPodOptions.BaseAddress"/> only.</param>
    /// <param name="installationId">The 8 characters in this installation's names.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where requests are told of, without their bodies.</param>
    /// <param name="handler">
    /// What carries requests, disposed with the provider; null for connections of its own, which follow no redirect.
    /// </param>
    /// <exception cref="ArgumentException">Something of that makes no sense; the message says what.</exception>
    public static RunPodProvider Open(
        RunPodOptions options,
        string apiKey,
        string installationId,
        TimeProvider time,
        ILogger logger,
        HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        RunPodOptions.Check(options);
        if (string.IsNullOrEmpty(apiKey) || apiKey.Length > 1000 || !apiKey.All(one => one is > ' ' and < '\x7f'))
        {
            throw new ArgumentException("RunPod's API key is one word of letters, digits and signs.", nameof(apiKey));
        }

        if (installationId is not { Length: 8 } || !installationId.All(char.IsAsciiLetterOrDigit))
        {
            throw new ArgumentException(
                $"'{installationId}' is not an installation id: 8 letters or digits.", nameof(installationId));
        }

        var http = new RunPodHttp(options, apiKey, handler ?? Connections(), time, logger);
        return new RunPodProvider(options, http, installationId, time, logger);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // Certificates are checked, as they are unless somebody says otherwise. Cookies would tie calls together.
    private static SocketsHttpHandler Connections() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
}
