using Mooring.Providers.Disks;

namespace Mooring.Providers.Local.Tests;

public sealed class CreateTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private DiskDirectory _directory = null!;
    private LocalDisks _disks = null!;

    public async ValueTask InitializeAsync()
    {
        _directory = await DiskDirectory.InitializedAsync();
        _disks = new LocalDisks(_directory.Options);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Makes_a_sparse_image_of_exactly_the_size_asked_for()
    {
        var size = ByteSize.FromGiB(1_000);

        var made = await _disks.EnsureCreatedAsync(
            new DiskSpec(DiskDirectory.NameOf(1), size, "block", "here", IsMultinode: false), Ct);

        made.ShouldBe(new DiskObservation(RemoteDiskState.Ready));
        var status = Posix.Status(_directory.ImageOf(1)).ShouldNotBeNull();
        status.Length.ShouldBe(size.Bytes);
        status.Allocated.ShouldBeLessThan(64L << 20);
        _directory.Entries.ShouldBe([".mooring-installation", Path.GetFileName(_directory.ImageOf(1))]);
    }

    [Fact]
    public async Task Lets_nobody_but_its_owner_read_an_image()
    {
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);

        File.GetUnixFileMode(_directory.ImageOf(1)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Leaves_a_disk_that_is_there_as_it_is()
    {
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        await File.WriteAllTextAsync(_directory.ImageOf(1), "a user's data", Ct);

        var again = await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);

        again.State.ShouldBe(RemoteDiskState.Ready);
        (await File.ReadAllTextAsync(_directory.ImageOf(1), Ct)).ShouldBe("a user's data");
    }

    [Fact]
    public async Task Ends_in_one_image_when_asked_many_times_at_once()
    {
        // Two providers stand for two processes: between them no lock of one process helps.
        var other = new LocalDisks(_directory.Options);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => (i % 2 == 0 ? _disks : other).EnsureCreatedAsync(DiskDirectory.Spec(1), Ct)));

        answers.ShouldAllBe(answer => answer.State == RemoteDiskState.Ready);
        _directory.Entries.ShouldBe([".mooring-installation", Path.GetFileName(_directory.ImageOf(1))]);
    }

    [Fact]
    public async Task Keeps_the_first_of_two_makers_image()
    {
        using var mkfs = await StandInMkfs.MakeAsync();
        var slow = new LocalDisks(_directory.Options, mkfs.Program).EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        await mkfs.HasStartedAsync();

        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        var first = Posix.Status(_directory.ImageOf(1))!.Value.Inode;
        mkfs.LetGo();

        (await slow).State.ShouldBe(RemoteDiskState.Ready);
        Posix.Status(_directory.ImageOf(1))!.Value.Inode.ShouldBe(first);
        _directory.Entries.Count().ShouldBe(2);
    }

    [Fact]
    public async Task Shows_nothing_under_the_true_name_while_the_file_system_is_being_made()
    {
        using var mkfs = await StandInMkfs.MakeAsync();
        var create = new LocalDisks(_directory.Options, mkfs.Program).EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        await mkfs.HasStartedAsync();

        var seen = await _disks.ObserveAsync(DiskDirectory.Ref(1), Ct);
        var listed = await _disks.ListAsync(Ct).ToListAsync(Ct);

        seen.State.ShouldBe(RemoteDiskState.Creating);
        listed.ShouldBeEmpty();
        mkfs.LetGo();
        (await create).State.ShouldBe(RemoteDiskState.Ready);
    }

    [Fact]
    public async Task Ends_mkfs_and_leaves_nothing_when_cancelled()
    {
        using var mkfs = await StandInMkfs.MakeAsync();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var create = new LocalDisks(_directory.Options, mkfs.Program)
            .EnsureCreatedAsync(DiskDirectory.Spec(1), cancelled.Token);
        await mkfs.HasStartedAsync();

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => create);
        mkfs.IsRunning().ShouldBeFalse();
        _directory.Entries.ShouldBe([".mooring-installation"]);
    }

    [Fact]
    public async Task Makes_nothing_in_a_directory_whose_marker_went_away_meanwhile()
    {
        using var mkfs = await StandInMkfs.MakeAsync();
        var create = new LocalDisks(_directory.Options, mkfs.Program).EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        await mkfs.HasStartedAsync();

        File.Delete(Path.Join(_directory.FullPath, ".mooring-installation"));
        mkfs.LetGo();

        await Should.ThrowAsync<UnreachableException>(() => create);
        _directory.Entries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Refuses_a_disk_of_no_size(long bytes)
    {
        var spec = DiskDirectory.Spec(1) with { Size = new ByteSize(bytes) };

        await Should.ThrowAsync<RefusedException>(() => _disks.EnsureCreatedAsync(spec, Ct));
    }

    [Fact]
    public async Task Refuses_a_disk_too_small_for_a_file_system_in_its_words()
    {
        var spec = DiskDirectory.Spec(1) with { Size = new ByteSize(512) };

        var refused = await Should.ThrowAsync<RefusedException>(() => _disks.EnsureCreatedAsync(spec, Ct));

        refused.Message.ShouldContain("mkfs.ext4");
        _directory.Entries.ShouldBe([".mooring-installation"]);
    }

    [Fact]
    public async Task Says_that_mkfs_is_missing_rather_than_that_the_disk_is_impossible()
    {
        var disks = new LocalDisks(_directory.Options, Path.Join(_directory.FullPath, "no-such-mkfs"));

        await Should.ThrowAsync<UnreachableException>(() => disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct));
        _directory.Entries.ShouldBe([".mooring-installation"]);
    }
}
