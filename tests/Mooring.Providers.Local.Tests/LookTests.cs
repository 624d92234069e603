using Mooring.Providers.Disks;

namespace Mooring.Providers.Local.Tests;

/// <summary>Observing, listing and describing: what a look says of what is there, and what it cleans up.</summary>
public sealed class LookTests : IAsyncLifetime
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
    public async Task Sees_an_image_missing_beside_the_marker_as_absent()
    {
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        File.Delete(_directory.ImageOf(1));

        (await _disks.ObserveAsync(DiskDirectory.Ref(1), Ct)).ShouldBe(DiskObservation.Absent);
    }

    [Fact]
    public async Task Says_that_something_else_than_an_image_has_failed()
    {
        Directory.CreateDirectory(_directory.ImageOf(1));

        var seen = await _disks.ObserveAsync(DiskDirectory.Ref(1), Ct);

        seen.State.ShouldBe(RemoteDiskState.Failed);
        seen.Words.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Does_not_follow_a_symbolic_link_out_of_the_directory()
    {
        File.CreateSymbolicLink(_directory.ImageOf(1), "/etc/passwd");

        (await _disks.ObserveAsync(DiskDirectory.Ref(1), Ct)).State.ShouldBe(RemoteDiskState.Failed);
        await Should.ThrowAsync<RefusedException>(() => _disks.DescribeAttachAsync(DiskDirectory.Ref(1), Ct));
        await _disks.EnsureDeletedAsync(DiskDirectory.Ref(1), Ct);

        File.Exists("/etc/passwd").ShouldBeTrue();
        _directory.Entries.ShouldBe([".mooring-installation"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../../../../../../../../../../etc/passwd")]
    [InlineData("mrg-k3p9x2mq-../../../../../../../etc/passwd/")]
    [InlineData("mrg-k3p9x2mq-0000000000000000000000000000000G")]
    [InlineData("mrg-k3p9x2mq-0000000000000000000000000000000A")]
    [InlineData("mrg-k3p9x2mq-000000000000000000000000000000001")]
    [InlineData("mrg-zzzzzzzz-00000000000000000000000000000001")]
    [InlineData("MRG-k3p9x2mq-00000000000000000000000000000001")]
    public async Task Makes_no_path_of_what_is_not_a_name_of_this_installation(string name)
    {
        var disk = new DiskRef(name, RemoteId: null);

        await Should.ThrowAsync<RefusedException>(() => _disks.ObserveAsync(disk, Ct));
        await Should.ThrowAsync<RefusedException>(() => _disks.EnsureDeletedAsync(disk, Ct));
        await Should.ThrowAsync<RefusedException>(() => _disks.DescribeAttachAsync(disk, Ct));
        await Should.ThrowAsync<RefusedException>(() => _disks.ReadUsedAsync(disk, Ct));
        Should.Throw<RefusedException>(() => _disks.Identify(disk));
        await Should.ThrowAsync<RefusedException>(
            () => _disks.EnsureCreatedAsync(DiskDirectory.Spec(1) with { Name = name }, Ct));
        _directory.Entries.ShouldBe([".mooring-installation"]);
    }

    [Fact]
    public async Task Lists_the_disks_of_this_installation_with_their_sizes_and_nothing_else()
    {
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1, mebibytes: 16), Ct);
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(2, mebibytes: 24), Ct);
        string[] foreign =
        [
            "notes.txt",
            "mrg-zzzzzzzz-00000000000000000000000000000001.img",
            DiskDirectory.NameOf(3),
            DiskDirectory.NameOf(4) + ".img.bak",
            "mrg-k3p9x2mq-not-a-name-not-a-name-not-a-nam.img",
        ];
        foreach (var entry in foreign)
        {
            await File.WriteAllTextAsync(Path.Join(_directory.FullPath, entry), "", Ct);
        }

        await File.WriteAllTextAsync(_directory.LeftoverOf(5), "", Ct);

        var listed = await _disks.ListAsync(Ct).OrderBy(disk => disk.Name).ToListAsync(Ct);

        listed.ShouldBe(
        [
            new RemoteDisk(DiskDirectory.NameOf(1), null, new ByteSize(16 << 20), RemoteDiskState.Ready),
            new RemoteDisk(DiskDirectory.NameOf(2), null, new ByteSize(24 << 20), RemoteDiskState.Ready),
        ]);
    }

    [Fact]
    public async Task Describes_how_an_agent_gets_at_the_image()
    {
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);

        var source = await _disks.DescribeAttachAsync(DiskDirectory.Ref(1), Ct);

        source.ShouldBe(new ImageFileSource(_directory.ImageOf(1), "ext4"));
    }

    [Fact]
    public async Task Refuses_to_describe_a_disk_whose_data_is_missing()
    {
        var refused = await Should.ThrowAsync<RefusedException>(
            () => _disks.DescribeAttachAsync(DiskDirectory.Ref(1), Ct));

        refused.Message.ShouldContain("missing");
    }

    [Fact]
    public async Task Tells_what_an_image_takes_of_the_machine_and_not_how_long_it_is()
    {
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1, mebibytes: 64), Ct);
        var before = await _disks.ReadUsedAsync(DiskDirectory.Ref(1), Ct);
        using (var image = File.OpenHandle(_directory.ImageOf(1), FileMode.Open, FileAccess.Write))
        {
            await RandomAccess.WriteAsync(image, new byte[8 << 20], 40 << 20, Ct);
            RandomAccess.FlushToDisk(image);
        }

        var after = await _disks.ReadUsedAsync(DiskDirectory.Ref(1), Ct);

        before.ShouldBeInRange(new ByteSize(1), new ByteSize(32 << 20));
        (after - before).ShouldBeInRange(new ByteSize(7 << 20), new ByteSize(9 << 20));
        await Should.ThrowAsync<RefusedException>(() => _disks.ReadUsedAsync(DiskDirectory.Ref(2), Ct));
    }

    [Fact]
    public void Identifies_a_disk_without_a_look_so_that_one_whose_data_is_gone_can_be_taken_off_its_host() =>
        _disks.Identify(DiskDirectory.Ref(1)).ShouldBe(new ImageFileSource(_directory.ImageOf(1), "ext4"));

    [Fact]
    public async Task Removes_what_a_crash_left_of_the_disk_looked_at()
    {
        await File.WriteAllTextAsync(_directory.LeftoverOf(1), "half an image", Ct);
        await File.WriteAllTextAsync(_directory.LeftoverOf(2), "half of another", Ct);

        (await _disks.ObserveAsync(DiskDirectory.Ref(1), Ct)).ShouldBe(DiskObservation.Absent);

        File.Exists(_directory.LeftoverOf(1)).ShouldBeFalse();
        File.Exists(_directory.LeftoverOf(2)).ShouldBeTrue();
    }

    [Fact]
    public async Task Removes_all_leftovers_at_start_but_no_file_of_others()
    {
        await File.WriteAllTextAsync(_directory.LeftoverOf(1), "half an image", Ct);
        await File.WriteAllTextAsync(_directory.LeftoverOf(2), "half of another", Ct);
        var foreign = _directory.LeftoverOf(3).Replace("k3p9x2mq", "zzzzzzzz", StringComparison.Ordinal);
        await File.WriteAllTextAsync(foreign, "", Ct);

        (await _disks.RemoveLeftoversAsync(Ct)).ShouldBe(2);

        _directory.Entries.ShouldBe([Path.GetFileName(foreign), ".mooring-installation"]);
    }

    [Fact]
    public async Task Leaves_an_image_alone_that_a_living_maker_has_locked()
    {
        using var maker = Posix.CreateNew(_directory.LeftoverOf(1));
        using var held = Posix.TryLock(maker, "a maker").ShouldNotBeNull();

        (await _disks.ObserveAsync(DiskDirectory.Ref(1), Ct)).State.ShouldBe(RemoteDiskState.Creating);
        (await _disks.RemoveLeftoversAsync(Ct)).ShouldBe(0);

        File.Exists(_directory.LeftoverOf(1)).ShouldBeTrue();
    }

    [Fact]
    public async Task Finds_no_lock_on_a_new_disk_though_a_process_is_being_started_meanwhile()
    {
        // Between its fork and its exec a child has copies of all our files, with their locks.
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var children = Task.Run(
            async () =>
            {
                while (!starting.IsCancellationRequested)
                {
                    await CliWrap.Cli.Wrap("true").ExecuteAsync(CancellationToken.None);
                }
            },
            Ct);
        for (var disk = 1; disk <= 20; disk++)
        {
            await _disks.EnsureCreatedAsync(DiskDirectory.Spec(disk), Ct);

            using var image = Posix.OpenForReading(_directory.ImageOf(disk));
            using var held = Posix.TryLock(image, "the new image").ShouldNotBeNull();
        }

        await starting.CancelAsync();
        await children;
    }

    [Fact]
    public async Task Is_not_confused_by_a_crash_between_the_link_and_the_end_of_the_temporary_name()
    {
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        Posix.Link(_directory.ImageOf(1), _directory.LeftoverOf(1));

        (await _disks.ObserveAsync(DiskDirectory.Ref(1), Ct)).State.ShouldBe(RemoteDiskState.Ready);

        _directory.Entries.ShouldBe([".mooring-installation", Path.GetFileName(_directory.ImageOf(1))]);
    }
}
