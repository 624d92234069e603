using System.Text;

namespace Mooring.Cli;

/// <summary>This process's standard input.</summary>
internal sealed class ConsoleKeyboard : IKeyboard
{
    public bool IsTerminal => !Console.IsInputRedirected;

    // Reading can't be cancelled: the thread that does it ends with the process.
    public Task<string?> ReadLineAsync(CancellationToken ct) => Task.Run(Console.ReadLine, ct).WaitAsync(ct);

    public Task<string?> ReadSecretAsync(CancellationToken ct) =>
        Task.Run(() => IsTerminal ? ReadUnseen() : Console.ReadLine(), ct).WaitAsync(ct);

    private static string? ReadUnseen()
    {
        var line = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key)
        {
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    return line.ToString();
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when line.Length == 0:
                    return null;
                case { Key: ConsoleKey.Backspace }:
                    line.Length = Math.Max(0, line.Length - 1);
                    break;
                case { KeyChar: not '\0' }:
                    line.Append(key.KeyChar);
                    break;
            }
        }

        return null;
    }
}
