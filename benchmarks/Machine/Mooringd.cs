using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Mooring.Benchmarks.Load;
using Mooring.Benchmarks.Records;

namespace Mooring.Benchmarks.Machine;

/// <summary>
/// A running mooringd, the one of this build, with its defaults. When it is disposed nothing of it is left on the
/// machine but its data directory.
/// </summary>
internal sealed class Mooringd : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);
    private readonly Process _process;
    private readonly string _data;
    private readonly IPEndPoint _address;
    private readonly Task _log;
    private bool _hasEnded;

    private Mooringd(Process process, string data, IPEndPoint address)
    {
        _process = process;
        _data = data;
        _address = address;
        _log = CopyAsync(process.StandardError, data + ".log");
        _ = process.StandardOutput.ReadToEndAsync();
    }

    public int Pid => _process.Id;

    /// <summary>How long it took from its start to its first answer.</summary>
    public TimeSpan StartTime { get; private set; }

    public Serving Serving => new(_address, File.ReadAllText(Path.Combine(_data, "admin.key")).Trim());

    /// <summary>Starts it and waits until it answers that it is ready.</summary>
    /// <exception cref="BenchmarkException">It ended instead.</exception>
    public static async Task<Mooringd> StartAsync(
        string data,
        CancellationToken ct,
        IReadOnlyList<string>? options = null,
        IReadOnlyDictionary<string, string>? settings = null)
    {
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        var start = new ProcessStartInfo(Programs.Daemon)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // --drain: when it ends it takes its engine and its rules along.
        string[] arguments = ["--data", data, "--listen", $"{address}", "--drain", .. options ?? []];
        arguments.ToList().ForEach(start.ArgumentList.Add);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var began = TimeProvider.System.GetTimestamp();
        var daemon = new Mooringd(Process.Start(start)!, data, address);
        try
        {
            await Until.HoldsAsync(daemon.AnswersAsync, "mooringd answers", Interval, ct);
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }

        daemon.StartTime = TimeProvider.System.GetElapsedTime(began);
        return daemon;
    }

    public async Task StopAsync()
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        if (!_process.HasExited)
        {
            await Tool.RunAsync(
                "kill",
                ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)],
                CancellationToken.None);
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        await _log;
        RemoveRunDirectory();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process.HasExited)
        {
            await _log;
            throw new BenchmarkException(
                $"mooringd ended: {string.Join('\n', File.ReadLines(_data + ".log").TakeLast(10))}");
        }

        try
        {
            using var connection = await HttpConnection.OpenAsync(_address, CancellationToken.None);
            return await connection.SendAsync(
                "GET /healthz/ready HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), CancellationToken.None) == 200;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // The engine's run directory outlives its engine.
    private void RemoveRunDirectory()
    {
        var records = Path.Combine(_data, "mooring.db");
        if (!File.Exists(records))
        {
            return;
        }

        using var connection = new SqliteConnection($"Data Source={records};Pooling=False");
        connection.Open();
        using var command = connection.Command("SELECT id FROM installation");
        if (command.ExecuteScalar() is string id && Directory.Exists($"/run/mooring/{id}"))
        {
            Directory.Delete($"/run/mooring/{id}", recursive: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task CopyAsync(StreamReader from, string path)
    {
        await using var file = new FileStream(path, FileMode.Append);
        await from.BaseStream.CopyToAsync(file);
    }
}
