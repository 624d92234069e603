using System.CommandLine;
using System.Net;

namespace Mooring.Daemon;

/// <summary>mooringd's command line: it serves, unless it is asked about this machine or its records.</summary>
internal sealed class DaemonCommand
{
    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Address and port to serve on. Anything but loopback needs TLS or --insecure-http.",
        DefaultValueFactory = _ => "127.0.0.1:7070",
        HelpName = "ADDR:PORT",
        Recursive = true,
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "Directory of records, keys, disks and images.",
        DefaultValueFactory = _ => DaemonOptions.DefaultDataDirectory,
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<Uri?> _engine = new("--engine")
    {
        Description = "Another container engine on this machine than our own, for example unix:///run/docker.sock.",
        HelpName = "URI",
        Recursive = true,
    };

    private readonly Option<bool> _weaker = new("--accept-weaker-isolation")
    {
        Description = "Run pods although a protection is missing here; 'doctor' lists which.",
        Recursive = true,
    };

    private readonly Option<bool> _insecure = new("--insecure-http")
    {
        Description =
            "Serve plain HTTP on an address that others can reach. API keys then cross the network in the clear.",
    };

    private readonly Option<string?> _certificate = new("--tls-cert")
    {
        Description = "Certificate chain to serve HTTPS with, PEM.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _key = new("--tls-key")
    {
        Description = "The certificate's private key, PEM.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _drain = new("--drain")
    {
        Description = "End all pods of this machine when the server is stopped.",
    };

    private readonly Option<string[]> _simulate = new("--simulate")
    {
        Description = "Serve a simulated provider account by this script as well; may be given several times.",
        HelpName = "FILE",
    };

    public static RootCommand Create() => new DaemonCommand().Build();

    private RootCommand Build()
    {
        var root = new RootCommand("The Mooring server with the agent of this machine. Serves until SIGTERM or Ctrl-C.")
        {
            _listen, _data, _engine, _weaker, _insecure, _certificate, _key, _drain, _simulate,
        };
        root.SetAction((result, ct) => Guarded(() => Serving.RunAsync(Read(result), ct)));
        var doctor = new Command("doctor", "Says what is missing on this machine and what that costs, in plain words.");
        doctor.SetAction((result, ct) => Guarded(() => Doctor.RunAsync(Read(result), ct)));
        root.Subcommands.Add(doctor);
        root.Subcommands.Add(DatabaseCommand.Create(_data, Guarded));
        root.Subcommands.Add(ResetAdminCommand.Create(_data, Guarded));
        return root;
    }

    private DaemonOptions Read(ParseResult result) => new()
    {
        Listen = Endpoint(result.GetRequiredValue(_listen)),
        DataDirectory = Path.GetFullPath(result.GetRequiredValue(_data)),
        Engine = result.GetValue(_engine),
        AcceptWeakerIsolation = result.GetValue(_weaker),
        InsecureHttp = result.GetValue(_insecure),
        TlsCertificate = result.GetValue(_certificate),
        TlsKey = result.GetValue(_key),
        Drain = result.GetValue(_drain),
        Simulate = result.GetValue(_simulate) ?? [],
    };

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
