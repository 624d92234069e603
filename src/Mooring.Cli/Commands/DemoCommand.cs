using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using Mooring.Cli.Configuration;
using Mooring.Cli.Demo;
using Mooring.Cli.Output;
using Mooring.Cli.Ssh;

namespace Mooring.Cli.Commands;

/// <summary>
/// <c>mooring demo</c>: options in, a verdict and an exit code out; the work is <see cref="Demonstration"/>.
/// </summary>
internal sealed class DemoCommand : ExplainedCommand
{
    private readonly Common _common;

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

    public DemoCommand(Common common)
        : base(
            "demo",
            "Create a disk, write to it from one instance, read it back from another, and remove everything.",
            "mooring demo --key-file /var/lib/mooring/admin.key",
            "mooring demo --server https://mooring.example --size 10 --keep")
    {
        _common = common;
        Options.Add(_size);
        Options.Add(_keep);
        common.AddAccess(this);
        SetAction(RunAsync);
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
        try
        {
            var access = Access.Of(_common.Wanted(parsed), _common.Around);
            var key = access.ReadKey();
            using var http = Connection.To(access.Server);
            var demonstration = new Demonstration(
                Connection.Client(http, access.Server, key),
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
}
