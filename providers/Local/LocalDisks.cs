using System.Runtime.CompilerServices;
using Mooring.Providers.Disks;

namespace Mooring.Providers.Local;

/// <summary>
/// The provider <c>local</c>: a disk is an ext4 file system in a sparse image file on this machine, <c>NAME.img</c> in
/// one directory. Works without root; attaching, which does not, is the agent's. README.md tells what happens when.
/// </summary>
public sealed class LocalDisks : IDiskProvider, IHostAttachable, IDiskUsage
{
    private const string PoolName = "disks";
    private const int SmallestReserveGiB = 2;
    private const int ReservedOneIn = 20;

    private readonly LocalOptions _options;
    private readonly ImageDirectory _directory;
    private readonly ImageMaker _maker;

    // One lane for each disk (more or less: names that share one just wait), so that in this process a delete never
    // passes a create that is still on its way, and two creates of one disk make it once. Between processes it is the
    // ImageMaker's order of steps that decides.
    private readonly SemaphoreSlim[] _lanes = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>The disks of one directory. Touches nothing yet.</summary>
    /// <exception cref="ArgumentException">The options make no sense; the message says which and why.</exception>
    public LocalDisks(LocalOptions options) : this(options, mkfs: null) { }

    /// <summary>The same with another program in place of <c>mkfs.ext4</c>.</summary>
    internal LocalDisks(LocalOptions options, string? mkfs)
    {
        LocalOptions.Check(options);
        _options = options;
        _directory = new ImageDirectory(Path.GetFullPath(options.Directory), options.InstallationId);
        _maker = new ImageMaker(_directory, mkfs);
    }

    /// <summary>Zero: a call that has ended has no effects later.</summary>
    public TimeSpan SettlingTime => TimeSpan.Zero;

    /// <summary>The provider's name in offers, as configured.</summary>
    public string ProviderType => _options.ProviderType;

    /// <summary>
    /// Makes the directory and its marker. For the first start only, while the installation has no disk here yet:
    /// later a missing marker means that the wrong directory is mounted, and must stay an error. May be called twice.
    /// </summary>
    /// <exception cref="UnreachableException">
    /// The directory holds something and is not marked as this installation's, or can't be made.
    /// </exception>
    /// <exception cref="UnauthorizedException">The operating system does not let us.</exception>
    public Task InitializeAsync(CancellationToken ct) => RunAsync(_directory.Initialize, ct);

    /// <summary>
    /// Removes half-made images that a crash left behind, of all disks. For every start; a verb does it for its own
    /// disk whenever it looks at it.
    /// </summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="UnreachableException">The directory is not this installation's, or can't be read.</exception>
    public Task<int> RemoveLeftoversAsync(CancellationToken ct) => RunAsync(
        () =>
        {
            _directory.RequireMarker();
            return _directory.RemoveLeftovers(name: null).Removed;
        },
        ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct) => RunAsync<IReadOnlyList<DiskOffer>>(
        () =>
        {
            _directory.RequireMarker();
            var pool = new CapacityPool(PoolName, _options.Capacity ?? MeasureCapacity());
            return
            [
                Offer("block", isMultinode: false, pool, "One instance at a time."),
                Offer("shared", isMultinode: true, pool, "Any number of this host's instances at once."),
            ];
        },
        ct);

    /// <inheritdoc/>
    public async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _directory.RequireName(spec.Name);
        if (spec.Size <= ByteSize.Zero)
        {
            throw new RefusedException($"A disk of {spec.Size.Bytes} bytes can't be made.");
        }

        using var lane = await EnterLaneAsync(spec.Name, ct);
        var seen = await RunAsync(() => Look(spec.Name), ct);
        if (seen.State is RemoteDiskState.Absent or RemoteDiskState.Creating)
        {
            await TranslateAsync(() => _maker.MakeAsync(spec.Name, spec.Size, ct));
            return new DiskObservation(RemoteDiskState.Ready);
        }

