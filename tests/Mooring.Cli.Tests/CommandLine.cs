using Mooring.Cli.Configuration;

namespace Mooring.Cli.Tests;

/// <summary>The command line as a user types it, with an environment, a home and a keyboard of its own.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private StringWriter _output = new();
    private StringWriter _error = new();

    public CommandLine() => Variables["XDG_CONFIG_HOME"] = _home.Path;

    public Dictionary<string, string> Variables { get; } = [];

    public Keyboard Keyboard { get; } = new();

    public int? Width { get; set; }

    public int? ErrorWidth { get; set; }

    public bool HasColours { get; set; }

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public TemporaryFolder Folder => _home;

    public string ConfigurationPath => Path.Combine(_home.Path, "mooring", "config.json");

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public Surroundings Around => new()
    {
        Output = _output,
        Error = _error,
        Width = Width,
        ErrorWidth = ErrorWidth,
        HasColours = HasColours,
        Keyboard = Keyboard,
        Variable = Variables.GetValueOrDefault,
        Time = Time,
    };

    public void Speak(StubServer server, string key = "mrg_test.key")
    {
        Variables[Access.ServerVariable] = $"{server.Address}";
        Variables[Access.KeyVariable] = key;
    }

    /// <summary>Each run begins with empty streams.</summary>
    public Task<int> RunAsync(params string[] args)
    {
        _output = new StringWriter();
        _error = new StringWriter();
        return MooringCommand.RunAsync(args, Around);
    }

    public void Dispose() => _home.Dispose();
}

/// <summary>Standard input.</summary>
internal sealed class Keyboard : IKeyboard
{
    public bool IsTerminal { get; set; }

    public Queue<string> Lines { get; } = new();

    public Task<string?> ReadLineAsync(CancellationToken ct) =>
        Task.FromResult(Lines.TryDequeue(out var line) ? line : null);

    public Task<string?> ReadSecretAsync(CancellationToken ct) => ReadLineAsync(ct);
}
