using System.Globalization;
using Mooring.Benchmarks.Hosting;
using Mooring.Benchmarks.Load;
using Mooring.Benchmarks.Machine;
using Mooring.Benchmarks.Records;
using Mooring.Benchmarks.Statistics;

namespace Mooring.Benchmarks.Rows;

/// <summary>What 100,000 ACTIVE disks cost while nobody asks: CPU, and queries per disk.</summary>
internal sealed class SteadyRow : IRow
{
    public string Name => "steady";

    public async IAsyncEnumerable<Result> MeasureAsync(Bench bench)
    {
        var site = await bench.SiteAsync(Engine.Sqlite, bench.Effort.SteadyDisks);
        await using var host = await HostProcess.StartMooringAsync(
            site.Engine, site.Data, site.Disks, bench.Ct, countsCommands: true);
        // Compiled, as it stays for days; and past the first inventory, which is taken 10 s after the start.
        await HttpLoad.RateAsync(
            host.Serving.Address,
            Requests.Disks(host.Serving, site.Disks, bench.Random),
            4,
            bench.Effort.WarmUp,
            200,
            bench.Ct);
        await Task.Delay(bench.Effort.SteadyWindow, TimeProvider.System, bench.Ct);
        List<double> shares = [];
        List<double> queries = [];
        for (var window = 0; window < bench.Effort.Windows; window++)
        {
            var (cpu, commands) = (ProcessFigures.CpuSeconds(host.Pid), await CommandsAsync(host, bench.Ct));
            var began = TimeProvider.System.GetTimestamp();
            await Task.Delay(bench.Effort.SteadyWindow, TimeProvider.System, bench.Ct);
            var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            shares.Add((ProcessFigures.CpuSeconds(host.Pid) - cpu) / seconds * 100);
            queries.Add((await CommandsAsync(host, bench.Ct) - commands) * 60 / seconds);
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"steady state, {site.Disks} ACTIVE disks");
        var share = new Budget.AtMost(2, "2 % of a core");
        yield return Result.Of(name, Engine.Sqlite, "% of a core", share, Interval.OfMedian(shares));
        // "No query per disk": some dozens a minute, however many disks there are.
        var few = new Budget.AtMost(100);
        yield return Result.Of(name + ", queries", Engine.Sqlite, "queries/min", few, Interval.OfMedian(queries));
    }

    private static async Task<double> CommandsAsync(HostProcess host, CancellationToken ct)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var text = await http.GetStringAsync(new Uri($"http://{host.Serving.Address}/bench/commands"), ct);
        return double.Parse(text, CultureInfo.InvariantCulture);
    }
}
