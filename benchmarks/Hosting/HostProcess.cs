using System.Diagnostics;
using System.Globalization;
using System.Net;
using Mooring.Benchmarks.Load;
using Mooring.Benchmarks.Records;

namespace Mooring.Benchmarks.Hosting;

/// <summary>A running <see cref="HostCommand"/>.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    public int Pid => _process.Id;

    public required Serving Serving { get; init; }

    /// <summary>Our side; see <see cref="MooringHost"/>.</summary>
    public static Task<HostProcess> StartMooringAsync(
        Engine engine, string dataDirectory, int disks, CancellationToken ct, bool countsCommands = false) =>
        StartAsync(
            countsCommands ? HostCommand.MooringCounted : HostCommand.Mooring, engine, dataDirectory, disks, ct);

    /// <summary>The reference; see <see cref="BareHost"/>. It takes the key of our side's installation.</summary>
    public static Task<HostProcess> StartBareAsync(Engine engine, string dataDirectory, CancellationToken ct) =>
        StartAsync(HostCommand.Bare, engine, dataDirectory, 0, ct);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static async Task<HostProcess> StartAsync(
        string side, Engine engine, string dataDirectory, int disks, CancellationToken ct)
    {
        var log = Path.Combine(dataDirectory, side + ".log");
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            HostCommand.Name, side, engine.Name, engine.Connection, dataDirectory,
            disks.ToString(CultureInfo.InvariantCulture),
        ];
        arguments.ToList().ForEach(start.ArgumentList.Add);
        var process = Process.Start(start)!;
        // A log costs its writer what it costs in service: somebody reads it and writes it to a file.
        _ = CopyAsync(process.StandardError, log);
        var url = await process.StandardOutput.ReadLineAsync(ct)
            ?? throw new BenchmarkException(
                $"The {side} side did not start: {string.Join('\n', File.ReadLines(log).TakeLast(10))}");
        var key = await File.ReadAllTextAsync(Path.Combine(dataDirectory, "admin.key"), ct);
        return new HostProcess(process)
        {
            Serving = new Serving(IPEndPoint.Parse(new Uri(url).Authority), key.Trim()),
        };
    }

    private static async Task CopyAsync(StreamReader from, string path)
    {
        await using var file = new FileStream(path, FileMode.Create);
        await from.BaseStream.CopyToAsync(file);
    }
}
