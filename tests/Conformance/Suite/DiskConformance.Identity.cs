using Mooring.Providers;
using Mooring.Providers.Disks;

namespace Mooring.Conformance.Tests.Suite;

// Which of what is there a disk is, where the place has ids: its id says so, and its name where no id is known.
public abstract partial class DiskConformance
{
    [Fact, Needs(Circumstance.KnownById)]
    public Task A_disk_that_was_renamed_at_the_place_is_not_told_absent() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        var known = new DiskRef(Name(1), stage.Caller.RemoteIdOf(Name(1)));
        await stage.Site.RenameDiskAsync(Name(1), "somebodys");

        foreach (var disks in (IDiskProvider[])[stage.Site.Providers.Disks, stage.Site.OpenAnother().Disks])
        {
            var seen = await disks.ObserveAsync(known, Ct);
            (seen.State, seen.RemoteId).ShouldBe((RemoteDiskState.Ready, known.RemoteId));
            seen.Words.ShouldNotBeNull().ShouldContain("somebodys");
            // Who knows its name only, or another's id, knows nothing of it.
            (await disks.ObserveAsync(known with { RemoteId = null }, Ct)).State.ShouldBe(RemoteDiskState.Absent);
            (await disks.ObserveAsync(known with { Name = Name(2), RemoteId = "none" }, Ct)).State
                .ShouldBe(RemoteDiskState.Absent);
        }

