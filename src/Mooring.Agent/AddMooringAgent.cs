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
    /// <param name="services">To add to.</param>
    /// <param name="options">
    /// Asked for when the agent is first needed; throws what <see cref="LocalAgent"/>'s constructor throws.
    /// </param>
    public static IServiceCollection AddMooringAgent(
        this IServiceCollection services, Func<IServiceProvider, AgentOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(provider => new LocalAgent(
            options(provider),
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
