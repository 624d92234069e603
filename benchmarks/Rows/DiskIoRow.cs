using System.Text.Json;
using Mooring.Benchmarks.Machine;
using Mooring.Benchmarks.Statistics;

namespace Mooring.Benchmarks.Rows;

/// <summary>An attached disk's I/O against the same mount made by hand; needs root, podman and fio.</summary>
internal sealed class DiskIoRow : IRow
{
    private const int SizeGb = 4;
    private const string ImageName = "ubuntu_22_cuda_12.tar";

    // A GiB of a file that is there already: what is measured is I/O, not the allocation of blocks.
    private const string FileSize = "1g";

    private static readonly (string Words, string Mode, string BlockSize, string Unit)[] Patterns =
    [
        ("sequential write", "write", "1m", "MB/s"), ("sequential read", "read", "1m", "MB/s"),
        ("random write, 4 KiB", "randwrite", "4k", "IO/s"), ("random read, 4 KiB", "randread", "4k", "IO/s"),
    ];

    public string Name => "io";

    public async IAsyncEnumerable<Result> MeasureAsync(Bench bench)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new BenchmarkException("Mounts and instances need root.");
        }

        var data = bench.NewPath("io");
        await ProvideImageAsync(Path.Combine(data, "images"), bench.Ct);
        await using var attached = await AttachedDisk.MakeAsync(data, SizeGb, bench.Ct);
        await using var byHand = await HandMount.MakeAsync(bench.NewPath("hand"), SizeGb, bench.Ct);
        await LayOutAsync(attached.DiskFile, bench.Ct);
        await LayOutAsync(byHand.File, bench.Ct);
        var budget = new Budget.AtLeast(0.97);
        foreach (var (words, mode, blockSize, unit) in Patterns)
        {
            var pairs = await Pairs.MeasureAsync(
                bench.Effort,
                budget,
                () => FioAsync(attached.PodFile, mode, blockSize, bench),
                () => FioAsync(byHand.File, mode, blockSize, bench));
            yield return Result.Of($"attached disk, {words}", "local", unit, budget, pairs);
        }
    }

    private static Task<string> LayOutAsync(string file, CancellationToken ct) => Tool.RunAsync(
        "fio",
        [
            "--name=layout", $"--filename={file}", "--rw=write", "--bs=1m", $"--size={FileSize}", "--direct=1",
            "--ioengine=libaio", "--iodepth=4", "--end_fsync=1",
        ],
        ct);

    private static async Task<double> FioAsync(string file, string mode, string blockSize, Bench bench)
    {
        var report = await Tool.RunAsync(
            "fio",
            [
                "--name=bench", $"--filename={file}", $"--rw={mode}", $"--bs={blockSize}", $"--size={FileSize}",
                "--direct=1", "--ioengine=libaio", "--iodepth=16", "--time_based", "--allow_file_create=0",
                FormattableString.Invariant($"--runtime={bench.Effort.Slice.TotalMilliseconds}ms"),
                "--output-format=json",
            ],
            bench.Ct);
        // {"jobs": [{"read": {"iops": 1234.5, "bw_bytes": 5056512, …}, "write": {…}, …}], …}
        using var json = JsonDocument.Parse(report);
        var direction = json.RootElement.GetProperty("jobs")[0]
            .GetProperty(mode.EndsWith("read", StringComparison.Ordinal) ? "read" : "write");
        return blockSize == "4k"
            ? direction.GetProperty("iops").GetDouble()
            : direction.GetProperty("bw_bytes").GetDouble() / 1e6;
    }

    // Built once for this user, and shared with the tests.
    private static async Task ProvideImageAsync(string directory, CancellationToken ct)
    {
        var cache = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "mooring-tests");
        Directory.CreateDirectory(cache);
        var kept = Path.Combine(cache, "images", ImageName);
        await Tool.RunAsync(
            "flock",
            [
                Path.Combine(cache, "lock"), Path.Combine(Programs.Repository, "eng", "image", "build"), kept,
                "--cache", cache,
            ],
            ct);
        await Tool.RunAsync("install", ["-d", "-m", "711", Path.GetDirectoryName(directory)!, directory], ct);
        await Tool.RunAsync("cp", [kept, Path.Combine(directory, ImageName)], ct);
    }
}
