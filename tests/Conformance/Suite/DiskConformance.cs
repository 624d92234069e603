using Mooring.Providers;
using Mooring.Providers.Disks;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>What every <see cref="IDiskProvider"/> must do beyond its verbs: sizes, offers, capabilities.</summary>
public abstract partial class DiskConformance : VerbConformance
{
    public override string Kind => "disks";

    protected override Resources ResourcesOf(Site site, OneProcess providers) =>
        new DiskResources(site, providers.Disks);

    [Fact]
    public Task A_disk_has_exactly_the_size_that_was_asked_for() => PlayAsync(async stage =>
    {
        var disks = stage.Site.Providers.Disks;
        var (one, other) = stage.Site.Sizes;
        one.ShouldNotBe(other);
        await MakeAsync(stage, stage.Site.Disk(Name(1)) with { Size = one });
        await MakeAsync(stage, stage.Site.Disk(Name(2)) with { Size = other });

        (await stage.Site.DisksThereAsync()).ShouldBe(
            [new TrueDisk(Name(1), one, true), new TrueDisk(Name(2), other, true)], ignoreOrder: true);
        (await disks.ListAsync(Ct).Select(disk => (disk.Name, disk.Size)).ToListAsync(Ct)).ShouldBe(
            [(Name(1), one), (Name(2), other)], ignoreOrder: true);
    });

    [Fact]
    public Task A_create_of_another_size_leaves_the_disk_as_it_is() => PlayAsync(async stage =>
    {
        var (one, other) = stage.Site.Sizes;
        await MakeAsync(stage, stage.Site.Disk(Name(1)) with { Size = one });
        await stage.Site.Providers.Disks.EnsureCreatedAsync(stage.Site.Disk(Name(1)) with { Size = other }, Ct);

        (await stage.Site.DisksThereAsync()).ShouldBe([new TrueDisk(Name(1), one, true)]);
    });

    [Fact]
    public Task Offers_are_told_apart_by_a_request_and_make_sense() => PlayAsync(async stage =>
    {
        var offers = await stage.Site.Providers.Disks.ListOffersAsync(Ct);
        offers.ShouldNotBeEmpty();
        OfferRules.BreachesOf(offers).ShouldBeEmpty();
        (await stage.Site.Providers.Disks.ListOffersAsync(Ct)).ShouldBe(offers);
    });

    [Fact]
    public Task What_is_offered_can_be_had() => PlayAsync(async stage =>
    {
        var offers = await stage.Site.Providers.Disks.ListOffersAsync(Ct);
        var had = offers.Where(offer => offer.Stock != Stock.Unavailable).Select((offer, index) => new DiskSpec(
            Name(index + 1),
            ByteSize.FromGiB(Math.Max(offer.MinSizeGiB, offer.StepGiB)),
            offer.CloudId,
            offer.Place.DataCenter,
            offer.IsMultinode)).ToList();
        had.ShouldNotBeEmpty();
        foreach (var spec in had)
        {
            await MakeAsync(stage, spec);
        }

        (await stage.Site.DisksThereAsync()).ShouldBe(
            had.Select(spec => new TrueDisk(spec.Name, spec.Size, true)), ignoreOrder: true);
        // Of which offer a disk is, a list says truly or not at all.
        (await stage.Site.Providers.Disks.ListAsync(Ct).ToListAsync(Ct)).ShouldAllBe(disk => had.Exists(spec =>
            spec.Name == disk.Name
            && (disk.CloudId ?? spec.CloudId) == spec.CloudId
            && (disk.DataCenter ?? spec.DataCenter) == spec.DataCenter));
    });

