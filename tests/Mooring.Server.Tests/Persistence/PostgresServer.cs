using System.Diagnostics;
using System.Text;

namespace Mooring.Server.Tests.Persistence;

/// <summary>
/// A PostgreSQL server of this test run's own: Debian's binaries, a temporary data directory, a unix socket in it and
/// no network port. It runs as a user without rights, as PostgreSQL refuses root, and the kernel ends it with the test
/// run, however that ends.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Account = "postgres";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _bin;
    private readonly string _directory;
    private readonly StringBuilder _said = new();
    private Process? _server;
    private Task _ended = Task.CompletedTask;

    private PostgresServer(string bin, string directory) => (_bin, _directory) = (bin, directory);

    /// <summary>How to connect to one of its databases.</summary>
    public string ConnectionTo(string database) =>
        $"Host={_directory};Username={Account};Database={database};Maximum Pool Size=40;Timeout=30";

    public static async Task<PostgresServer> StartAsync(CancellationToken ct)
    {
        var directory = Path.Combine(Path.GetTempPath(), $"mooring-pg-{Environment.ProcessId}");
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        var server = new PostgresServer(FindBinaries(), directory);
        try
        {
            // Nothing of it outlives the test run, so it need not wait for the disk.
            await server.RunAsync(
                "initdb", ["-D", directory, "-U", Account, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], ct);
            await server.ServeAsync(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            await RunAsync("pg_ctl", ["stop", "-D", _directory, "-m", "immediate", "-w"], CancellationToken.None);
        }

        await _ended.WaitAsync(Limit, TimeProvider.System);
        _server?.Dispose();
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static string FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return versions
            .Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
            .Order(StringComparer.Ordinal)
            .LastOrDefault()
            ?? throw new InvalidOperationException($"These tests need PostgreSQL: there is no initdb below {Debian}.");
    }

    private async Task ServeAsync(CancellationToken ct)
    {
        string[] arguments =
        [
            "-D", _directory, "-k", _directory, "-h", "", "-F", "-c", "max_connections=200",
            "-c", "shared_buffers=64MB",
        ];
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ended = ended.Task;
        // The kernel's signal on the parent's death (prctl(2), PR_SET_PDEATHSIG) means the thread that forked: it has
        // to live as long as the server does, which no thread of the pool promises.
        var parent = new Thread(() =>
        {
            try
            {
                var process = Start("postgres", arguments, ["--pdeathsig", "QUIT"]);
                started.SetResult(process);
                process.WaitForExit();
            }
            catch (Exception exception)
            {
                started.TrySetException(exception);
            }

            ended.SetResult();
        })
        { IsBackground = true, Name = "postgres" };
        parent.Start();
        _server = await started.Task.WaitAsync(ct);
        await Eventually.HoldsAsync(
            () =>
            {
                _server.HasExited.ShouldBeFalse($"PostgreSQL did not start: {Said}");
                return Said.Contains("ready to accept connections");
            },
            "PostgreSQL is not ready");
    }

    private string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    private async Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        using var process = Start(program, arguments, []);
        await process.WaitForExitAsync(ct).WaitAsync(Limit, TimeProvider.System, ct);
        process.ExitCode.ShouldBe(0, $"{program} failed: {Said}");
    }

    private Process Start(string program, IReadOnlyList<string> arguments, IReadOnlyList<string> rights)
    {
        var path = Path.Combine(_bin, program);
        List<string> command = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", Account, "--regid", Account, "--clear-groups", .. rights, path, .. arguments]
            : ["setpriv", .. rights, path, .. arguments];
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        command.Skip(1).ToList().ForEach(start.ArgumentList.Add);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Note(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }
    }
}
