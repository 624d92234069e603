using System.Globalization;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using Mooring.Providers;

namespace Mooring.Agent.Engine;

/// <summary>What a container's main process wrote: standard output and error, as the engine interleaves them.</summary>
internal sealed class ContainerLog(EngineConnection engine)
{
    private const int MostLines = 10_000;
    private const int LongestLine = 16_384;

    /// <summary>
    /// The last <paramref name="tail"/> lines, at most 10,000, oldest first; longer lines are cut at 16,384 characters.
    /// </summary>
    /// <exception cref="RefusedException">There is no such container.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(string name, int tail, CancellationToken ct)
    {
        var lines = Math.Clamp(tail, 1, MostLines);
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            // Podman 4's tail joins an unfinished line to the line before it, or loses it; its logs are bounded.
            Tail = await engine.KindAsync(ct) == EngineKind.Podman
                ? "all"
                : lines.ToString(CultureInfo.InvariantCulture),
        };
        var read = await engine.FindAsync(
            async client =>
            {
                using var stream = await client.Containers.GetContainerLogsAsync(name, parameters, ct);
                return await DemultiplexAsync(stream, lines, ct);
            },
            ct) ?? throw new RefusedException("the instance is not on this host; its log is gone");
        return [.. read];
    }

    private static async Task<Queue<string>> DemultiplexAsync(
        MultiplexedStream stream, int most, CancellationToken ct)
    {
        // A line may be cut by a chunk's end, while the other stream goes on: each stream has its own rest.
        var lines = new Queue<string>();
        var rests = new Dictionary<MultiplexedStream.TargetStream, MemoryStream>();
        var buffer = new byte[32 * 1024];
        while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, ct) is { EOF: false } chunk)
        {
            if (!rests.TryGetValue(chunk.Target, out var rest))
            {
                rests[chunk.Target] = rest = new MemoryStream();
            }

            foreach (var octet in buffer.AsSpan(0, chunk.Count))
            {
                if (octet == '\n')
                {
                    Keep(rest);
                }
                else
                {
                    rest.WriteByte(octet);
                }
            }
        }

        foreach (var rest in rests.Values.Where(rest => rest.Length > 0))
        {
            Keep(rest);
        }

        return lines;

        void Keep(MemoryStream rest)
        {
            lines.Enqueue(TakeLine(rest));
            if (lines.Count > most)
            {
                lines.Dequeue();
            }
        }
    }

    private static string TakeLine(MemoryStream rest)
    {
        var line = Encoding.UTF8.GetString(rest.GetBuffer(), 0, (int)rest.Length).TrimEnd('\r');
        rest.SetLength(0);
        return line.Length > LongestLine ? line[..LongestLine] : line;
    }
}
