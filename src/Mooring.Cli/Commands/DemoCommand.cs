using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using Mooring.Cli.Demo;
using Mooring.Cli.Output;
using Mooring.Cli.Ssh;
using Mooring.Client;

namespace Mooring.Cli.Commands;

/// <summary>
/// <c>mooring demo</c>: options in, a verdict and an exit code out; the work is <see cref="Demonstration"/>.
/// </summary>
internal sealed class DemoCommand : ExplainedCommand
{
    private readonly Option<string> _server = new("--server")
    {
        Description = "Address of the server; MOORING_SERVER if not given.",
        HelpName = "URL",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("MOORING_SERVER") is { Length: > 0 } address
            ? address
            : "http://127.0.0.1:7070",
    };

    private readonly Option<FileInfo?> _keyFile = new("--key-file")
    {
        Description = "File that holds the API key; MOORING_API_KEY if not given. "
            + "A key is never an argument: other users of the machine could read it.",
        HelpName = "FILE",
    };

    private readonly Option<int> _size = new("--size")
    {
        Description = "Size of the disk in GB.",
        HelpName = "GB",
        DefaultValueFactory = _ => 1,
        CustomParser = ParseSize,
    };

    private readonly Option<bool> _keep = new("--keep")
    {
        Description = "Leave what was made, and say how to reach it.",
    };

    public DemoCommand()
        : base(
            "demo",
            "Create a disk, write to it from one instance, read it back from another, and remove everything.",
            "mooring demo --key-file /var/lib/mooring/admin.key",
            "mooring demo --server https://mooring.example --size 10 --keep")
    {
        _server.Validators.Add(MustBeAddress);
        Options.Add(_server);
        Options.Add(_keyFile);
        Options.Add(_size);
        Options.Add(_keep);
        SetAction(RunAsync);
    }

    private static void MustBeAddress(OptionResult option)
    {
        if (!Uri.TryCreate(option.GetValueOrDefault<string>(), UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            option.AddError("--server must be an address such as http://127.0.0.1:7070.");
        }
    }

    private static int ParseSize(ArgumentResult argument)
    {
        if (!int.TryParse(argument.Tokens[^1].Value, out var size) || size < 1)
        {
            argument.AddError("--size must be a whole number of GB, at least 1.");
        }

        return size;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var output = parsed.InvocationConfiguration.Output;
        using var interruption = new Interruption(ct);
        var failure = await TryRunAsync(parsed, output, interruption);
        await output.WriteLineAsync(
            failure is null ? "demo: data verified equal" : $"demo: failed: {Printable.Line(failure)}");
        return failure is null ? ExitCode.Done : ExitCode.Failed;
    }

    private async Task<string?> TryRunAsync(ParseResult parsed, TextWriter output, Interruption interruption)
    {
        var server = new Uri(parsed.GetRequiredValue(_server));
        try
        {
            var key = await ApiKey.ReadAsync(parsed.GetValue(_keyFile), interruption.Work);
            using var http = Connection.To(server);
            var demonstration = new Demonstration(
                Client(http, server, key),
                new OpenSsh(),
                new StepLog(Terminal.Of(output), TimeProvider.System),
                TimeProvider.System,
                new DemoSettings(
                    Name: $"mooring-demo-{RandomNumberGenerator.GetHexString(8, lowercase: true)}",
                    SizeGb: parsed.GetValue(_size),
                    Keep: parsed.GetValue(_keep)));
            return await demonstration.RunAsync(interruption);
        }
        catch (CommandFailedException e)
        {
            return e.Message;
        }
    }

    private static MooringClient Client(HttpClient http, Uri server, string key)
    {
        try
        {
            return new MooringClient(http, server, key);
        }
        catch (ArgumentException e) when (e.ParamName == "apiKey")
        {
            throw new CommandFailedException("the API key is empty or has characters that no key has", e);
        }
        catch (ArgumentException e)
        {
            throw new CommandFailedException("--server must be an address without user, query and fragment", e);
        }
    }
}
