using Mooring.Providers.Disks;

namespace Mooring.Providers.RunPod.Tests;

/// <summary>Which volume is kept, which is deleted, and which never.</summary>
public class VolumeTests
{
    private const string Two = """
        {"networkVolumes": [
          {"id": "b", "name": "NAME", "size": 500, "dataCenter": "US-KS-2", "type": "STANDARD"},
          {"id": "a", "name": "NAME", "size": 500, "dataCenter": "US-KS-2", "type": "STANDARD"}]}
        """;

    private static readonly DiskSpec Spec =
        new(Canned.Name(1), ByteSize.FromGiB(500), "STANDARD", "US-KS-2", IsMultinode: true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "a", "b")]
    [InlineData("b", "b", "a")]
    [InlineData("a", "a", "b")]
    public async Task Of_two_the_mounted_one_is_kept_or_else_the_smaller_id(string mounted, string kept, string deleted)
    {
        using var canned = new Canned();
        using var provider = canned
            .Then(200, Two.Replace("NAME", Canned.Name(1))).Then(200, PodsOn(mounted)).Then(204, "").Open();
        var seen = await provider.Disks.EnsureCreatedAsync(Spec, Ct);
        (seen.State, seen.RemoteId).ShouldBe((RemoteDiskState.Creating, kept));
        canned.Asked[2].PathAndQuery.ShouldBe($"/v2/network-volumes/{deleted}");
    }

    [Fact]
    public async Task Of_two_that_are_both_mounted_none_is_deleted()
    {
        using var canned = new Canned();
        using var provider = canned
            .Then(200, Two.Replace("NAME", Canned.Name(1))).Then(200, PodsOn("a", "b")).Open();
        var seen = await provider.Disks.EnsureCreatedAsync(Spec, Ct);
        (seen.State, seen.RemoteId).ShouldBe((RemoteDiskState.Creating, "a"));
        seen.Words.ShouldNotBeNull().ShouldContain("pods mount them all");
    }

    [Fact]
    public async Task One_that_is_listed_twice_is_one_and_stays()
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, Two.Replace("NAME", Canned.Name(1)).Replace("\"b\"", "\"a\"")).Open();
        (await provider.Disks.EnsureCreatedAsync(Spec, Ct))
            .ShouldBe(new DiskObservation(RemoteDiskState.Ready, "a"));
    }

    [Fact]
    public async Task What_was_renamed_is_known_by_its_id_unless_mooring_gave_the_name()
    {
        using var canned = new Canned();
        using var provider = canned
            .Then(200, One("a", "notes")).Then(200, One("a", Canned.Name(2))).Open();
        var disk = new DiskRef(Canned.Name(1), "a");

        (await provider.Disks.ObserveAsync(disk, Ct)).ShouldBe(
            new DiskObservation(RemoteDiskState.Ready, "a", "It bears another name at RunPod, 'notes'."));
        (await Should.ThrowAsync<RefusedException>(() => provider.Disks.ObserveAsync(disk, Ct)))
            .Message.ShouldContain(Canned.Name(2));
    }

    [Fact]
    public async Task What_bears_the_name_under_another_id_is_told_and_not_deleted()
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, One("b", Canned.Name(1))).Then(404, "{}").Open();

        var seen = await provider.Disks.EnsureDeletedAsync(new DiskRef(Canned.Name(1), "a"), Ct);

        (seen.State, seen.RemoteId).ShouldBe((RemoteDiskState.Ready, "b"));
        canned.Asked.ShouldAllBe(asked => asked.Method == "GET");
    }

    [Fact]
    public async Task A_delete_is_not_done_while_the_disk_is_there_under_another_name()
    {
        using var canned = new Canned();
        using var provider = canned
            .Then(200, One("a", "notes"))
            .Then(200, PodsOn(""))
            .Then(204, "")
            .Then(200, One("a", "notes"))
            .Open();

        var seen = await provider.Disks.EnsureDeletedAsync(new DiskRef(Canned.Name(1), "a"), Ct);

        (seen.State, seen.RemoteId).ShouldBe((RemoteDiskState.Deleting, "a"));
        canned.Asked[2].PathAndQuery.ShouldBe("/v2/network-volumes/a");
    }

    [Fact]
    public async Task A_look_at_two_prefers_the_one_that_the_caller_knows()
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, Two.Replace("NAME", Canned.Name(1))).Open();
        var seen = await provider.Disks.ObserveAsync(new DiskRef(Canned.Name(1), "b"), Ct);
        seen.ShouldBe(new DiskObservation(RemoteDiskState.Ready, "b") { IsDoubled = true });
    }

    [Theory]
    [InlineData("RUNNING")]
    [InlineData("EXITED")]
    [InlineData("TERMINATED")]
    public async Task A_volume_that_a_pod_names_is_not_deleted_whatever_the_pod_does(string status)
    {
        using var canned = new Canned();
        using var provider = canned
            .Then(200, One()).Then(200, PodsOn("a").Replace("RUNNING", status)).Open();
        (await Should.ThrowAsync<RefusedException>(
            () => provider.Disks.EnsureDeletedAsync(new DiskRef(Canned.Name(1), "a"), Ct)))
            .Message.ShouldContain("in use by somebody");
        canned.Asked.ShouldAllBe(asked => asked.Method == "GET");
    }

    [Fact]
    public async Task What_the_list_lacks_is_asked_for_by_the_id_that_is_known()
    {
        using var canned = new Canned();
        var one = $$"""{"id": "a", "name": "{{Canned.Name(1)}}", "size": 500, "dataCenter": "US-KS-2"}""";
        using var provider = canned.Then(200, Canned.NoVolumes).Then(200, one).Open();
        var seen = await provider.Disks.ObserveAsync(new DiskRef(Canned.Name(1), "a"), Ct);
        (seen.State, seen.RemoteId).ShouldBe((RemoteDiskState.Creating, "a"));
        canned.Asked[1].PathAndQuery.ShouldBe("/v2/network-volumes/a");
    }

    [Fact]
    public async Task Nothing_is_made_again_while_a_list_does_not_show_it_yet()
    {
        using var canned = new Canned();
        var one = $$"""{"id": "a", "name": "{{Canned.Name(1)}}", "size": 500, "dataCenter": "US-KS-2"}""";
        using var provider = canned
            .Then(200, Canned.NoVolumes).Then(201, one)
            .Then(200, Canned.NoVolumes).Then(200, one)
            .Then(200, Canned.NoVolumes).Then(200, one)
            .Then(200, $$"""{"networkVolumes": [{{one}}]}""")
            .Open();
        (await provider.Disks.EnsureCreatedAsync(Spec, Ct)).State.ShouldBe(RemoteDiskState.Creating);
        (await provider.Disks.EnsureCreatedAsync(Spec, Ct)).State.ShouldBe(RemoteDiskState.Creating);
        (await provider.Disks.EnsureCreatedAsync(Spec, Ct)).State.ShouldBe(RemoteDiskState.Ready);
        canned.Asked.Count(asked => asked.Method == "POST").ShouldBe(1);
    }

    [Fact]
    public async Task What_runpod_said_it_made_is_not_absent_though_nothing_shows_it()
    {
        using var canned = new Canned();
        var one = $$"""{"id": "a", "name": "{{Canned.Name(1)}}", "size": 500, "dataCenter": "US-KS-2"}""";
        canned.Then(200, Canned.NoVolumes).Then(201, one);
        for (var look = 0; look < 4; look++)
        {
            canned.Then(200, Canned.NoVolumes).Then(404, "");
        }

        using var provider = canned.Then(200, Canned.NoVolumes).Open();
        var disk = new DiskRef(Canned.Name(1), null);
        (await provider.Disks.EnsureCreatedAsync(Spec, Ct)).State.ShouldBe(RemoteDiskState.Creating);
        (await provider.Disks.EnsureCreatedAsync(Spec, Ct)).State.ShouldBe(RemoteDiskState.Creating);
        (await provider.Disks.ObserveAsync(disk, Ct)).State.ShouldBe(RemoteDiskState.Creating);
        (await provider.Disks.EnsureDeletedAsync(disk, Ct)).State.ShouldBe(RemoteDiskState.Deleting);
        canned.Asked.Count(asked => asked.Method != "GET").ShouldBe(1);

        canned.Time.Advance(TimeSpan.FromSeconds(60));
        (await provider.Disks.ObserveAsync(disk, Ct)).ShouldBe(DiskObservation.Absent);
    }

    [Fact]
    public async Task An_id_that_is_none_is_not_asked_for()
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, Canned.NoVolumes).Open();
        (await provider.Disks.ObserveAsync(new DiskRef(Canned.Name(1), "../pods?x="), Ct))
            .ShouldBe(DiskObservation.Absent);
    }

    private static string One(string id = "a", string? name = null) => $$"""
        {"networkVolumes": [
          {"id": "{{id}}", "name": "{{name ?? Canned.Name(1)}}", "size": 500, "dataCenter": "US-KS-2"}]}
        """;

    private static string PodsOn(params string[] volumes) =>
        "{\"pods\": [" + string.Join(',', volumes.Select(volume => $$$"""
            {"id": "p{{{volume}}}", "name": "somebody", "status": "RUNNING",
             "mounts": {"network": [{"volumeId": "{{{volume}}}", "path": "/workspace"}]}}
            """)) + "]}";
}
