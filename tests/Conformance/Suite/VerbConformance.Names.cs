using CsCheck;
using Mooring.Providers;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>What belongs to whom: names that begin alike, other installations, hostile names, lists.</summary>
public abstract partial class VerbConformance
{
    private static readonly string[] ForeignNames =
    [
        "",
        " ",
        "mrg-",
        RemoteName.Prefix(Site.Installation),
        RemoteName.For(Site.OtherInstallation, new string('1', 32)),
        Name(1).ToUpperInvariant(),
        Name(1)[..^1],
        Name(1) + "0",
        Name(1) + " ",
        " " + Name(1),
        "../../../../../../../../../../../../etc/passwd",
        "'; DROP TABLE disks; --",
        "%",
        "*",
        new string('a', 70_000),
    ];

    // Of the right length and beginning: a place may take them for names or refuse them, but nothing else.
    private static readonly Gen<string> HostileEndings =
        Gen.OneOf(
            Gen.String[Gen.Char["./\\'\"%*? \0\n\u00e9-_:;$`abcdef0"], 32, 32],
            Gen.Const("../../../../../../../../../../.."),
            Gen.Const(new string('\0', 32)));

    [Fact]
    public Task What_only_begins_alike_is_something_else() => PlayAsync(async stage =>
    {
        string[] alike = [Name(1) + "0", Name(1) + "-copy", Name(1)[..^1]];
        foreach (var name in alike)
        {
            await stage.Resources.PlantAsync(name);
        }

        (await stage.Resources.ObserveAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Absent);
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([.. alike, Name(1)], ignoreOrder: true);

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe(alike, ignoreOrder: true);
    });

    [Fact]
    public Task Names_that_differ_in_their_last_digit_are_different() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(0x10), Ct);
        (await stage.Resources.ObserveAsync(Name(0x11), null, Ct)).Standing.ShouldBe(Standing.Absent);
        await stage.Caller.UntilReadyAsync(Name(0x11), Ct);

        await stage.Caller.UntilGoneAsync(Name(0x10), Ct);
        (await stage.Resources.ObserveAsync(Name(0x11), null, Ct)).Standing.ShouldBe(Standing.Ready);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(0x11)]);
    });

    [Fact]
    public Task The_same_id_in_another_installation_is_something_else() => PlayAsync(async stage =>
    {
        var theirs = RemoteName.For(Site.OtherInstallation, Name(1)[^32..]);
        await stage.Resources.PlantAsync(theirs);

        (await stage.Resources.ObserveAsync(Name(1), null, Ct)).Standing.ShouldBe(Standing.Absent);
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesListedAsync(stage.Resources)).ShouldBe([Name(1)]);

        await stage.Caller.UntilGoneAsync(Name(1), Ct);
        (await NamesListedAsync(stage.Resources)).ShouldBeEmpty();
        (await NamesThereAsync(stage.Resources)).ShouldBe([theirs]);
    });

    [Fact]
    public Task Only_names_of_this_installation_are_listed() => PlayAsync(async stage =>
    {
        string[] foreign =
        [
            RemoteName.For(Site.OtherInstallation, new string('2', 32)), "notes", "mrg-", $"mrg-{Site.Installation}",
        ];
        foreach (var name in foreign)
        {
            await stage.Resources.PlantAsync(name);
        }

        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        (await NamesListedAsync(stage.Resources)).ShouldBe([Name(1)]);
        (await NamesThereAsync(stage.Resources)).ShouldBe([.. foreign, Name(1)], ignoreOrder: true);
    });

    [Fact]
    public Task A_list_has_each_of_many_once() => PlayAsync(async stage =>
    {
        // More than three pages at a place whose pages have two.
        var names = Enumerable.Range(1, 7).Select(Name).ToList();
        foreach (var name in names)
        {
            await stage.Caller.UntilReadyAsync(name, Ct);
        }

        (await NamesListedAsync(stage.Resources)).ShouldBe(names);
        (await stage.Resources.ObserveAsync(names[^1], null, Ct)).Standing.ShouldBe(Standing.Ready);
        (await ListAsync(stage.Resources)).ShouldAllBe(one => one.Standing == Standing.Ready);
    });

    [Fact]
    public Task Foreign_names_are_refused_in_words_by_every_verb() => PlayAsync(async stage =>
    {
        foreach (var name in ForeignNames)
        {
            foreach (var (verb, call) in Verbs(stage.Resources, name).Where(one => one.Verb != "list"))
            {
                var refused = await Should.ThrowAsync<RefusedException>(() => call(Ct), $"{verb} of '{name}'");
                refused.Message.ShouldNotBeNullOrWhiteSpace();
            }
        }

        (await NamesThereAsync(stage.Resources)).ShouldBeEmpty();
    });

    [Fact]
    public Task Hostile_names_harm_nobody() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await HostileEndings.SampleAsync(
            async ending =>
            {
                var name = RemoteName.Prefix(Site.Installation) + ending;
                foreach (var (verb, call) in Verbs(stage.Resources, name).Where(one => one.Verb != "list"))
                {
                    var failure = await Record.ExceptionAsync(() => call(Ct));
                    (failure is null or RefusedException { Message.Length: > 0 }).ShouldBeTrue($"{verb}: {failure}");
                }
            },
            seed: "0000KOIPe036",
            iter: 30,
            threads: 1);

        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);
    });

    [Fact]
    public Task A_remote_id_of_another_name_opens_no_door_to_it() => PlayAsync(async stage =>
    {
        await stage.Caller.UntilReadyAsync(Name(1), Ct);
        await stage.Caller.UntilReadyAsync(Name(2), Ct);
        string?[] ids = [stage.Caller.RemoteIdOf(Name(1)), "", "1", "'", new string('9', 400)];
        foreach (var id in ids)
        {
            await NothingComesOfItAsync(() => stage.Resources.ObserveAsync(Name(3), id, Ct));
            await NothingComesOfItAsync(() => stage.Resources.EnsureDeletedAsync(Name(3), id, Ct));
        }

        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1), Name(2)]);
        await Record.ExceptionAsync(
            () => stage.Resources.EnsureDeletedAsync(Name(2), stage.Caller.RemoteIdOf(Name(1)), Ct));
        await stage.Caller.UntilGoneAsync(Name(2), Ct);
        (await NamesThereAsync(stage.Resources)).ShouldBe([Name(1)]);

        // Name and id contradict each other: that may be refused.
        static async Task NothingComesOfItAsync(Func<Task<Sighting>> ask)
        {
            try
            {
                (await ask()).Standing.ShouldBe(Standing.Absent);
            }
            catch (RefusedException refused)
            {
                refused.Message.ShouldNotBeNullOrWhiteSpace();
            }
        }
    });
}
