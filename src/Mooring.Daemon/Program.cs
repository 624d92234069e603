using Mooring.Daemon;

return await DaemonCommand.Create().Parse(args).InvokeAsync();
