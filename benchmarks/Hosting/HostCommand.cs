using System.Globalization;
using Mooring.Benchmarks.Records;

namespace Mooring.Benchmarks.Hosting;

/// <summary>
/// One side of a pair, in a process of its own: says its address on standard output, and ends when its standard input
/// does. So it can't outlive the run, however that ends.
/// </summary>
internal static class HostCommand
{
    public const string Name = "host";
    public const string Mooring = "mooring";
    public const string MooringCounted = "mooring-counted";
    public const string Bare = "bare";

    /// <param name="arguments">Side, engine, connection, data directory, number of disks at the provider.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var engine = new Engine(arguments[1], arguments[2]);
        await using var app = arguments[0] == Bare
            ? await BareHost.StartAsync(engine, ct)
            : await MooringHost.StartAsync(
                engine,
                arguments[3],
                int.Parse(arguments[4], CultureInfo.InvariantCulture),
                arguments[0] == MooringCounted,
                ct);
        await Console.Out.WriteLineAsync(app.Urls.Single());
        while (await Console.In.ReadLineAsync(ct) is not null)
        {
            // Nothing is said on it; its end is the word.
        }

        await app.StopAsync(CancellationToken.None);
        return 0;
    }
}
