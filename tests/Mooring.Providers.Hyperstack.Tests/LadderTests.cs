using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Simulators.Hyperstack;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>Up and down, one change a call, in the order that keeps the data.</summary>
public class LadderTests
{
    private static readonly string[] Changes =
    [
        "environments.create", "keypairs.create", "volumes.create", "volumes.delete", "vms.create", "vms.attach",
        "attachments.protect", "vms.stop", "vms.detach", "vms.delete",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_comes_up_step_by_step()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        List<string> steps = [];
        InstanceObservation seen;
        do
        {
            seen = await StepAsync(house, steps, () => house.Provider.Instances.EnsureCreatedAsync(
                House.Machine(2, House.Disk(1)), Ct));
            var looked = await house.Provider.Instances.ObserveAsync(new InstanceRef(House.Name(2), null), Ct);
            (looked.State == RemoteInstanceState.Ready).ShouldBe(steps.Contains("vms.attach"), $"{steps[^1]}");
        }
        while (seen.State != RemoteInstanceState.Ready);

        steps.ShouldBe(["keypairs.create", "vms.create", "vms.attach", ""]);
        seen.Ssh.ShouldNotBeNull().ShouldBe(new SshEndpoint("root", seen.Ssh.Host, 22));
        var machine = house.Cloud.Books.Machines.ShouldHaveSingleItem();
        machine.VolumeIds.ShouldBe([house.Cloud.Books.Volumes[0].Id]);
    }

    [Fact]
    public async Task An_instance_with_a_disk_goes_down_step_by_step_and_the_disk_stays()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        await house.RunAsync(House.Machine(2, House.Disk(1)), Ct);
        List<string> steps = [];
        InstanceObservation seen;
        do
        {
            (await house.Provider.Disks.ObserveAsync(new DiskRef(House.Name(1), null), Ct)).State
                .ShouldBe(steps is [.., "vms.detach"] ? RemoteDiskState.Ready : RemoteDiskState.Changing);
            seen = await StepAsync(house, steps, () => house.Provider.Instances.EnsureDeletedAsync(
                new InstanceRef(House.Name(2), null), Ct));
        }
        while (seen.State != RemoteInstanceState.Absent);

