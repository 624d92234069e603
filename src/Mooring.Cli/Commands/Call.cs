using System.CommandLine;
using Mooring.Cli.Configuration;
using Mooring.Cli.Output;
using Mooring.Client;

namespace Mooring.Cli.Commands;

/// <summary>One run of a verb: its arguments, the server, and where the answer goes.</summary>
internal sealed class Call : IDisposable
{
    private readonly HttpClient _http;

    private Call(Surroundings around, ParseResult parsed, Printer printer, HttpClient http, MooringClient client)
    {
        Around = around;
        Parsed = parsed;
        Printer = printer;
        _http = http;
        Client = client;
    }

    public Surroundings Around { get; }

    public ParseResult Parsed { get; }

    public Printer Printer { get; }

    public MooringClient Client { get; }

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Ct { get; private init; }

    /// <exception cref="CommandFailedException">There is no server or no key to use.</exception>
    public static Call Open(Common common, ParseResult parsed, CancellationToken ct)
    {
        var access = Access.Of(common.Wanted(parsed), common.Around);
        var key = access.ReadKey();
        var http = Connection.To(access.Server);
        try
        {
            var client = Connection.Client(http, access.Server, key);
            var printer = new Printer(common.Around, common.IsJson(parsed));
            return new Call(common.Around, parsed, printer, http, client) { Ct = ct };
        }
        catch (CommandFailedException)
        {
            http.Dispose();
            throw;
        }
    }

    public string Value(Argument<string> argument) => Parsed.GetRequiredValue(argument);

    public T? Value<T>(Option<T> option) => Parsed.GetValue(option);

    /// <summary>A line for people, on standard error.</summary>
    public void Say(string line) => Around.Error.WriteLine(Printable.Line(line));

    /// <summary>
    /// Asks before what can't be undone; goes on only on a clear yes.
    /// </summary>
    /// <param name="question">Ends with a question mark.</param>
    /// <param name="isAgreed">Whether -y was given.</param>
    /// <exception cref="CommandFailedException">Nobody can be asked, or the answer was no.</exception>
    public async Task ConfirmAsync(string question, bool isAgreed)
    {
        if (isAgreed)
        {
            return;
        }

        if (!Around.Keyboard.IsTerminal)
        {
            throw new CommandFailedException(
                "this can't be undone, and there is no terminal to ask at: add -y if you mean it. Nothing was done")
            {
                Code = ExitCode.Usage,
            };
        }

        await Around.Error.WriteAsync($"{Printable.Line(question)} [y/N] ");
        var answer = (await Around.Keyboard.ReadLineAsync(Ct))?.Trim();
        if (!string.Equals(answer, "y", StringComparison.OrdinalIgnoreCase)
            && !string.Equals(answer, "yes", StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandFailedException("nothing was done");
        }
    }

    public void Dispose() => _http.Dispose();
}
