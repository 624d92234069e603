using Mooring.Cli.Output;

namespace Mooring.Cli.Waiting;

/// <summary>
/// What is waited for, on standard error: on a terminal one line that is written anew, elsewhere a line per change.
/// </summary>
internal sealed class StatusLine(Surroundings around) : IDisposable
{
    // ECMA-48: to the line's beginning, and erase to its end.
    private const string Clear = "\r\u001b[K";
    private string? _said;

    public bool IsLive => around.ErrorWidth is not null;

    /// <param name="change">What makes a line of its own where lines stay.</param>
    /// <param name="line">The line; told anew on a terminal whenever it is called.</param>
    public void Show(string change, string line)
    {
        var text = Printable.Line(line);
        if (around.ErrorWidth is { } width)
        {
            // A full line would wrap, and could not be taken back.
            around.Error.Write(Clear + Cells.Cut(text, width - 1));
            around.Error.Flush();
        }
        else if (change != _said)
        {
            around.Error.WriteLine(text);
        }

        _said = change;
    }

    public void Dispose()
    {
        if (IsLive && _said is not null)
        {
            around.Error.Write(Clear);
            around.Error.Flush();
        }
    }
}
