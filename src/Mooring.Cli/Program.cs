using Mooring.Cli;

return await MooringCommand.RunAsync(args, Console.Out, Console.Error);
