using Mooring.Simulators.Host;

return await SimulateCommand.Create().Parse(args).InvokeAsync();