        steps.ShouldBe(["attachments.protect", "vms.stop", "vms.detach", "vms.delete"]);
        house.Cloud.Books.Volumes.ShouldHaveSingleItem().Status.ShouldBe("available");
    }

    [Fact]
    public async Task An_environment_is_made_once_in_each_region_when_it_is_needed()
    {
        await using var house = await House.OpenAsync(Ct);
        (await house.Provider.Disks.EnsureCreatedAsync(House.Disk(1), Ct)).State.ShouldBe(RemoteDiskState.Creating);
        house.Cloud.Books.Volumes.ShouldBeEmpty();
        await house.MakeAsync(House.Disk(1), Ct);
        await house.MakeAsync(House.Disk(2), Ct);
        await house.MakeAsync(House.Disk(3, "US-1"), Ct);
        using var other = house.Open();
        await other.Disks.EnsureCreatedAsync(House.Disk(4), Ct);

        house.Cloud.Books.Calls["environments.create"].ShouldBe(2);
        house.Cloud.Books.Volumes.Select(volume => volume.Environment).ShouldBe(
            ["mooring-canada-1", "mooring-canada-1", "mooring-us-1", "mooring-canada-1"]);
    }

    [Fact]
    public async Task An_environment_that_went_is_made_again()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        house.Cloud.Do((account, _) => account.Homes.Clear());
        await Should.ThrowAsync<UnreachableException>(
            () => house.Provider.Disks.EnsureCreatedAsync(House.Disk(2), Ct));
        await house.MakeAsync(House.Disk(2), Ct);
    }

    [Fact]
    public async Task A_volume_of_the_name_that_is_another_is_not_adopted_and_not_touched()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        DiskSpec[] others =
        [
            House.Disk(1) with { Size = ByteSize.FromGiB(20) },
            House.Disk(1) with { CloudId = "Cloud-HDD" },
            House.Disk(1, "US-1"),
        ];
        foreach (var other in others)
        {
            var seen = await house.Provider.Disks.EnsureCreatedAsync(other, Ct);
            (seen.State, seen.RemoteId).ShouldBe((RemoteDiskState.Failed, $"{house.Cloud.Books.Volumes[0].Id}"));
            seen.Words.ShouldNotBeNull().ShouldContain("10 GB");
        }

        house.Cloud.Books.Volumes.ShouldHaveSingleItem().Status.ShouldBe("available");
    }

    [Fact]
    public async Task Two_of_one_name_in_two_environments_become_the_one_that_was_first()
    {
        var script = new Script { Delays = Delays.None, Assumptions = new() { NamesPerEnvironment = true } };
        await using var house = await House.OpenAsync(Ct, script);
        await house.MakeAsync(House.Disk(1), Ct);
        var first = house.Cloud.Books.Volumes[0].Id;
        await house.MakeAsync(House.Disk(2, "US-1"), Ct);
        using var network = new HttpClient(new SocketsHttpHandler());
        network.DefaultRequestHeaders.Add("api_key", Canned.Key);
        var body = $$"""
            {"name": "{{House.Name(1)}}", "environment_name": "mooring-us-1", "size": 10, "volume_type": "Cloud-SSD"}
            """;
        using var content = new StringContent(body);
        (await network.PostAsync(new Uri(house.Cloud.Address, "core/volumes"), content, Ct)).EnsureSuccessStatusCode();

        (await house.Provider.Disks.ObserveAsync(new DiskRef(House.Name(1), null), Ct)).State
            .ShouldBe(RemoteDiskState.Creating);
        await house.MakeAsync(House.Disk(1), Ct);
        house.Cloud.Books.Volumes.Where(one => one.IsThere && one.Name == House.Name(1))
            .ShouldHaveSingleItem().Id.ShouldBe(first);
    }

    [Fact]
    public async Task A_machine_that_ends_in_error_has_ended_and_gives_its_disk_back()
    {
        var script = new Script
        {
            Delays = Delays.None,
            Faults = [new Fault { Kind = FaultKind.EndsInError, On = ["vms.create"] }],
        };
        await using var house = await House.OpenAsync(Ct, script);
        await house.MakeAsync(House.Disk(1), Ct);
        var machine = House.Machine(2, House.Disk(1));
        await house.Provider.Instances.EnsureCreatedAsync(machine, Ct);
        var ended = await house.Provider.Instances.EnsureCreatedAsync(machine, Ct);
        (ended.State, ended.ExitCode).ShouldBe((RemoteInstanceState.Ended, null));
        ended.Words.ShouldNotBeNull().ShouldContain("ERROR");

        (await house.Provider.Instances.EnsureDeletedAsync(new InstanceRef(machine.Name, null), Ct)).State
            .ShouldBe(RemoteInstanceState.Absent);
        house.Cloud.Books.Volumes[0].Status.ShouldBe("available");
    }

    [Theory]
    [InlineData("ERROR")]
    [InlineData("HIBERNATED")]
    [InlineData("SHUTOFF")]
    public async Task A_machine_that_does_not_run_any_more_gives_its_disk_back(string status)
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        await house.RunAsync(House.Machine(2, House.Disk(1)), Ct);
        house.Cloud.Do((account, now) => account.Machines[0].Become(status, status, now));
        var steps = 0;
        while ((await house.Provider.Instances.EnsureDeletedAsync(new InstanceRef(House.Name(2), null), Ct)).State
            != RemoteInstanceState.Absent)
        {
            (++steps).ShouldBeLessThan(5);
        }

        house.Cloud.Books.Calls.ContainsKey("vms.stop").ShouldBeFalse();
        house.Cloud.Books.Volumes.ShouldHaveSingleItem().Status.ShouldBe("available");
    }

    [Fact]
    public async Task A_machine_that_was_shut_down_has_ended_and_is_not_started_again()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.RunAsync(House.Machine(1), Ct);
        house.Cloud.Do((account, now) => account.Machines[0].Become("SHUTOFF", "SHUTOFF", now));
        (await house.Provider.Instances.EnsureCreatedAsync(House.Machine(1), Ct)).State
            .ShouldBe(RemoteInstanceState.Ended);
        house.Cloud.Books.Calls.ContainsKey("vms.start").ShouldBeFalse();
        house.Cloud.Books.Machines[0].Status.ShouldBe("SHUTOFF");
    }

    [Fact]
    public async Task A_list_says_which_machine_holds_a_disk()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        await house.MakeAsync(House.Disk(3), Ct);
        await house.RunAsync(House.Machine(2, House.Disk(1)), Ct);
        var machine = await house.Provider.Instances.ObserveAsync(new InstanceRef(House.Name(2), null), Ct);

        (await house.Provider.Disks.ListAsync(Ct).SelectMany(disk => disk.Holders!).ToListAsync(Ct))
            .ShouldBe([machine.RemoteId!]);
    }

    [Fact]
    public async Task An_unknown_status_is_told_as_unreadable_and_hides_nobody_in_a_list()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        await house.MakeAsync(House.Disk(2), Ct);
        house.Cloud.AddFaults(
            new Fault { Kind = FaultKind.WrongStatus, On = ["volumes.list"], Status = "dreaming" });
        (await Should.ThrowAsync<UnreachableException>(
            () => house.Provider.Disks.ObserveAsync(new DiskRef(House.Name(1), null), Ct)))
            .Message.ShouldContain("dreaming");
        (await house.Provider.Disks.ListAsync(Ct).Select(disk => (disk.Name, disk.State)).ToListAsync(Ct)).ShouldBe(
            [(House.Name(1), RemoteDiskState.Changing), (House.Name(2), RemoteDiskState.Ready)]);
    }

    [Fact]
    public async Task Two_disks_are_one_too_many()
    {
        await using var house = await House.OpenAsync(Ct);
        (await Should.ThrowAsync<RefusedException>(() => house.Provider.Instances.EnsureCreatedAsync(
            House.Machine(1, House.Disk(2), House.Disk(3)), Ct))).Message.ShouldContain("one disk");
    }

    // Runs a call, and keeps which change it made: one at the most.
    private static async Task<InstanceObservation> StepAsync(
        House house, List<string> steps, Func<Task<InstanceObservation>> call)
    {
        var before = house.Cloud.Books.Calls;
        var seen = await call();
        var after = house.Cloud.Books.Calls;
        var made = Changes.Where(change => after.GetValueOrDefault(change) > before.GetValueOrDefault(change)).ToList();
        steps.Add(string.Join('+', made));
        return seen;
    }
}
