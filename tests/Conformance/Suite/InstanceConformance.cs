using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>
/// What every <see cref="IInstanceProvider"/> must do beyond its verbs: which disks an instance holds and until when,
/// its end, its log.
/// </summary>
public abstract class InstanceConformance : VerbConformance
{
    private const int StepsToDetachAtMost = 4;

    public override string Kind => "instances";

    protected override Resources ResourcesOf(Site site, OneProcess providers) =>
        new InstanceResources(site, Required(providers));

    [Fact]
    public Task Offers_are_told_apart_by_a_request_and_make_sense() => PlayAsync(async stage =>
    {
        var instances = Required(stage.Site.Providers);
        var offers = await instances.ListOffersAsync(Ct);
        offers.ShouldNotBeEmpty();
        OfferRules.BreachesOf(offers).ShouldBeEmpty();
        (await instances.ListOffersAsync(Ct)).Select(offer => offer.CloudId)
            .ShouldBe(offers.Select(offer => offer.CloudId));
    });

    [Fact, Needs(Circumstance.Unreachability)]
    public Task Where_nothing_can_be_read_there_are_not_no_offers() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        await Should.ThrowAsync<UnreachableException>(() => Required(stage.Site.Providers).ListOffersAsync(Ct));
    });

    [Fact, Needs(Circumstance.OneHolder)]
    public Task Disks_are_held_from_the_creation_until_the_instance_is_gone() => PlayAsync(async stage =>
    {
        var disk = stage.Site.Disk(Name(100));
        await MakeDiskAsync(stage, disk);
        await RunAsync(stage, stage.Site.Instance(Name(1), disk));

        await Should.ThrowAsync<RefusedException>(() => DeleteDiskAsync(stage, disk));
        await Should.ThrowAsync<RefusedException>(() => CreateAsync(stage, stage.Site.Instance(Name(2), disk)));
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        await RunAsync(stage, stage.Site.Instance(Name(2), disk));
        await stage.Caller.UntilGoneAsync(Name(2), Ct);
        (await DeleteDiskAsync(stage, disk)).State.ShouldBe(RemoteDiskState.Absent);
    });

    [Fact, Needs(Circumstance.SharedDisks)]
    public Task A_shared_disk_is_held_by_several_and_by_each_until_it_is_gone() => PlayAsync(async stage =>
    {
        var disk = stage.Site.SharedDisk(Name(100));
        await MakeDiskAsync(stage, disk);
        await RunAsync(stage, stage.Site.Instance(Name(1), disk));
        await RunAsync(stage, stage.Site.Instance(Name(2), disk));

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        await Should.ThrowAsync<RefusedException>(() => DeleteDiskAsync(stage, disk));
        (await stage.Site.Providers.Disks.ObserveAsync(new DiskRef(disk.Name, null), Ct)).State
            .ShouldBe(RemoteDiskState.Ready);
        await stage.Caller.UntilGoneAsync(Name(2), Ct);
        (await DeleteDiskAsync(stage, disk)).State.ShouldBe(RemoteDiskState.Absent);
    });

    [Fact, Needs(Circumstance.StuckDetach)]
    public Task A_disk_that_is_stuck_to_an_instance_that_is_gone_is_neither_free_nor_lost() => PlayAsync(async stage =>
    {
        var disk = stage.Site.Disk(Name(100));
        await MakeDiskAsync(stage, disk);
        await RunAsync(stage, stage.Site.Instance(Name(1), disk));
        await stage.Site.BeginAsync();
        // One change a call: a place that detaches before it deletes has steps to take until it is at that.
        for (var step = 0; step < StepsToDetachAtMost; step++)
        {
            await stage.Resources.EnsureDeletedAsync(Name(1), null, Ct);
        }

        var stuck = await stage.Site.Providers.Disks.ObserveAsync(new DiskRef(disk.Name, null), Ct);
        stuck.State.ShouldBe(RemoteDiskState.Changing);
        stuck.Words.ShouldNotBeNullOrWhiteSpace();
        await Should.ThrowAsync<RefusedException>(() => DeleteDiskAsync(stage, disk));
        // It will be free by itself: asking again is right, so this is no refusal.
        await Should.ThrowAsync<UnreachableException>(() => CreateAsync(stage, stage.Site.Instance(Name(2), disk)));

        await stage.Site.EndAsync();
        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        await RunAsync(stage, stage.Site.Instance(Name(2), disk));
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(2)]);
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task A_disk_that_was_renamed_at_the_place_can_still_be_held() => PlayAsync(async stage =>
    {
        var disk = stage.Site.Disk(Name(100));
        await MakeDiskAsync(stage, disk);
        var disks = stage.Site.Providers.Disks;
        var known = new DiskRef(disk.Name, (await disks.ObserveAsync(new DiskRef(disk.Name, null), Ct)).RemoteId);
        await stage.Site.RenameDiskAsync(disk.Name, "somebodys");
        var spec = stage.Site.Instance(Name(1), disk);

        await Should.ThrowAsync<RefusedException>(() => CreateAsync(stage, spec));
        await RunAsync(
            stage, spec with { Attachments = [.. spec.Attachments.Select(one => one with { Disk = known })] });
        await Should.ThrowAsync<RefusedException>(() => disks.EnsureDeletedAsync(known, Ct));

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await disks.ObserveAsync(known, Ct)).State.ShouldBe(RemoteDiskState.Ready);
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task Of_two_that_bear_its_name_the_disk_of_the_id_is_held_and_no_other() => PlayAsync(async stage =>
    {
        var disk = stage.Site.Disk(Name(100));
        await MakeDiskAsync(stage, disk);
        var disks = stage.Site.Providers.Disks;
        var known = new DiskRef(disk.Name, (await disks.ObserveAsync(new DiskRef(disk.Name, null), Ct)).RemoteId);
        var spec = stage.Site.Instance(Name(1), disk);
        await Should.ThrowAsync<RefusedException>(() => CreateAsync(stage, Holding(known with { RemoteId = "none" })));

        await stage.Site.PlantDiskAsync("double");
        await stage.Site.RenameDiskAsync("double", disk.Name);
        await stage.Site.PassAsync(TimeSpan.FromMinutes(1));
        await RunAsync(stage, Holding(known));

        await Should.ThrowAsync<RefusedException>(() => disks.EnsureDeletedAsync(known, Ct));
        var other = await ((IForeignDisks)disks).ListAllAsync(Ct)
            .SingleAsync(one => one.RemoteId != known.RemoteId, Ct);
        await RepeatAsync(stage, async () =>
            (await disks.EnsureDeletedAsync(known with { RemoteId = other.RemoteId }, Ct)).RemoteId == known.RemoteId);
        (await stage.Site.DisksThereAsync()).Count.ShouldBe(1);

        InstanceSpec Holding(DiskRef held) =>
            spec with { Attachments = [.. spec.Attachments.Select(one => one with { Disk = held })] };
    });

    [Fact, Needs(Circumstance.DisksNamedAtCreation)]
    public Task A_disk_that_is_not_there_makes_no_instance() => PlayAsync(async stage =>
    {
        var refused = await Should.ThrowAsync<RefusedException>(
            () => CreateAsync(stage, stage.Site.Instance(Name(1), stage.Site.Disk(Name(100)))));
        refused.Message.ShouldNotBeNullOrWhiteSpace();
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact, Needs(Circumstance.EndsByItself)]
    public Task An_instance_that_ended_says_how_and_is_not_started_again() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        await CreateAsync(stage, stage.Site.Instance(Name(1)));
        await stage.Site.EndAsync();

        var ended = await Required(stage.Site.Providers).ObserveAsync(new InstanceRef(Name(1), null), Ct);
        (ended.State, ended.ExitCode).ShouldBe((RemoteInstanceState.Ended, stage.Site.ExitCode));
        ended.Words.ShouldNotBeNullOrWhiteSpace();
        (await CreateAsync(stage, stage.Site.Instance(Name(1)))).State.ShouldBe(RemoteInstanceState.Ended);
        (await ListAsync(stage.Resources)).ShouldHaveSingleItem().Standing.ShouldBe(Standing.Ended);

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact, Needs(Circumstance.Log)]
    public Task A_log_has_the_last_lines_oldest_first() => PlayAsync(async stage =>
    {
        var log = Required(stage.Site.Providers).ShouldBeAssignableTo<IInstanceLog>()!;
        await RunAsync(stage, stage.Site.Instance(Name(1)));
        var all = await log.ReadLogAsync(new InstanceRef(Name(1), null), 10_000, Ct);
        all.Count.ShouldBeGreaterThan(1);
        (await log.ReadLogAsync(new InstanceRef(Name(1), null), 1, Ct)).ShouldBe([all[^1]]);
        (await log.ReadLogAsync(new InstanceRef(Name(1), null), all.Count - 1, Ct)).ShouldBe(all.Skip(1));
        await Should.ThrowAsync<ProviderException>(() => log.ReadLogAsync(new InstanceRef(Name(2), null), 10, Ct));
    });

    [Fact]
    public Task What_is_not_offered_is_refused_in_words() => PlayAsync(async stage =>
    {
        var good = stage.Site.Instance(Name(1));
        foreach (var text in (string[])["", "\0", "../../etc", "'; DROP TABLE instances; --", new string('x', 70_000)])
        {
            InstanceSpec[] specs =
                [good with { CloudId = text }, good with { DataCenter = text }, good with { Image = text }];
            foreach (var spec in specs)
            {
                (await Should.ThrowAsync<RefusedException>(() => CreateAsync(stage, spec)))
                    .Message.ShouldNotBeNullOrWhiteSpace();
            }
        }

        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    private protected override void CheckCapabilities(Site site)
    {
        IsExcused(Circumstance.Log).ShouldBe(site.Providers.Instances is not IInstanceLog);
        IsExcused(Circumstance.DisksNamedAtCreation).ShouldBe(site.Providers.Instances is IAttachBeforeStart);
        IsExcused(Circumstance.OneHolder).ShouldBe(site.Disk(Name(1)).IsMultinode);
    }

    private static IInstanceProvider Required(OneProcess providers) =>
        providers.Instances ?? throw new InvalidOperationException("The place has no instances.");

    private static Task<InstanceObservation> CreateAsync(Stage stage, InstanceSpec spec) =>
        Required(stage.Site.Providers).EnsureCreatedAsync(spec, Ct);

    private static Task<DiskObservation> DeleteDiskAsync(Stage stage, DiskSpec disk) =>
        stage.Site.Providers.Disks.EnsureDeletedAsync(new DiskRef(disk.Name, null), Ct);

    private static Task MakeDiskAsync(Stage stage, DiskSpec disk) => RepeatAsync(
        stage, async () => (await stage.Site.Providers.Disks.EnsureCreatedAsync(disk, Ct)).State
            == RemoteDiskState.Ready);

    private static Task RunAsync(Stage stage, InstanceSpec spec) => RepeatAsync(
        stage, async () => (await CreateAsync(stage, spec)).State == RemoteInstanceState.Ready);

    private static async Task RepeatAsync(Stage stage, Func<Task<bool>> isDone)
    {
        for (var step = 0; step < 20; step++)
        {
            if (await isDone())
            {
                return;
            }

            await stage.Site.PassAsync(TimeSpan.FromSeconds(30));
        }

        throw new InvalidOperationException("It was not done in time.");
    }
}
