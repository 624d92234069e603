using System.Runtime.InteropServices;
using Mooring.Benchmarks;
using Mooring.Benchmarks.Hosting;
using Mooring.Benchmarks.Rows;

IRow[] rows =
[
    new GetRow(), new ListRow(), new PagesRow(), new PostRow(), new CreateRow(), new SteadyRow(), new DiskIoRow(),
    new StartRow(), new MemoryRow(), new HelpRow(),
];

if (args is [HostCommand.Name, ..])
{
    return await HostCommand.RunAsync(args[1..], CancellationToken.None);
}

var isQuick = args.Contains("--quick");
string[] wanted = [.. args.Where(arg => arg != "--quick")];
if (wanted.Except(rows.Select(row => row.Name)).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no row '{unknown}': {string.Join(", ", rows.Select(row => row.Name))}.");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await Run.MeasureAsync(
        [.. rows.Where(row => wanted.Length == 0 || wanted.Contains(row.Name))],
        isQuick ? Effort.Quick : Effort.Full,
        stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
