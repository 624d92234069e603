using System.Globalization;
using Mooring.Providers;
using Mooring.Providers.Hyperstack;
using Mooring.Providers.RunPod;
using Mooring.Server;
using Mooring.Server.ProviderAccounts;

namespace Mooring.Daemon;

/// <summary>The clouds of which accounts can be added while mooringd runs (<c>mooring providers add</c>).</summary>
internal static class Clouds
{
    private const string Address = "address";
    private const string Settling = "settling-seconds";
    private const string HighPerformance = "high-performance-price";

    // So every adapter calls the parameter that takes the credential, whatever that is.
    private const string ApiKey = "apiKey";

    // These places choose for themselves where a thing is.
    private static readonly Place Nowhere = new(null, null, null);

    private static readonly Dictionary<string, string> SettingsOfAll = new()
    {
        [Address] = "Where its API is: https, or http on this machine for a simulator.",
        [Settling] = "Seconds that a create without an answer may still take effect; 60.",
    };

    private static readonly ProviderKind Hyperstack = new(
        "hyperstack",
        "an API key",
        SettingsOfAll,
        opening => Open(() =>
        {
            var options = new HyperstackOptions();
            var provider = HyperstackProvider.Open(
                options with
                {
                    BaseAddress = Given(opening, Address, AddressIn, options.BaseAddress),
                    SettlingTime = Given(opening, Settling, SecondsIn, options.SettlingTime),
                },
                opening.Credential,
                opening.InstallationId,
                opening.Services.GetRequiredService<TimeProvider>(),
                LogOf(opening, "Mooring.Providers.Hyperstack"),
                paces: opening.Services.GetRequiredService<HyperstackPaces>());
            return new ProviderParts(
                Nowhere, provider.Disks, null, provider.Instances, Billing: provider.Billing);
        }));

    private static readonly ProviderKind RunPod = new(
        "runpod",
        "an API key",
        new Dictionary<string, string>(SettingsOfAll)
        {
            [HighPerformance] = "USD per GB and month of the tier HIGH_PERFORMANCE, which RunPod's API does not tell.",
        },
        opening => Open(() =>
        {
            var options = new RunPodOptions();
            var provider = RunPodProvider.Open(
                options with
                {
                    BaseAddress = Given(opening, Address, AddressIn, options.BaseAddress),
                    SettlingTime = Given(opening, Settling, SecondsIn, options.SettlingTime),
                    HighPerformance = Given(opening, HighPerformance, PriceIn, options.HighPerformance),
                },
                opening.Credential,
                opening.InstallationId,
                opening.Services.GetRequiredService<TimeProvider>(),
                LogOf(opening, "Mooring.Providers.RunPod"));
            return new ProviderParts(
                Nowhere, provider.Disks, null, provider.Instances, Billing: provider.Billing);
        }));

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<HyperstackPaces>();
        services.AddSingleton(Hyperstack);
        services.AddSingleton(RunPod);
    }

    // What an adapter says of its options is for the operator, but for the parameter's name behind it.
    private static ProviderParts Open(Func<ProviderParts> open)
    {
        try
        {
            return open();
        }
        catch (ArgumentException exception)
        {
            var words = exception.Message.Split(" (Parameter ")[0];
            throw exception.ParamName == ApiKey
                ? new CredentialFormatException(words, exception)
                : new FormatException(words, exception);
        }
    }

    private static T Given<T>(ProviderOpening opening, string name, Func<string, T> parse, T otherwise) =>
        opening.Settings.TryGetValue(name, out var text) ? parse(text) : otherwise;

    private static Uri AddressIn(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
        ? address
        : throw new FormatException($"'{Address}' is no address; write it like https://api.example.com.");

    private static TimeSpan SecondsIn(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"'{Settling}' is no number of seconds.");

    private static StoragePrice? PriceIn(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) && usd < 1_000
            ? new StoragePrice(usd, usd)
            : throw new FormatException($"'{HighPerformance}' is no price in USD per GB and month, such as 0.14.");

    private static ILogger LogOf(ProviderOpening opening, string name) =>
        opening.Services.GetRequiredService<ILoggerFactory>().CreateLogger(name);
}
