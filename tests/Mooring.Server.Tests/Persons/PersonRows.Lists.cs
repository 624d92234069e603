namespace Mooring.Server.Tests.Persons;

/// <summary>Rows of lists: not who is let in, but who sees what.</summary>
internal static partial class PersonRows
{
    private static int[] ForAll => [403, 403, 403, 403, 403, 200, 200];

    private static IEnumerable<PersonRow> Lists() =>
    [
        List("/api/v1/disks/", "?limit=200", [Kind.Disk], Seen),
        List("/api/v1/pods/", "?limit=1000", [Kind.Pod, Kind.EndedPod], (world, person) =>
            Seen(world, person).Where(thing => thing.Kind == Kind.Pod)),
        List("/api/v1/pods/history", "?limit=1000", [Kind.Pod, Kind.EndedPod], (world, person) =>
            Seen(world, person).Where(thing => thing.Kind == Kind.EndedPod)),
        // Whosever they are that it names: those of others are left out, as those that there are not.
        Just("GET /api/v1/pods/status", "everybody's", Alike(200), (world, _) => new(
            "/api/v1/pods/status?" + string.Join(
                '&', world.Things.Where(thing => thing.Kind == Kind.Pod).Select(thing => "pod_ids=" + thing.Id))))
            with { Kinds = [Kind.Pod], Sees = SeenOrAll },
        List("/api/v1/user/teams", "", [Kind.Team], Seen),
        List("/api/v1/ssh_keys/", "?limit=1000", [Kind.SshKey], Seen),
        List("/api/v1/billing/wallet", "?limit=100", [Kind.Wallet, Kind.Disk, Kind.Pod], (world, person) =>
            Seen(world, person).Where(thing => thing.IsPersonal)),
        List("/api/mooring/v1/keys/", "", [Kind.Key], Seen),
        List("/api/mooring/v1/teams/", "?limit=1000", [Kind.Team], SeenOrAll),
        List("/api/mooring/v1/quotas", "", [Kind.Team, Kind.User], (world, person) => Seen(world, person)
            .Where(thing => thing.Kind == Kind.Team || thing.Id == world.Of(person).Id)),
        List("/api/mooring/v1/events/stream", "?after=0", [Kind.Disk, Kind.Pod, Kind.EndedPod], Seen),
        new PersonRow("GET /api/mooring/v1/stuck", "whoever asks", Alike(200), async (world, _) =>
        {
            await world.Mooring.MakeUnreadableAsync();
            return new("/api/mooring/v1/stuck?limit=500");
        }) with { Kinds = [Kind.Disk, Kind.Pod], Sees = SeenOrAll },
        List("/api/mooring/v1/costs", "?group_by=disk", [Kind.Disk], Seen),
        List("/api/mooring/v1/costs", "?group_by=pod&format=csv", [Kind.Pod, Kind.EndedPod], (world, person) =>
            Seen(world, person).Where(thing => thing.Kind == Kind.Pod)),
        List("/api/mooring/v1/costs", "?group_by=team", [Kind.Team], Seen),
        List("/api/mooring/v1/costs", "?group_by=disk&all=true", [Kind.Disk], Whole) with { Statuses = ForAll },
        List("/api/mooring/v1/wallets/", "?limit=1000", [Kind.Wallet], Seen),
        List("/api/mooring/v1/wallets/", "?limit=1000&all=true", [Kind.Wallet], Whole) with { Statuses = ForAll },
    ];

    private static PersonRow List(
        string pattern,
        string query,
        IReadOnlyList<Kind> kinds,
        Func<PersonWorld, Person, IEnumerable<Thing>> sees) =>
        Just("GET " + pattern, query, Alike(200), (_, _) => new(pattern + query)) with { Kinds = kinds, Sees = sees };

    private static IEnumerable<Thing> Seen(PersonWorld world, Person person) =>
        world.Things.Where(thing => thing.SeenBy.Contains(person));

    private static IEnumerable<Thing> SeenOrAll(PersonWorld world, Person person) =>
        PersonWorld.ReadsAll(person) ? world.Things : Seen(world, person);

    private static IEnumerable<Thing> Whole(PersonWorld world, Person person) =>
        PersonWorld.ReadsAll(person) ? world.Things : [];
}
