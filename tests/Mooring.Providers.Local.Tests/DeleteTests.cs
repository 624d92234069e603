using Mooring.Providers.Disks;

namespace Mooring.Providers.Local.Tests;

public sealed class DeleteTests : IAsyncLifetime
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
    public async Task Removes_the_image_and_no_other()
    {
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(2), Ct);

        var answer = await _disks.EnsureDeletedAsync(DiskDirectory.Ref(1), Ct);

        answer.ShouldBe(DiskObservation.Absent);
        _directory.Entries.ShouldBe([".mooring-installation", Path.GetFileName(_directory.ImageOf(2))]);
    }

    [Fact]
    public async Task Counts_an_absent_disk_as_done()
    {
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        await _disks.EnsureDeletedAsync(DiskDirectory.Ref(1), Ct);

        (await _disks.EnsureDeletedAsync(DiskDirectory.Ref(1), Ct)).ShouldBe(DiskObservation.Absent);
        (await _disks.EnsureDeletedAsync(DiskDirectory.Ref(2), Ct)).ShouldBe(DiskObservation.Absent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Takes_a_half_made_image_from_a_maker_in_another_process_whatever_its_mkfs_says(int exitCode)
    {
        using var mkfs = await StandInMkfs.MakeAsync(exitCode);
        var straggler = new LocalDisks(_directory.Options, mkfs.Program).EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        await mkfs.HasStartedAsync();

        (await _disks.EnsureDeletedAsync(DiskDirectory.Ref(1), Ct)).ShouldBe(DiskObservation.Absent);
        mkfs.LetGo();

        await Should.ThrowAsync<UnreachableException>(() => straggler);
        _directory.Entries.ShouldBe([".mooring-installation"]);
    }

    [Fact]
    public async Task Waits_for_a_create_of_this_process_and_removes_what_it_made()
    {
        using var mkfs = await StandInMkfs.MakeAsync();
        var disks = new LocalDisks(_directory.Options, mkfs.Program);
        var create = disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        await mkfs.HasStartedAsync();

        var delete = disks.EnsureDeletedAsync(DiskDirectory.Ref(1), Ct);
        delete.IsCompleted.ShouldBeFalse();
        mkfs.LetGo();

        (await create).State.ShouldBe(RemoteDiskState.Ready);
        (await delete).ShouldBe(DiskObservation.Absent);
        _directory.Entries.ShouldBe([".mooring-installation"]);
    }

    [Fact]
    public async Task Refuses_while_a_loop_device_holds_the_image()
    {
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        var device = await LoopFileSystem.AttachAsync(_directory.ImageOf(1));
        try
        {
            var refused = await Should.ThrowAsync<RefusedException>(
                () => _disks.EnsureDeletedAsync(DiskDirectory.Ref(1), Ct));

            refused.Message.ShouldContain(Path.GetFileName(device));
            File.Exists(_directory.ImageOf(1)).ShouldBeTrue();
        }
        finally
        {
            await LoopFileSystem.DetachAsync(device);
        }

        (await _disks.EnsureDeletedAsync(DiskDirectory.Ref(1), Ct)).ShouldBe(DiskObservation.Absent);
    }

    [Fact]
    public async Task Sees_a_loop_device_through_a_symbolic_link_to_the_directory()
    {
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        var link = _directory.FullPath + "-link";
        File.CreateSymbolicLink(link, _directory.FullPath);
        var linked = new LocalDisks(_directory.Options with { Directory = link });
        var device = await LoopFileSystem.AttachAsync(_directory.ImageOf(1));
        try
        {
            await Should.ThrowAsync<RefusedException>(() => linked.EnsureDeletedAsync(DiskDirectory.Ref(1), Ct));
        }
        finally
        {
            await LoopFileSystem.DetachAsync(device);
        }
    }
}
