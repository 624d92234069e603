using Mooring.Providers;
using Mooring.Providers.Simulated;
using Mooring.Server;

namespace Mooring.Daemon;

/// <summary>
/// The simulated provider accounts that <c>--simulate</c> names. Their books are in DATA/simulated, and closed when the
/// process's services are.
/// </summary>
internal sealed partial class SimulatedAccounts(ILogger<SimulatedAccounts> logger, TimeProvider time) : IDisposable
{
    private const string BooksDirectory = "simulated";
    private readonly List<SimulatedProvider> _open = [];

    /// <summary>Reads the scripts before anything is started.</summary>
    /// <exception cref="UsageException">
    /// A script can't be used, or two are of one account: they would write the same books.
    /// </exception>
    public static IReadOnlyList<Simulation> Load(IReadOnlyList<string> files)
    {
        try
        {
            List<Simulation> simulations = [.. files.Select(Simulation.Load)];
            var twice = simulations.GroupBy(one => (one.Provider, one.Account)).FirstOrDefault(all => all.Count() > 1);
            return twice is null
                ? simulations
                : throw new UsageException(
                    $"--simulate names account '{twice.Key.Account}' of provider '{twice.Key.Provider}' twice. "
                    + "Give each script an 'account' of its own.");
        }
        catch (ScriptException exception)
        {
            throw new UsageException(
                $"--simulate {exception.Message} See docs/guides/rehearse-failure.md.", exception);
        }
    }

    public static void Add(IServiceCollection services, IReadOnlyList<Simulation> simulations, string dataDirectory)
    {
        var books = Path.Combine(dataDirectory, BooksDirectory);
        services.AddSingleton<SimulatedAccounts>();
        foreach (var simulation in simulations)
        {
            services.AddSingleton(new ProviderSetup(
                simulation.Provider,
                simulation.Account,
                (setting, _) => Task.FromResult(setting.Services.GetRequiredService<SimulatedAccounts>()
                    .Open(simulation, books, setting.InstallationId))));
        }
    }

    public void Dispose() => _open.ForEach(provider => provider.Dispose());

    private ProviderParts Open(Simulation simulation, string books, string installation)
    {
        try
        {
            var provider = SimulatedProvider.Open(simulation, books, installation, time);
            _open.Add(provider);
            LogSimulating(simulation.Provider, simulation.Account, provider.BooksPath);
            return new ProviderParts(new Place(null, null, null), provider.Disks, null, provider.Instances);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(exception.Message, exception);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Simulating account {Account} of provider {Provider}: nothing there is real. Its books: {Books}")]
    private partial void LogSimulating(string provider, string account, string books);
}
