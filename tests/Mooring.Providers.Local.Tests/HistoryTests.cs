using CsCheck;
using Mooring.Providers.Disks;

namespace Mooring.Providers.Local.Tests;

/// <summary>Random histories of calls and crashes, compared with a set of names.</summary>
public sealed class HistoryTests
{
    private enum Act
    {
        Create,
        CreateTwiceAtOnce,
        Delete,
        Observe,
        CrashWhileCreating,
        CrashAfterLink,
        Restart,
    }

    [Fact]
    public Task Always_leave_exactly_the_disks_that_were_created_and_not_deleted() =>
        Gen.Select(Gen.Enum<Act>(), Gen.Int[1, 3]).Array[1, 8].SampleAsync(PlayAsync, iter: 25, threads: 1);

    private static async Task PlayAsync((Act Act, int Disk)[] history)
    {
        var ct = TestContext.Current.CancellationToken;
        using var directory = await DiskDirectory.InitializedAsync();
        var disks = new LocalDisks(directory.Options);
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        var crashes = 0;
        foreach (var (act, disk) in history)
        {
            switch (act)
            {
                case Act.Create:
                    (await disks.EnsureCreatedAsync(DiskDirectory.Spec(disk), ct))
                        .State.ShouldBe(RemoteDiskState.Ready);
                    expected.Add(DiskDirectory.NameOf(disk));
                    break;
                case Act.CreateTwiceAtOnce:
                    await Task.WhenAll(
                        disks.EnsureCreatedAsync(DiskDirectory.Spec(disk), ct),
                        new LocalDisks(directory.Options).EnsureCreatedAsync(DiskDirectory.Spec(disk), ct));
                    expected.Add(DiskDirectory.NameOf(disk));
                    break;
                case Act.Delete:
                    (await disks.EnsureDeletedAsync(DiskDirectory.Ref(disk), ct)).ShouldBe(DiskObservation.Absent);
                    expected.Remove(DiskDirectory.NameOf(disk));
                    break;
                case Act.Observe:
                    (await disks.ObserveAsync(DiskDirectory.Ref(disk), ct)).State.ShouldBe(
                        expected.Contains(DiskDirectory.NameOf(disk)) ? RemoteDiskState.Ready : RemoteDiskState.Absent);
                    break;
                case Act.CrashWhileCreating:
                    await File.WriteAllTextAsync(directory.LeftoverOf(disk, $"{crashes++:x16}"), "half", ct);
                    break;
                case Act.CrashAfterLink when File.Exists(directory.ImageOf(disk)):
                    Posix.Link(directory.ImageOf(disk), directory.LeftoverOf(disk, $"{crashes++:x16}"));
                    break;
                case Act.Restart:
                    disks = new LocalDisks(directory.Options);
                    await disks.RemoveLeftoversAsync(ct);
                    break;
            }
        }

        (await disks.ListAsync(ct).Select(found => found.Name).Order().ToListAsync(ct)).ShouldBe(expected);
        await disks.RemoveLeftoversAsync(ct);
        directory.Entries.ShouldBe(
            [".mooring-installation", .. expected.Select(name => name + ".img")]);
    }
}