        return seen;
    }

    /// <inheritdoc/>
    public Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(disk);
        return RunAsync(
            () =>
            {
                _directory.RequireName(disk.Name);
                return Look(disk.Name);
            },
            ct);
    }

    /// <inheritdoc/>
    public async Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(disk);
        _directory.RequireName(disk.Name);
        using var lane = await EnterLaneAsync(disk.Name, ct);
        return await RunAsync(() => Delete(disk.Name), ct);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RemoteDisk> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // Read to its end first: whoever sees the first disk may rely on there being no failure after it.
        foreach (var disk in await RunAsync(ReadAll, ct))
        {
            yield return disk;
        }
    }

    /// <inheritdoc/>
    public Task<HostAttachSource> DescribeAttachAsync(DiskRef disk, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(disk);
        return RunAsync<HostAttachSource>(
            () =>
            {
                _directory.RequireName(disk.Name);
                return Look(disk.Name).State == RemoteDiskState.Ready
                    ? new ImageFileSource(_directory.ImageOf(disk.Name), "ext4")
                    : throw new RefusedException($"The disk's data is missing: {_directory.ImageOf(disk.Name)}.");
            },
            ct);
    }

    /// <summary>
    /// What the image takes of this machine's file system. Files that were deleted inside give theirs back, as the
    /// mounts have <c>discard</c>.
    /// </summary>
    public Task<ByteSize> ReadUsedAsync(DiskRef disk, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(disk);
        return RunAsync(
            () =>
            {
                _directory.RequireName(disk.Name);
                _directory.RequireMarker();
                return Posix.Status(_directory.ImageOf(disk.Name)) is { IsRegularFile: true } image
                    ? new ByteSize(image.Allocated)
                    : throw new RefusedException($"The disk's data is missing: {_directory.ImageOf(disk.Name)}.");
            },
            ct);
    }

    /// <inheritdoc/>
    public HostAttachSource Identify(DiskRef disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        _directory.RequireName(disk.Name);
        return new ImageFileSource(_directory.ImageOf(disk.Name), "ext4");
    }

    private static async Task TranslateAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception failure) when (LocalErrors.IsNative(failure))
        {
            throw LocalErrors.From(failure);
        }
    }

    // The calls below block, a large image's unlink for half a second: off the caller's thread.
    private static async Task<T> RunAsync<T>(Func<T> act, CancellationToken ct)
    {
        try
        {
            return await Task.Run(act, ct);
        }
        catch (Exception failure) when (LocalErrors.IsNative(failure))
        {
            throw LocalErrors.From(failure);
        }
    }

    private static Task<bool> RunAsync(Action act, CancellationToken ct) => RunAsync(
        () =>
        {
            act();
            return true;
        },
        ct);

    private DiskObservation Look(string name)
    {
        _directory.RequireMarker();
        var isBeingMade = _directory.RemoveLeftovers(name).IsBeingMade;
        var image = Posix.Status(_directory.ImageOf(name));
        if (image is not null)
        {
            return image.Value.IsRegularFile
                ? new DiskObservation(RemoteDiskState.Ready)
                : new DiskObservation(RemoteDiskState.Failed, Words: "In place of the disk's image is something else.");
        }

        // If the file system was taken away while we looked, what we saw was the directory under it.
        _directory.RequireMarker();
        return isBeingMade ? new DiskObservation(RemoteDiskState.Creating) : DiskObservation.Absent;
    }

    private DiskObservation Delete(string name)
    {
        _directory.RequireMarker();
        _directory.RemoveTemporaries(name);
        var image = _directory.ImageOf(name);
        if (Posix.Status(image) is { IsRegularFile: true } && LoopDevices.Over(image) is [var device, ..])
        {
            throw new RefusedException($"The disk is still in use by loop device {device}.");
        }

        CrashPoint.Pass("local.unlink.before");
        var isChanged = Posix.Unlink(image);
        CrashPoint.Pass("local.unlink.after");
        if (!isChanged)
        {
            _directory.RequireMarker();
        }

        try
        {
            Posix.FlushDirectory(_directory.FullPath);
        }
        catch (PosixException failure) when (isChanged)
        {
            throw LocalErrors.AfterChange(failure);
        }

        return DiskObservation.Absent;
    }

    private List<RemoteDisk> ReadAll()
    {
        _directory.RequireMarker();
        var disks = new List<RemoteDisk>();
        foreach (var name in _directory.ImageNames())
        {
            // One that was deleted since the directory was read is rightly missing.
            if (Posix.Status(_directory.ImageOf(name)) is { } image)
            {
                var state = image.IsRegularFile ? RemoteDiskState.Ready : RemoteDiskState.Failed;
                disks.Add(new RemoteDisk(name, RemoteId: null, new ByteSize(image.Length), state));
            }
        }

        _directory.RequireMarker();
        return disks;
    }

    private DiskOffer Offer(string cloudId, bool isMultinode, CapacityPool pool, string holders) => new(
        cloudId,
        new Place(_options.DataCenter, _options.Country, _options.Region),
        _options.PricePerGiBHour,
        MinSizeGiB: 1,
        MaxSizeGiB: 100_000,
        StepGiB: 1,
        isMultinode,
        pool.Capacity.WholeGiB > 0 ? Stock.Available : Stock.Unavailable,
        Security.SecureCloud,
        pool,
        $"{holders} An ext4 file system; 1 GB is 2^30 bytes.");

    private ByteSize MeasureCapacity()
    {
        var drive = new DriveInfo(_directory.FullPath);
        var reserve = _options.Reserve
            ?? new ByteSize(Math.Max(drive.TotalSize / ReservedOneIn, ByteSize.FromGiB(SmallestReserveGiB).Bytes));
        // Images grow into what is free now, and have what they have taken already.
        var room = drive.AvailableFreeSpace + _directory.Allocated() - reserve.Bytes;
        return new ByteSize(Math.Max(0, room));
    }

    private async Task<Lane> EnterLaneAsync(string name, CancellationToken ct)
    {
        var lane = _lanes[(uint)name.GetHashCode(StringComparison.Ordinal) % (uint)_lanes.Length];
        await lane.WaitAsync(ct);
        return new Lane(lane);
    }

    private readonly struct Lane(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
