using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>
/// An installation whose mooringd runs as a user without any privileges. The demo against it takes two minutes to give up
/// waiting for instances; it does so beside the other tests.
/// </summary>
public sealed class PlainUser : IAsyncLifetime
{
    private const string Nobody = "65534";

    private Installation? _installation;
    private Task<Outcome>? _demo;

    public Installation Installation => _installation!;

    /// <summary>How <c>mooring demo</c> ended here.</summary>
    public Task<Outcome> Demo => _demo!;

    public IReadOnlyList<string> FirstOutput { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (KernelFeatures.Missing() is not null)
        {
            return;
        }

        _installation = Installation.Prepare();
        Directory.CreateDirectory(_installation.Data);
        (await Tool.RunAsync("chown", $"{Nobody}:{Nobody}", _installation.Data)).OrFail("the data directory");
        _installation.Launcher = ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--"];
        _installation.Settings["HOME"] = _installation.Data;
        await _installation.StartAsync();
        await Until.HoldsAsync(() => _installation.Daemon.Output.Count > 0, "the key is printed");
        FirstOutput = _installation.Daemon.Output;
        _demo = DemoTests.RunAsync(_installation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_demo is not null)
        {
            await Task.WhenAny(_demo);
        }

        if (_installation is not null)
        {
            await _installation.DisposeAsync();
        }
    }
}
