using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Local;

namespace Mooring.Conformance.Tests.Local;

/// <summary>
/// A real directory with real images. What goes wrong is real too where this machine can be made to do it: a file
/// system that is full or not mounted, an mkfs that hangs or refuses, images that somebody removed, and a process that
/// ended in the middle of a call, by what it leaves behind.
/// </summary>
internal sealed class LocalSite : Site
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    private readonly string _root = Directory.CreateTempSubdirectory("mooring-conformance-").FullName;
    private readonly Circumstance _circumstance;
    private readonly StandInMkfs _mkfs;
    private readonly DyingProcess.Plan _plan;
    private MountedDirectory? _mount;

    private LocalSite(Circumstance circumstance, StandInMkfs mkfs)
    {
        _circumstance = circumstance;
        _mkfs = mkfs;
        _plan = new DyingProcess.Plan(circumstance);
        Providers = OpenAnother();
    }

    public override OneProcess Providers { get; }

    public override DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public override string Words => StandInMkfs.Refusal;

    public override bool GivesRemoteIds => false;

    public override (ByteSize One, ByteSize Other) Sizes => (new ByteSize(16 << 20), new ByteSize(24 << 20));

    private string Disks => Path.Join(_root, "disks");

    // Under a mount point that is not mounted lies an empty directory; what is truly there lies below.
    private string TrueDirectory => _mount?.Content ?? Disks;

    private LocalOptions Options => new()
    {
        InstallationId = Installation,
        Directory = Disks,
        Capacity = ByteSize.FromGiB(1_000),
    };

    /// <summary>Makes the place; skips the test where this machine can't play the circumstance.</summary>
    public static async Task<Site> OpenAsync(Circumstance circumstance, CancellationToken ct)
    {
        var site = new LocalSite(circumstance, await StandInMkfs.MakeAsync());
        try
        {
            await site.MountAsync();
            await new LocalDisks(site.Options).InitializeAsync(ct);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public override OneProcess OpenAnother()
    {
        var disks = new LocalDisks(Options, _mkfs.Program);
        return new OneProcess(_plan.IsForDying ? new DyingProcess(disks, Disks, _plan) : disks, null);
    }

    // The clock is real, and no answer of this place takes more than a moment to change.
    public override Task PassAsync(TimeSpan time) =>
        time == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(Moment, TimeProvider.System);

    public override async Task BeginAsync()
    {
        _plan.IsOn = true;
        switch (_circumstance)
        {
            case Circumstance.HangingCreate or Circumstance.SlowCreate or Circumstance.Overlap:
                _mkfs.Hang();
                break;
            case Circumstance.Refusal:
                _mkfs.Refuse();
                break;
            case Circumstance.OutOfStock:
                await _mount!.FillAsync();
                break;
            case Circumstance.Unreachability:
                await _mount!.UnmountAsync();
                break;
            case Circumstance.Vanishing:
                foreach (var image in Directory.EnumerateFiles(Disks, "*.img"))
                {
                    File.Delete(image);
                }

                break;
        }
    }

    public override async Task EndAsync()
    {
        _plan.IsOn = false;
        _mkfs.LetGo();
        switch (_circumstance)
        {
            case Circumstance.OutOfStock:
                _mount!.Empty();
                break;
            case Circumstance.Unreachability:
                await _mount!.MountAsync();
                break;
        }
    }

    public override async Task UntilUnderWayAsync(int calls)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (_mkfs.Hanging < calls)
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Deadline, $"{_mkfs.Hanging} calls hang");
            await Task.Delay(Moment, TimeProvider.System);
        }
    }

    public override DiskSpec Disk(string name) => new(name, Sizes.One, "block", null, IsMultinode: false);

    public override Task<IReadOnlyList<TrueDisk>> DisksThereAsync() => Task.FromResult<IReadOnlyList<TrueDisk>>(
    [
        .. from image in new DirectoryInfo(TrueDirectory).EnumerateFiles("*.img")
           select new TrueDisk(Path.GetFileNameWithoutExtension(image.Name), new ByteSize(image.Length), IsReady: true),
    ]);

    public override Task PlantDiskAsync(string name) =>
        File.WriteAllTextAsync(Path.Join(Disks, name + ".img"), "somebody's", CancellationToken.None);

    public override async ValueTask DisposeAsync()
    {
        _mkfs.Dispose();
        if (_mount is not null)
        {
            await _mount.DisposeAsync();
        }

        Directory.Delete(_root, recursive: true);
    }

    private async Task MountAsync()
    {
        _mount = _circumstance switch
        {
            Circumstance.OutOfStock => await MountedDirectory.MakeSmallAsync(Disks),
            Circumstance.Unreachability => await MountedDirectory.MakeAsync(Disks, Path.Join(_root, "content")),
            _ => null,
        };
    }
}
