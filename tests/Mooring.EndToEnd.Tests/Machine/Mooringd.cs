using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>A running <c>mooringd</c>, with what it has written so far.</summary>
public sealed class Mooringd : IDisposable
{
    // An answer that does not come is none; who waits asks again.
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private Mooringd(Process process) => _process = process;

    public int Pid => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>What it wrote to standard output: what the operator asked for.</summary>
    public IReadOnlyList<string> Output => [.. _output];

    /// <summary>What it wrote to standard error: its log.</summary>
    public IReadOnlyList<string> Log => [.. _errors];

    public string LastWords => string.Join('\n', Log.TakeLast(20));

    /// <param name="launcher">A command that ends in becoming what follows it, as env(1) does; may be empty.</param>
    /// <param name="program">mooringd's path.</param>
    /// <param name="arguments">mooringd's own.</param>
    /// <param name="environment">Added to this process's environment.</param>
    public static Mooringd Start(
        IReadOnlyList<string> launcher,
        string program,
        IReadOnlyList<string> arguments,
        IEnumerable<KeyValuePair<string, string>> environment)
    {
        // A test run in the background of a script has SIGINT ignored, and so would all that it starts.
        List<string> command = ["env", "--default-signal=INT", .. launcher, program, .. arguments];
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        command.Skip(1).ToList().ForEach(start.ArgumentList.Add);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var daemon = new Mooringd(Process.Start(start)!);
        daemon._process.OutputDataReceived += (_, line) => Keep(daemon._output, line.Data);
        daemon._process.ErrorDataReceived += (_, line) => Keep(daemon._errors, line.Data);
        daemon._process.BeginOutputReadLine();
        daemon._process.BeginErrorReadLine();
        return daemon;
    }

    /// <summary>Waits until it serves; one that ends instead fails the test with its last words.</summary>
    public async Task WaitUntilReadyAsync(HttpClient http, Uri server)
    {
        await Until.HoldsAsync(
            async () =>
            {
                HasEnded.ShouldBeFalse($"mooringd ended: {LastWords}");
                return await IsReadyAsync(http, server);
            },
            "mooringd is ready");
    }

    /// <summary>Sends it a signal, by its name without SIG.</summary>
    public async Task SignalAsync(string name) =>
        (await Tool.RunAsync("kill", $"-{name}", $"{Pid}")).OrFail("mooringd can't be signalled");

    /// <summary>Its exit code, once it has ended and all it wrote is read.</summary>
    public async Task<int> WaitForEndAsync()
    {
        using var over = new CancellationTokenSource(Until.Patience, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(over.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"mooringd did not end within {Until.Patience.TotalSeconds} s: {LastWords}", e);
        }

        return _process.ExitCode;
    }

    /// <summary>Its exit code, however long it runs.</summary>
    public async Task<int> WaitForEndAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!HasEnded)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri server)
    {
        try
        {
            using var patience = new CancellationTokenSource(AnswerPatience, TimeProvider.System);
            using var answer = await http.GetAsync(new Uri(server, "healthz/ready"), patience.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
