using System.CommandLine;
using Mooring.Daemon;

const int WrongUsage = 2;

if (ApiDocument.IsWanted)
{
    await ApiDocument.OfferAsync();
    return 0;
}

var parsed = DaemonCommand.Create().Parse(args);
// The host ends on SIGTERM and Ctrl-C by itself, and takes the time that requests and a drain need.
var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? WrongUsage : code;
