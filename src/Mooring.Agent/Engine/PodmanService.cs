using System.Globalization;
using Microsoft.Extensions.Logging;
using Mooring.Agent.Hosts;
using Mooring.Agent.Mounts;
using Mooring.Providers;
using Process = System.Diagnostics.Process;
using ProcessStartInfo = System.Diagnostics.ProcessStartInfo;

namespace Mooring.Agent.Engine;

/// <summary>
/// Our own Podman service. It runs in a session of its own and outlives this process; it is found again by its socket,
/// and the containers outlive even the service. Only one process may start it: the holder of the data directory's lock.
/// </summary>
internal sealed partial class PodmanService(
    AgentOptions options,
    EngineConnection connection,
    Func<string> bootId,
    TimeProvider time,
    ILogger<PodmanService> logger)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private const int SilencesTolerated = 3;

    private int _silences;

    private readonly PodmanFiles _files = new(options);

    /// <summary>The configuration with which it runs.</summary>
    public PodmanFiles Files => _files;

    /// <summary>Finds the service or starts it.</summary>
    /// <exception cref="UnreachableException">It does not come up; the words are its last ones.</exception>
    public async Task EnsureRunningAsync(CancellationToken ct)
    {
        if (await connection.AnswersAsync(ct))
        {
            _silences = 0;
            return;
        }

        // A machine under load may leave a ping unanswered; ending the service breaks the calls that are under way.
        if (FindProcesses().Any() && ++_silences < SilencesTolerated)
        {
            throw new UnreachableException("the container engine does not answer");
        }

        // One that lives but does not answer would fight with its successor over the socket and the locks.
        await EndAsync(ct);
        ForgetStateOfEarlierBoot();
        _files.Write();
        var pid = Start();
        LogStarting(pid, options.EngineSocket);
        if (!await Poll.UntilAsync(connection.AnswersAsync, StartPatience, time, ct))
        {
            throw new UnreachableException($"the container engine does not come up: {LastLogLine()}");
        }

        _silences = 0;
        LogAnswers(pid);
    }

    /// <summary>Ends the service; the containers run on.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        foreach (var pid in FindProcesses())
        {
            LogEnding(pid);
            await HostCommand.RunAsync("kill", ["-TERM", pid], ct);
        }

        if (!await Poll.UntilAsync(_ => Task.FromResult(!FindProcesses().Any()), EndPatience, time, ct))
        {
            foreach (var pid in FindProcesses())
            {
                await HostCommand.RunAsync("kill", ["-KILL", pid], ct);
            }
        }
    }

    /// <summary>
    /// Undoes the mount of its storage over itself, which Podman makes at its first use and leaves behind. Where
    /// containers run it stays, as theirs lie below it.
    /// </summary>
    public async Task ReleaseStorageAsync(CancellationToken ct)
    {
        if (MountTable.Read().At(_files.Overlay) is not null)
        {
            await HostCommand.RunAsync("umount", [_files.Overlay], ct);
        }
    }

    /// <summary>Ids of the processes that serve our socket, as the kernel tells.</summary>
    public IEnumerable<string> FindProcesses()
    {
        var mark = $"\0system\0service\0--time=0\0unix://{options.EngineSocket}\0";
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            var pid = Path.GetFileName(process);
            if (int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && CommandLineOf(pid).EndsWith(mark, StringComparison.Ordinal))
            {
                yield return pid;
            }
        }
    }

    private int Start()
    {
        // The shell only redirects, which .NET can't do to a file: with a pipe to us, the service would die of SIGPIPE
        // when it writes a line after our death. The script is constant; all parameters are arguments.
        const string Script = """log=$1; shift; exec setsid "$@" </dev/null >>"$log" 2>&1""";
        var start = new ProcessStartInfo("sh") { UseShellExecute = false };
        string[] service = ["podman", "system", "service", "--time=0", $"unix://{options.EngineSocket}"];
        foreach (var argument in (string[])["-c", Script, "sh", _files.Log, .. service])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in _files.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new UnreachableException("the host can't run 'sh'");
        return process.Id;
    }

    /// <summary>
    /// Podman's run directories tell of containers that run; after a reboot they lie, if they are still there, which
    /// they are where /run is not a tmpfs. The boot they are of stands beside them, so that it goes where they go:
    /// without that record nothing is removed, as containers may run.
    /// </summary>
    private void ForgetStateOfEarlierBoot()
    {
        var record = Path.Combine(options.RunDirectory, "boot-id");
        var boot = bootId();
        if (File.Exists(record) && File.ReadAllText(record) != boot)
        {
            foreach (var directory in (string[])["storage", "tmp"])
            {
                var path = Path.Combine(options.RunDirectory, directory);
                if (Directory.Exists(path))
                {
                    LogForgetting(path);
                    Directory.Delete(path, recursive: true);
                }
            }
        }

        OwnerOnly.CreateDirectory(options.RunDirectory);
        File.WriteAllText(record, boot);
    }

    private string LastLogLine() => File.Exists(_files.Log)
        ? File.ReadLines(_files.Log).LastOrDefault(line => line.Length > 0) ?? "it wrote nothing"
        : "it wrote nothing";

    private static string CommandLineOf(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [LoggerMessage(LogLevel.Information, "Starting the container engine (process {Pid}) at {Socket}")]
    private partial void LogStarting(int pid, string socket);

    [LoggerMessage(LogLevel.Information, "The container engine (process {Pid}) answers")]
    private partial void LogAnswers(int pid);

    [LoggerMessage(LogLevel.Information, "Ending the container engine (process {Pid})")]
    private partial void LogEnding(string pid);

    [LoggerMessage(LogLevel.Information, "The machine was restarted: forgetting the engine's run state in {Directory}")]
    private partial void LogForgetting(string directory);
}
