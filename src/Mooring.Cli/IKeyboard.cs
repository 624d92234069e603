namespace Mooring.Cli;

/// <summary>Standard input: somebody at a terminal, or a file or pipe.</summary>
internal interface IKeyboard
{
    /// <summary>Whether somebody can be asked.</summary>
    bool IsTerminal { get; }

    /// <summary>The next line; null at the end of the input.</summary>
    Task<string?> ReadLineAsync(CancellationToken ct);

    /// <summary>The next line, which a terminal does not show; null at the end of the input.</summary>
    Task<string?> ReadSecretAsync(CancellationToken ct);
}
