using System.CommandLine;
using System.Net;

namespace Mooring.Daemon;

/// <summary>mooringd's command line: it serves, unless it is asked about this machine or its records.</summary>
internal static class DaemonCommand
{
    public static RootCommand Create()
    {
        var listen = new Option<string>("--listen")
        {
            Description = "Address and port to serve on. Anything but loopback needs TLS or --insecure-http.",
            DefaultValueFactory = _ => "127.0.0.1:7070",
            HelpName = "ADDR:PORT",
            Recursive = true,
        };
        var data = new Option<string>("--data")
        {
            Description = "Directory of records, keys, disks and images.",
            DefaultValueFactory = _ => DaemonOptions.DefaultDataDirectory,
            HelpName = "DIR",
            Recursive = true,
        };
        var engine = new Option<Uri?>("--engine")
        {
            Description = "Another container engine on this machine than our own, for example unix:///run/docker.sock.",
            HelpName = "URI",
            Recursive = true,
        };
        var weaker = new Option<bool>("--accept-weaker-isolation")
        {
            Description = "Run pods although a protection is missing here; 'doctor' lists which.",
            Recursive = true,
        };
        var insecure = new Option<bool>("--insecure-http")
        {
            Description =
                "Serve plain HTTP on an address that others can reach. API keys then cross the network in the clear.",
        };
        var certificate = new Option<string?>("--tls-cert")
        {
            Description = "Certificate chain to serve HTTPS with, PEM.",
            HelpName = "FILE",
        };
        var key = new Option<string?>("--tls-key")
        {
            Description = "The certificate's private key, PEM.",
            HelpName = "FILE",
        };
        var drain = new Option<bool>("--drain")
        {
            Description = "End all pods of this machine when the server is stopped.",
        };
        var simulate = new Option<string[]>("--simulate")
        {
            Description = "Serve a simulated provider account by this script as well; may be given several times.",
            HelpName = "FILE",
        };
        var root = new RootCommand("The Mooring server with the agent of this machine. Serves until SIGTERM or Ctrl-C.")
        {
            listen, data, engine, weaker, insecure, certificate, key, drain, simulate,
        };
        DaemonOptions Read(ParseResult result) => new()
        {
            Listen = Endpoint(result.GetRequiredValue(listen)),
            DataDirectory = Path.GetFullPath(result.GetRequiredValue(data)),
            Engine = result.GetValue(engine),
            AcceptWeakerIsolation = result.GetValue(weaker),
            InsecureHttp = result.GetValue(insecure),
            TlsCertificate = result.GetValue(certificate),
            TlsKey = result.GetValue(key),
            Drain = result.GetValue(drain),
            Simulate = result.GetValue(simulate) ?? [],
        };
        root.SetAction((result, ct) => Guarded(() => Serving.RunAsync(Read(result), ct)));
        var doctor = new Command("doctor", "Says what is missing on this machine and what that costs, in plain words.");
        doctor.SetAction((result, ct) => Guarded(() => Doctor.RunAsync(Read(result), ct)));
        root.Subcommands.Add(doctor);
        root.Subcommands.Add(DatabaseCommand.Create(data, Guarded));
        return root;
    }

    private static IPEndPoint Endpoint(string text) =>
        IPEndPoint.TryParse(text.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal), out var endpoint)
            && endpoint.Port > 0
            ? endpoint
            : throw new UsageException(
                $"--listen {text} is no address with a port; write it as 127.0.0.1:7070 or [::1]:7070.");

    // What the operator can mend is said in one line; anything else is a fault of ours, and shows its trace.
    private static async Task<int> Guarded(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (UsageException exception)
        {
            await Console.Error.WriteLineAsync($"mooringd: {exception.Message}");
            return 2;
        }
    }
}

/// <summary>Something that the operator must set right before the server can run; the message says how.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
