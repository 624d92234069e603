using Microsoft.Extensions.Logging;
using Mooring.Providers.Billing;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Hyperstack;

/// <summary>One account at Hyperstack (NexGen Cloud, Infrahub API v1).</summary>
public sealed class HyperstackProvider : IDisposable
{
    private readonly HyperstackClient _client;

    private HyperstackProvider(HyperstackClient client, HyperstackOptions options, string installationId, ILogger log)
    {
        _client = client;
        var names = new InstallationNames(installationId);
        var volumes = new Volumes(client, options.PageSize);
        var machines = new Machines(client, options.PageSize);
        var environments = new Environments(client, options, installationId);
        var offers = new HyperstackOffers(client, options, log);
        Disks = new HyperstackDisks(volumes, environments, offers, options, names, log);
        Instances = new HyperstackInstances(
            machines, new MachineDisks(volumes, machines), environments, offers, options, names, log);
        Billing = new HyperstackBilling(client, options.PageSize);
    }

    /// <summary>Its volumes.</summary>
    public IDiskProvider Disks { get; }

    /// <summary>Its virtual machines. Their disks are named in the creating call.</summary>
    public IInstanceProvider Instances { get; }

    /// <summary>What it charges for them, and for those of others in the account.</summary>
    public IProviderBilling Billing { get; }

    /// <summary>Opens an account. Nothing is sent.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="apiKey">The account's API key.</param>
    /// <param name="installationId">The 8 characters in this installation's names.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it says what of the cloud's it does not know.</param>
    /// <param name="handler">What sends requests instead of the network; not disposed. Null for the network.</param>
    /// <param name="paces">What it shares with the process's other accounts; null for a pace of its own.</param>
    /// <exception cref="ArgumentException">An option, the key or the id can't be used; the words say why.</exception>
    public static HyperstackProvider Open(
        HyperstackOptions options,
        string apiKey,
        string installationId,
        TimeProvider time,
        ILogger log,
        HttpMessageHandler? handler = null,
        HyperstackPaces? paces = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(apiKey);
        ArgumentNullException.ThrowIfNull(installationId);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(log);
        if (options.FindFlaw() is { } flaw)
        {
            throw new ArgumentException(flaw, nameof(options));
        }

        if (apiKey.Length is < 8 or > 4096 || !apiKey.All(char.IsAscii) || apiKey.Any(char.IsWhiteSpace)
            || apiKey.Any(char.IsControl))
        {
            throw new ArgumentException("The API key is 8 to 4096 ASCII characters without blanks.", nameof(apiKey));
        }

        if (installationId.Length != 8 || !installationId.All(char.IsAsciiLetterOrDigit))
        {
            throw new ArgumentException("The installation id is 8 letters and digits.", nameof(installationId));
        }

        var client = new HyperstackClient(options, apiKey, handler, time, paces?.Of(options));
        return new HyperstackProvider(client, options, installationId, log);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