        (await NamesListedAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task A_disk_that_was_renamed_at_the_place_is_deleted_and_nothing_else() => PlayAsync(async stage =>
    {
        await stage.Site.PlantDiskAsync("bystander");
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Caller.UntilReadyAsync(Name(2), Ct);
        var id = stage.Caller.RemoteIdOf(Name(1));
        await stage.Site.RenameDiskAsync(Name(1), "somebodys");

        await stage.Resources.EnsureDeletedAsync(Name(1), null, Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe(["bystander", Name(2), "somebodys"], ignoreOrder: true);
        await DeleteUntilAsync(stage, new DiskRef(Name(1), id), IsAbsent);

        (await NamesThereAsync(stage.Resources)).ShouldBe(["bystander", Name(2)], ignoreOrder: true);
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task A_create_takes_nothing_that_bears_another_name() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Site.RenameDiskAsync(Name(1), "somebodys");
        await MakeAsync(stage, stage.Site.Disk(Name(1)));

        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1), "somebodys"], ignoreOrder: true);
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task All_that_is_in_the_account_is_listed_with_its_id() => PlayAsync(async stage =>
    {
        var theirs = RemoteName.For(Site.OtherInstallation, new string('2', 32));
        await stage.Site.PlantDiskAsync("notes");
        await stage.Site.PlantDiskAsync(theirs);
        await stage.Caller.UntilReadyAsync(Name(1), Ct);

        var foreign = stage.Site.Providers.Disks.ShouldBeAssignableTo<IForeignDisks>()!;
        var all = await foreign.ListAllAsync(Ct).ToListAsync(Ct);
        all.Select(disk => disk.Name).ShouldBe(["notes", theirs, Name(1)], ignoreOrder: true);
        all.Select(disk => disk.RemoteId).ShouldBeUnique();
        all.ShouldAllBe(disk => disk.RemoteId!.Length > 0 && disk.Size == stage.Site.Disk(Name(1)).Size);
        all.Single(disk => disk.Name == Name(1)).RemoteId.ShouldBe(stage.Caller.RemoteIdOf(Name(1)));
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task A_create_of_what_was_renamed_meanwhile_makes_no_second() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Site.RenameDiskAsync(Name(1), "somebodys");
        var known = stage.Site.Disk(Name(1)) with { RemoteId = stage.Caller.RemoteIdOf(Name(1)) };

        var seen = await stage.Site.OpenAnother().Disks.EnsureCreatedAsync(known, Ct);
        (seen.State, seen.RemoteId).ShouldBe((RemoteDiskState.Ready, known.RemoteId));
        (await NamesThereAsync(stage.Resources)).ShouldBe(["somebodys"]);
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task Of_two_that_were_made_callers_who_know_different_ones_keep_the_same() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await DoubleAsync(stage, "double");
        var specs = await IdsAsync(stage)
            .Select(id => stage.Site.Disk(Name(1)) with { RemoteId = id })
            .ToListAsync(Ct);
        IDiskProvider[] callers = [stage.Site.Providers.Disks, stage.Site.OpenAnother().Disks];
        for (var step = 0; step < 4; step++)
        {
            await callers[0].EnsureCreatedAsync(specs[0], Ct);
            await callers[1].EnsureCreatedAsync(specs[1], Ct);
            await stage.Site.PassAsync(TimeSpan.FromSeconds(30));
        }

        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        (await IdsAsync(stage).SingleAsync(Ct)).ShouldBeOneOf([.. specs.Select(spec => spec.RemoteId)]);
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task Of_two_that_bear_its_name_the_disk_is_the_one_of_its_id() => PlayAsync(async stage =>
    {
        await stage.Site.PlantDiskAsync("older");
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Site.RenameDiskAsync("older", Name(1));
        var known = new DiskRef(Name(1), stage.Caller.RemoteIdOf(Name(1)));

        foreach (var disks in (IDiskProvider[])[stage.Site.Providers.Disks, stage.Site.OpenAnother().Disks])
        {
            var seen = await disks.ObserveAsync(known, Ct);
            (seen.State, seen.RemoteId, seen.IsDoubled).ShouldBe((RemoteDiskState.Ready, known.RemoteId, true));
        }
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task A_double_is_told_when_the_disk_is_deleted_and_goes_by_its_own_id() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        var own = stage.Caller.RemoteIdOf(Name(1));
        await DoubleAsync(stage, "double");
        var other = await IdsAsync(stage).SingleAsync(id => id != own, Ct);

        var told = await DeleteUntilAsync(
            stage, new DiskRef(Name(1), own), seen => seen.RemoteId != own);
        (told.State, told.RemoteId).ShouldBe((RemoteDiskState.Ready, other));
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
        await DeleteUntilAsync(stage, new DiskRef(Name(1), other), IsAbsent);
        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task Of_two_whose_names_were_swapped_none_is_taken_or_deleted_for_the_other() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Caller.UntilReadyAsync(Name(2), Ct);
        var (first, second) = (stage.Caller.RemoteIdOf(Name(1)), stage.Caller.RemoteIdOf(Name(2)));
        await stage.Site.RenameDiskAsync(Name(1), "between");
        await stage.Site.RenameDiskAsync(Name(2), Name(1));
        await stage.Site.RenameDiskAsync("between", Name(2));

        await AssertContradictedAsync(stage, new DiskRef(Name(1), first));
        (await IdsAsync(stage).ToListAsync(Ct)).ShouldBe([first, second], ignoreOrder: true);
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task A_disk_that_was_given_a_name_of_ours_is_neither_absent_nor_deleted() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        var id = stage.Caller.RemoteIdOf(Name(1));
        await stage.Site.RenameDiskAsync(Name(1), Name(2));

        await AssertContradictedAsync(stage, new DiskRef(Name(1), id));
        (await IdsAsync(stage).ToListAsync(Ct)).ShouldBe([id]);
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task What_bears_its_name_and_is_another_disk_of_ours_is_passed_over() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        var own = stage.Caller.RemoteIdOf(Name(1));
        await DoubleAsync(stage, "double");
        var other = (await IdsAsync(stage).SingleAsync(id => id != own, Ct))!;
        var disks = stage.Site.Providers.Disks;
        var spec = stage.Site.Disk(Name(1)) with { RemoteId = own, Except = [other] };

        (await disks.EnsureCreatedAsync(spec, Ct)).State.ShouldBe(RemoteDiskState.Ready);
        (await disks.ObserveAsync(spec.Ref, Ct)).IsDoubled.ShouldBeFalse();
        await DeleteUntilAsync(stage, spec.Ref, IsAbsent);

        (await IdsAsync(stage).ToListAsync(Ct)).ShouldBe([other]);
    });

    [Fact, Needs(Circumstance.KnownById)]
    public Task What_was_registered_under_a_name_of_ours_is_known_under_it_by_its_id() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        var own = stage.Caller.RemoteIdOf(Name(1));
        await DoubleAsync(stage, "double");
        var other = await IdsAsync(stage).SingleAsync(id => id != own, Ct);
        var registered = new DiskRef(Name(2), other) { ForeignName = Name(1) };

        var seen = await stage.Site.Providers.Disks.ObserveAsync(registered, Ct);
        (seen.State, seen.RemoteId).ShouldBe((RemoteDiskState.Ready, other));
        await DeleteUntilAsync(stage, registered, IsAbsent);

        (await IdsAsync(stage).ToListAsync(Ct)).ShouldBe([own]);
    });

    private static async Task AssertContradictedAsync(Stage stage, DiskRef disk)
    {
        foreach (var disks in (IDiskProvider[])[stage.Site.Providers.Disks, stage.Site.OpenAnother().Disks])
        {
            foreach (var call in (Func<Task>[])
            [
                () => disks.ObserveAsync(disk, Ct),
                () => disks.EnsureDeletedAsync(disk, Ct),
                () => disks.EnsureCreatedAsync(stage.Site.Disk(disk.Name) with { RemoteId = disk.RemoteId }, Ct),
            ])
            {
                (await Should.ThrowAsync<RefusedException>(call)).Message.ShouldContain(disk.RemoteId!);
            }
        }

        await stage.Site.PassAsync(TimeSpan.FromMinutes(10));
    }

    // A second of the first one's name, which no place makes for who asks for it by that name.
    private static async Task DoubleAsync(Stage stage, string plantedAs)
    {
        await stage.Site.PlantDiskAsync(plantedAs);
        await stage.Site.RenameDiskAsync(plantedAs, Name(1));
        await stage.Site.PassAsync(TimeSpan.FromMinutes(1));
    }

    private static IAsyncEnumerable<string?> IdsAsync(Stage stage) =>
        ((IForeignDisks)stage.Site.Providers.Disks).ListAllAsync(Ct).Select(disk => disk.RemoteId);

    private static bool IsAbsent(DiskObservation seen) => seen.State == RemoteDiskState.Absent;

    private static async Task<DiskObservation> DeleteUntilAsync(
        Stage stage, DiskRef disk, Func<DiskObservation, bool> isSo)
    {
        for (var step = 0; step < 20; step++)
        {
            var seen = await stage.Site.Providers.Disks.EnsureDeletedAsync(disk, Ct);
            if (isSo(seen))
            {
                return seen;
            }

            await stage.Site.PassAsync(TimeSpan.FromSeconds(30));
        }

        throw new InvalidOperationException($"{disk} was not deleted.");
    }
}
