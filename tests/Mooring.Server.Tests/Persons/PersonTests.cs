using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Persons;

/// <summary>
/// Each route with each <see cref="Person"/>, through the whole server: who is let in, who sees what, and that what is
/// not one's to see answers as what is not there. The table is complete: it is compared with what the server serves.
/// </summary>
public sealed class PersonTests(PersonWorld world) : IClassFixture<PersonWorld>
{
    public static TheoryData<string> Rows => [.. PersonRows.All.Select(row => row.ToString())];

    private TestMooring Mooring => world.Mooring;

    [Fact]
    public void Every_route_that_is_served_says_what_it_answers_to_whom() => PersonRows.All
        .Select(row => row.Route)
        .Distinct()
        .ShouldBe(ServedRoutes.All.Select(route => route.ToString()), ignoreOrder: true);

    // But for a code, which is given to whom it shall serve.
    [Fact]
    public void What_is_asked_for_by_its_id_is_no_strangers() => PersonRows.All
        .Where(row => row.Pattern.Contains('{', StringComparison.Ordinal)
            && !row.Pattern.Contains("{code}", StringComparison.Ordinal)
            && row.Statuses[(int)Person.Stranger] < 400)
        .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Each_person_is_let_in_and_sees_what_is_theirs(string name)
    {
        var row = PersonRows.All.Single(one => one.ToString() == name);
        foreach (var (person, status) in Enum.GetValues<Person>().Zip(row.Statuses))
        {
            var said = $"{person}: {row}";
            var ask = await row.Prepare(world, person);
            if (status >= 400)
            {
                await IsRefusedAsync(row, ask, person, status);
                continue;
            }

            var reply = await world.SendAsync(row, ask, person);

            reply.Status.ShouldBe(status, $"{said}\n{reply.Text}");
            TellsNothing(row, reply, ask, person, said);
            world.Things.Where(thing => row.Kinds.Contains(thing.Kind) && Tells(reply, thing))
                .Select(Words)
                .ShouldBe(
                    row.Sees(world, person).Where(thing => row.Kinds.Contains(thing.Kind)).Select(Words),
                    ignoreOrder: true,
                    $"{said}\n{reply.Text}");
        }
    }

    private async Task IsRefusedAsync(PersonRow row, Ask ask, Person person, int status)
    {
        var said = $"{person}: {row}";
        await Mooring.SettleAsync();
        var before = await Mooring.SnapshotAsync();
        var reply = await world.SendAsync(row, ask, person);
        reply.Status.ShouldBe(status, $"{said}\n{reply.Text}");
        TellsNothing(row, reply, ask, person, said);
        if (row.IdsIn(ask) is [var id, ..] && (status == 404 || person is Person.Stranger or Person.Outsider))
        {
            var other = Absent(id);
            var absent = await world.SendAsync(
                row,
                ask with { Path = Put(ask.Path, id, other), Body = ask.Body is null ? null : Put(ask.Body, id, other) },
                person);
            absent.Status.ShouldBe(status, $"{said}\n{absent.Text}");
            Put(reply.Text, id, other).ShouldBe(absent.Text, said);
        }

        (await Mooring.SnapshotAsync()).ShouldBe(before, said);
    }

    // Whatever it answers: of what its reader does not see it has no id, but for what the request itself names.
    private void TellsNothing(PersonRow row, Reply reply, Ask ask, Person person, string said) => world.Things
        .Where(thing => !PersonWorld.ReadsAll(person)
            && !thing.SeenBy.Contains(person)
            && !row.Names.Contains(thing.Kind)
            && !$"{ask.Path} {ask.Body}".Contains(thing.Id, StringComparison.Ordinal)
            && Tells(reply, thing))
        .Select(Words)
        .ShouldBeEmpty($"{said}\n{reply.Text}");

    private static bool Tells(Reply reply, Thing thing) => reply.Text.Contains(thing.Id, StringComparison.Ordinal);

    private static string Words(Thing thing) => $"{thing.Kind} {thing.Id} of {string.Join(", ", thing.SeenBy)}";

    private static string Put(string text, string id, string other) =>
        text.Replace(id, other, StringComparison.Ordinal);

    // Of the same form, and nobody's.
    private static string Absent(string id) => id[..^1] + (id[^1] switch
    {
        '9' => '0',
        'f' => 'a',
        'z' => 'g',
        var last => (char)(last + 1),
    });
}
