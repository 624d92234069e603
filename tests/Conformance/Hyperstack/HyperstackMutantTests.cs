using Microsoft.Extensions.Logging.Abstractions;
using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Hyperstack;
using Mooring.Providers.Instances;
using Mooring.Simulators.Hyperstack;

namespace Mooring.Conformance.Tests.Hyperstack;

/// <summary>Whether the suite finds what an adapter to this cloud might well get wrong.</summary>
public sealed class HyperstackMutantTests
{
    private static readonly Dictionary<string, (HyperstackAdapter Adapter, string[] Killers)> Mutants = new()
    {
        [nameof(PostsWithoutALook)] = (
            (real, client) => new OneProcess(new PostsWithoutALook(real.Disks, client), null),
            [
                nameof(VerbConformance.A_create_run_twice_makes_one),
                nameof(VerbConformance.A_create_run_again_by_another_process_makes_one),
                nameof(VerbConformance.A_create_repeated_at_once_after_a_lost_reply_makes_one),
            ]),
        [nameof(MatchesPartOfAName)] = (
            (real, client) => new OneProcess(new MatchesPartOfAName(real.Disks, client), null),
            [nameof(VerbConformance.What_only_begins_alike_is_something_else)]),
        [nameof(BelievesAShortPage)] = (
            (real, client) => new OneProcess(new BelievesAShortPage(real.Disks, client), null),
            [nameof(VerbConformance.A_list_goes_on_after_an_empty_page)]),
        [nameof(ReadsOnePage)] = (
            (real, client) => new OneProcess(new ReadsOnePage(real.Disks, client), null),
            [nameof(VerbConformance.A_list_has_each_of_many_once)]),
        [nameof(TakesARenamedDiskForGone)] = (
            (real, client) => new OneProcess(new TakesARenamedDiskForGone(real.Disks, client), null),
            [nameof(DiskConformance.A_disk_that_was_renamed_at_the_place_is_not_told_absent)]),
    };

    public static TheoryData<string> Names => [.. Mutants.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Dies_in_the_cases_that_stand_beside_it(string mutant)
    {
        var (adapter, killers) = Mutants[mutant];
        (await FailedAsync(new HyperstackSetUp { Adapter = adapter })).ShouldBe(killers, ignoreOrder: true);
        (await FailedAsync(new HyperstackSetUp())).ShouldBeEmpty();

        async Task<IReadOnlyCollection<string>> FailedAsync(HyperstackSetUp setUp) => (await Played.FailuresAsync(
            () => new VariedDiskConformance(setUp), played => killers.Contains(played.Name))).Keys;
    }

    [Fact]
    public void Every_mutant_is_played() => typeof(HyperstackMutant).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(HyperstackMutant)))
        .Select(type => type.Name)
        .ShouldBe(Mutants.Keys, ignoreOrder: true);

    [Fact]
    public async Task A_stop_whose_reply_is_lost_is_not_sent_again() => (await StopsAsync(null)).ShouldBe(1);

    [Fact]
    public async Task Who_sends_gets_again_stops_twice()
    {
        using var network = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero };
        using var mutant = new SendsGetsAgain(network);
        (await StopsAsync(mutant)).ShouldBe(2);
    }

    // Requests to stop that reach the cloud when one step of a delete loses the reply to its own.
    private static async Task<long> StopsAsync(HttpMessageHandler? handler)
    {
        var ct = TestContext.Current.CancellationToken;
        var options = new SimulatorOptions { Script = new Script { Delays = Delays.None } };
        await using var cloud = await HyperstackSimulator.StartAsync(options, TimeProvider.System, ct);
        using var provider = HyperstackProvider.Open(
            new HyperstackOptions { BaseAddress = cloud.Address },
            "a-key-of-nobodys",
            Site.Installation,
            TimeProvider.System,
            NullLogger.Instance,
            handler);
        var disk = new DiskSpec(
            RemoteName.For(Site.Installation, new string('a', 32)), ByteSize.FromGiB(1), "Cloud-SSD", "US-1", false);
        var machine = MachineWith(disk);
        await UntilAsync(async () =>
            (await provider.Disks.EnsureCreatedAsync(disk, ct)).State == RemoteDiskState.Ready);
        await UntilAsync(async () =>
            (await provider.Instances.EnsureCreatedAsync(machine, ct)).State == RemoteInstanceState.Ready);

        cloud.AddFaults(new Fault { Kind = FaultKind.LostReply, On = ["vms.stop"] });
        await provider.Instances.EnsureDeletedAsync(new InstanceRef(machine.Name, null), ct);
        await Record.ExceptionAsync(
            () => provider.Instances.EnsureDeletedAsync(new InstanceRef(machine.Name, null), ct));
        return cloud.Books.Calls["vms.stop"];
    }

    private static InstanceSpec MachineWith(DiskSpec disk) => new(
        RemoteName.For(Site.Installation, new string('b', 32)),
        "n3-H100x1",
        "US-1",
        "ubuntu_22_cuda_12",
        Vcpus: 28,
        ByteSize.FromGiB(180),
        GpuIds: [],
        new Dictionary<string, string>(),
        AuthorizedKeys: [],
        [
            new AttachmentSpec(
                new DiskRef(disk.Name, null), new Nowhere(), "", 0, "/workspace", 1, IsShared: false, 0),
        ],
        "network",
        UserNamespaceBase: 0,
        "trainer");

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var step = 0; step < 10; step++)
        {
            if (await isSo())
            {
                return;
            }
        }

        throw new InvalidOperationException("It was not so in ten steps.");
    }

    private sealed record Nowhere : HostAttachSource;
}
