using Mooring.Providers.Disks;

namespace Mooring.Providers.Local.Tests;

public sealed class MarkerTests : IDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private readonly DiskDirectory _directory = DiskDirectory.Empty();
    private readonly LocalDisks _disks;

    public MarkerTests() => _disks = new LocalDisks(_directory.Options);

    private string Marker => Path.Join(_directory.FullPath, ".mooring-installation");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Is_made_at_the_first_start_in_a_directory_that_only_its_owner_may_enter()
    {
        await _disks.InitializeAsync(Ct);

        (await File.ReadAllTextAsync(Marker, Ct)).ShouldBe("k3p9x2mq\n");
        File.GetUnixFileMode(_directory.FullPath).ShouldBe(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Is_kept_by_a_second_initialization_beside_disks()
    {
        await _disks.InitializeAsync(Ct);
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);

        await _disks.InitializeAsync(Ct);

        (await _disks.ObserveAsync(DiskDirectory.Ref(1), Ct)).State.ShouldBe(RemoteDiskState.Ready);
    }

    [Theory]
    [InlineData("lost+found")]
    [InlineData(".mooring-installation-4711")]
    public async Task Is_made_beside_what_a_new_file_system_or_a_start_cut_short_has_left(string entry)
    {
        Directory.CreateDirectory(_directory.FullPath);
        await File.WriteAllTextAsync(Path.Join(_directory.FullPath, entry), "", Ct);

        await _disks.InitializeAsync(Ct);

        (await File.ReadAllTextAsync(Marker, Ct)).ShouldBe("k3p9x2mq\n");
    }

    [Fact]
    public async Task Is_not_made_in_a_directory_that_holds_something()
    {
        Directory.CreateDirectory(_directory.FullPath);
        await File.WriteAllTextAsync(Path.Join(_directory.FullPath, "holiday.jpg"), "", Ct);

        var unreachable = await Should.ThrowAsync<UnreachableException>(() => _disks.InitializeAsync(Ct));

        unreachable.Message.ShouldContain("holiday.jpg");
        File.Exists(Marker).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_another_installation_stops_initialization()
    {
        await _disks.InitializeAsync(Ct);
        var other = new LocalDisks(_directory.Options with { InstallationId = "zzzzzzzz" });

        var unreachable = await Should.ThrowAsync<UnreachableException>(() => other.InitializeAsync(Ct));

        unreachable.Message.ShouldContain("k3p9x2mq");
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task That_is_missing_makes_every_verb_unreachable(string verb)
    {
        await _disks.InitializeAsync(Ct);
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        File.Delete(Marker);

        var unreachable = await Should.ThrowAsync<UnreachableException>(() => CallAsync(_disks, verb));

        unreachable.Message.ShouldContain("is its file system mounted?");
        _directory.Entries.ShouldBe([Path.GetFileName(_directory.ImageOf(1))]);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Of_another_installation_makes_every_verb_unreachable(string verb)
    {
        await _disks.InitializeAsync(Ct);
        await _disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct);
        await File.WriteAllTextAsync(Marker, "zzzzzzzz\n", Ct);

        await Should.ThrowAsync<UnreachableException>(() => CallAsync(_disks, verb));

        File.Exists(_directory.ImageOf(1)).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Is_missed_in_a_directory_that_is_not_there(string verb) =>
        await Should.ThrowAsync<UnreachableException>(() => CallAsync(_disks, verb));

    public static TheoryData<string> Verbs() =>
        new(
            "offers", "create", "create another", "observe", "observe another", "delete", "delete another", "list",
            "describe", "leftovers");

    private static Task CallAsync(LocalDisks disks, string verb) => verb switch
    {
        "offers" => disks.ListOffersAsync(Ct),
        "create" => disks.EnsureCreatedAsync(DiskDirectory.Spec(1), Ct),
        "create another" => disks.EnsureCreatedAsync(DiskDirectory.Spec(2), Ct),
        "observe" => disks.ObserveAsync(DiskDirectory.Ref(1), Ct),
        "observe another" => disks.ObserveAsync(DiskDirectory.Ref(2), Ct),
        "delete" => disks.EnsureDeletedAsync(DiskDirectory.Ref(1), Ct),
        "delete another" => disks.EnsureDeletedAsync(DiskDirectory.Ref(2), Ct),
        "list" => disks.ListAsync(Ct).ToListAsync(Ct).AsTask(),
        "describe" => disks.DescribeAttachAsync(DiskDirectory.Ref(1), Ct),
        "leftovers" => disks.RemoveLeftoversAsync(Ct),
        _ => throw new ArgumentOutOfRangeException(nameof(verb)),
    };
}