    [Fact, Needs(Circumstance.Unreachability)]
    public Task Where_nothing_can_be_read_there_are_not_no_offers() => PlayAsync(async stage =>
    {
        await stage.Site.BeginAsync();
        await Should.ThrowAsync<UnreachableException>(() => stage.Site.Providers.Disks.ListOffersAsync(Ct));
        if (stage.Site.Providers.Disks is IHostAttachable attachable)
        {
            // A disk can be taken off its host all the same.
            var disk = new DiskRef(Name(1), null);
            await Should.ThrowAsync<UnreachableException>(() => attachable.DescribeAttachAsync(disk, Ct));
            attachable.Identify(disk).ShouldNotBeNull();
        }

        await stage.Site.EndAsync();
        (await stage.Site.Providers.Disks.ListOffersAsync(Ct)).ShouldNotBeEmpty();
    });

    [Fact]
    public Task A_size_that_cannot_be_is_refused_in_words() => PlayAsync(async stage =>
    {
        long[] sizes = [0, -1, long.MinValue, long.MaxValue];
        foreach (var bytes in sizes)
        {
            var spec = stage.Site.Disk(Name(1)) with { Size = new ByteSize(bytes) };
            var failure = await Record.ExceptionAsync(
                () => stage.Site.Providers.Disks.EnsureCreatedAsync(spec, Ct));
            // Too large may be only too large today; nothing and less is never possible.
            (failure is RefusedException || (bytes > 0 && failure is OutOfStockException)).ShouldBeTrue(
                $"{bytes} bytes: {failure?.ToString() ?? "made"}");
            failure!.Message.ShouldNotBeNullOrWhiteSpace();
        }

        (await stage.Site.DisksThereAsync()).ShouldBeEmpty();
    });

    [Fact]
    public Task A_hostile_offer_is_refused_or_made_but_harms_nobody() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        string[] texts =
            ["../../../etc", "\0", "'; DROP TABLE disks; --", "$(reboot)", new string('x', 70_000), "", "\n"];
        foreach (var text in texts)
        {
            var spec = stage.Site.Disk(Name(2)) with { CloudId = text, DataCenter = text };
            var failure = await Record.ExceptionAsync(
                () => stage.Site.Providers.Disks.EnsureCreatedAsync(spec, Ct));
            (failure is null or RefusedException { Message.Length: > 0 }).ShouldBeTrue($"'{text}': {failure}");
        }

        await stage.Caller.UntilGoneAsync(Name(2), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact, Needs(Circumstance.AttachableByHost)]
    public Task An_attach_is_described_where_there_is_a_disk_and_identified_where_there_is_none() =>
        PlayAsync(async stage =>
        {
            var attachable = stage.Site.Providers.Disks.ShouldBeAssignableTo<IHostAttachable>()!;
            var disk = new DiskRef(Name(1), null);
            await Should.ThrowAsync<RefusedException>(() => attachable.DescribeAttachAsync(disk, Ct));

            await stage.Caller.UntilReadyAsync(Name(1), Ct);
            var described = await attachable.DescribeAttachAsync(disk, Ct);
            (await attachable.DescribeAttachAsync(disk, Ct)).ShouldBe(described);
            (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);

            await stage.Caller.UntilGoneAsync(Name(1), Ct);
            attachable.Identify(disk).ShouldBe(described);
            foreach (var name in (string[])["", "../../etc/passwd", Name(1) + "0"])
            {
                Should.Throw<RefusedException>(() => attachable.Identify(new DiskRef(name, null)));
            }
        });

    private protected override void CheckCapabilities(Site site)
    {
        IsExcused(Circumstance.AttachableByHost).ShouldBe(site.Providers.Disks is not IHostAttachable);
        IsExcused(Circumstance.KnownById).ShouldBe(site.Providers.Disks is not IForeignDisks);
    }

    private static async Task MakeAsync(Stage stage, DiskSpec spec)
    {
        for (var step = 0; step < 20; step++)
        {
            if ((await stage.Site.Providers.Disks.EnsureCreatedAsync(spec, Ct)).State == RemoteDiskState.Ready)
            {
                return;
            }

            await stage.Site.PassAsync(TimeSpan.FromSeconds(30));
        }

        throw new InvalidOperationException($"{spec} was not made.");
    }
}
