using System.CommandLine;
using Mooring.Simulators.Host;

return await SimulateCommand.Create().Parse(args).InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = null });
