using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mooring.Providers.Hosts;

namespace Mooring.Agent;

/// <summary>How a process gets the agent of its machine.</summary>
public static class AgentRegistration
{
    /// <summary>
    /// Registers <see cref="LocalAgent"/>, also as <see cref="IAgentChannel"/>, and the loop that keeps its engine up.
    /// Takes a <see cref="TimeProvider"/> from the container if there is one.
    /// </summary>
    /// <exception cref="ArgumentException">An option can't be used.</exception>
    public static IServiceCollection AddMooringAgent(this IServiceCollection services, AgentOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        services.AddSingleton(provider => new LocalAgent(
            options,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IAgentChannel>(provider => provider.GetRequiredService<LocalAgent>());
        services.AddSingleton<IHostedService>(provider => new EngineSupervisor(
            provider.GetRequiredService<LocalAgent>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<EngineSupervisor>>()));
        return services;
    }
}
