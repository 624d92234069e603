using System.Runtime.InteropServices;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>
/// An installation whose mooringd runs as a user without any privileges. The demo against it waits two minutes for
/// instances before it gives up; it does so beside the other tests.
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
        // Where the checkout or the runtime lies in root's home directory, nobody else may read it there.
        var runtime = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.Parent!.FullName;
        _installation.Settings["DOTNET_ROOT"] = await ReachableAsync(runtime, "dotnet");
        var program = await ReachableAsync(Path.GetDirectoryName(Programs.Daemon)!, "mooringd");
        _installation.Program = Path.Combine(program, "mooringd");
        await _installation.StartAsync();
        await Until.HoldsAsync(() => _installation.Daemon.Output.Count > 0, "it says where the key is");
        FirstOutput = _installation.Daemon.Output;
        _demo = DemoTests.RunAsync(_installation);
    }

    /// <summary>The directory, or a copy of it, with the program in it that the user can run.</summary>
    private async Task<string> ReachableAsync(string directory, string program)
    {
        List<string> test = [.. Installation.Launcher.Skip(1), "test", "-x", Path.Combine(directory, program)];
        if ((await Tool.RunAsync(Installation.Launcher[0], test, "")).ExitCode == 0)
        {
            return directory;
        }

        var copy = Path.Combine(Installation.Scratch, program);
        Directory.CreateDirectory(Installation.Scratch);
        (await Tool.RunAsync("cp", "--recursive", directory, copy)).OrFail($"{directory} can't be copied");
        return copy;
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
