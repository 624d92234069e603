using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;

namespace Mooring.Simulators.Host;

/// <summary>The program's verbs: one a cloud, with the same options.</summary>
internal static class SimulateCommand
{
    private const int WrongUsage = 2;

    public static RootCommand Create() => new(
        "Runs a simulated cloud until Ctrl-C: an HTTP server that does what its documents say, faults included.")
    {
        Of("hyperstack", "Hyperstack (Infrahub API v1).", Clouds.StartHyperstackAsync),
        Of("runpod", "RunPod (REST API v2).", Clouds.StartRunPodAsync),
    };

    private static Command Of(
        string name, string description, Func<CloudOptions, CancellationToken, Task<RunningCloud>> start)
    {
        var listen = Address("--listen", "Where the API is, ADDR:PORT; port 0 for a free one.");
        var admin = Address("--admin", "Where books are read and faults are added, ADDR:PORT; on this machine.");
        var seed = new Option<int>("--seed")
        {
            Description = "Where chance begins: the same seed and calls have the same faults.",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        };
        var faults = new Option<FileInfo?>("--faults")
        {
            Description = "A script of what goes wrong, JSON; the simulator's README has its form.",
            HelpName = "FILE",
        };
        var key = new Option<string?>("--key-file")
        {
            Description = "The file with the only API key that is let in; any key is where this is not given.",
            HelpName = "FILE",
        };
        var command = new Command(name, description) { listen, admin, seed, faults, key };
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                var options = new CloudOptions(
                    parsed.GetValue(listen)!,
                    parsed.GetValue(admin)!,
                    parsed.GetValue(seed),
                    parsed.GetValue(faults) is { } file ? await File.ReadAllTextAsync(file.FullName, ct) : null,
                    parsed.GetValue(key) is { } path ? (await File.ReadAllTextAsync(path, ct)).Trim() : null);
                await using var cloud = await start(options, ct);
                var output = parsed.InvocationConfiguration.Output;
                await output.WriteLineAsync($"{name} is simulated at {cloud.Address}");
                await output.WriteLineAsync($"its books: {new Uri(cloud.AdminAddress, "_admin/books")}");
                await output.FlushAsync(ct);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return 0;
            }
            catch (Exception exception) when (exception is IOException or FormatException or ArgumentException
                or UnauthorizedAccessException or RunPod.FaultScriptException)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"mooring-simulate: {exception.Message}");
                return WrongUsage;
            }
        });
        return command;
    }

    private static Option<IPEndPoint> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDR:PORT",
        DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 0),
        CustomParser = argument => Parse(name, argument),
    };

    private static IPEndPoint? Parse(string name, ArgumentResult argument)
    {
        if (IPEndPoint.TryParse(argument.Tokens[^1].Value, out var address))
        {
            return address;
        }

        argument.AddError($"{name} must be an address and a port, such as 127.0.0.1:7171.");
        return null;
    }
}
