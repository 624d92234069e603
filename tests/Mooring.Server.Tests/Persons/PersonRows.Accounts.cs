using Mooring.Server.Tests.Logins;

namespace Mooring.Server.Tests.Persons;

/// <summary>Rows of keys, SSH keys, teams, wallets and login requests, by their ids.</summary>
internal static partial class PersonRows
{
    private const string Teams = "/api/mooring/v1/teams/";
    private const string Keys = "/api/mooring/v1/keys/";
    private const string SshKeys = "/api/v1/ssh_keys/";

    private static int[] OwnersAlone => [404, 404, 404, 404, 200, 404, 404];
    private static int[] OwnersAndOperators => [404, 404, 404, 404, 200, 404, 200];

    // The owner is a member of the team and no admin of it.
    private static int[] TeamAdmins => [404, 404, 403, 200, 403, 404, 200];

    private static IEnumerable<PersonRow> Accounts() =>
    [
        Just(
            "GET /api/v1/teams/{teamId}/members",
            "the team's",
            [404, 404, 200, 200, 200, 200, 200],
            (world, _) => new($"/api/v1/teams/{world.TeamId}/members")) with
        {
            Kinds = [Kind.User],
            Sees = (world, _) => world.Things.Where(
                thing => thing.Kind == Kind.User && thing.SeenBy.Contains(Person.Owner)),
        },
        // A wallet as the vendor's API has it is a user's or a member's, and no operator's.
        Just(
            "GET /api/v1/billing/wallet",
            "the team's",
            [404, 404, 200, 200, 200, 404, 404],
            (world, _) => new("/api/v1/billing/wallet?limit=100&teamId=" + world.TeamId, null, world.TeamId)) with
        {
            Kinds = [Kind.Wallet, Kind.Disk, Kind.Pod],
            Sees = (world, person) => Seen(world, person).Where(thing => !thing.IsPersonal),
        },
        new("PATCH /api/v1/ssh_keys/{id}", "the owner's", OwnersAlone, async (world, _) =>
            new(SshKeys + await world.NewSshKeyAsync(Person.Owner), """{"isPrimary":true}""")),
        new("DELETE /api/v1/ssh_keys/{id}", "the owner's", OwnersAlone, async (world, _) =>
            new(SshKeys + await world.NewSshKeyAsync(Person.Owner))),
        Just(
            "GET /api/mooring/v1/keys/",
            "the owner's",
            [403, 403, 403, 403, 200, 200, 200],
            (world, _) => new(Keys + "?user_id=" + world.Of(Person.Owner).Id, null, world.Of(Person.Owner).Id)) with
        {
            Kinds = [Kind.Key],
            Sees = (world, _) => Seen(world, Person.Owner),
        },
        NewKey("for the owner", [403, 403, 403, 403, 201, 403, 201], "userId", world => world.Of(Person.Owner).Id),
        NewKey("for the team", [403, 403, 201, 201, 201, 403, 403], "teamId", world => world.TeamId),
        new("PATCH /api/mooring/v1/keys/{prefix}", "the owner's", OwnersAndOperators, async (world, _) =>
            new(Keys + await world.NewKeyAsync(), """{"isDisabled":true}""")),
        new("DELETE /api/mooring/v1/keys/{prefix}", "the owner's", OwnersAndOperators, async (world, _) =>
            new(Keys + await world.NewKeyAsync())),
        .. OfTeamsThemselves(),
        .. OfWallets(),
        // By its id, which lists show and which lets nobody in, a request is denied by operators alone.
        new(
            "POST /api/mooring/v1/login-requests/{code}/deny",
            "by its id",
            [404, 404, 404, 404, 404, 404, 200],
            async (world, _) =>
            {
                await LoginClient.NewCodeAsync(world.Mooring);
                var requests = (await world.Mooring.SendAsync("GET", "/api/mooring/v1/login-requests/")).Data;
                return new($"/api/mooring/v1/login-requests/{requests[0]["id"]!.GetValue<string>()}/deny");
            }),
    ];

    private static IEnumerable<PersonRow> OfTeamsThemselves() =>
    [
        new("PATCH /api/mooring/v1/teams/{id}", "the team's", TeamAdmins, async (world, _) =>
            new(Teams + await world.NewTeamAsync(), """{"name":"speech"}""")),
        new("DELETE /api/mooring/v1/teams/{id}", "the team's", TeamAdmins, async (world, _) =>
            new(Teams + await world.NewTeamAsync())),
        new("PUT /api/mooring/v1/teams/{id}/members/{userId}", "the team's", TeamAdmins, async (world, _) =>
            new($"{Teams}{await world.NewTeamAsync()}/members/{world.Of(Person.Stranger).Id}", "{}")),
        // Whoever is in it may leave it by themselves, and no other member puts them out.
        new(
            "DELETE /api/mooring/v1/teams/{id}/members/{userId}",
            "the team's",
            [404, 404, 403, 200, 200, 404, 200],
            async (world, _) => new($"{Teams}{await world.NewTeamAsync()}/members/{world.Of(Person.Owner).Id}")),
    ];

    private static IEnumerable<PersonRow> OfWallets() =>
    [
        .. from isTeams in new[] { false, true }
           from part in new[] { "", "/credits", "/events" }
           select Just(
               $"GET /api/mooring/v1/wallets/{{id}}{part}",
               Whose(isTeams),
               StatusesOf(isTeams, Part.Reads, 200),
               (world, _) => new($"/api/mooring/v1/wallets/{world.IdOf(Kind.Wallet, isTeams)}{part}")) with
           {
               // Whose money it is sees who has booked it.
               Names = part == "/credits" ? [Kind.User] : [],
           },
    ];

    private static PersonRow NewKey(
        string @case, IReadOnlyList<int> statuses, string member, Func<PersonWorld, string> named) => Just(
        "POST /api/mooring/v1/keys/",
        @case,
        statuses,
        (world, _) => new(
            Keys, $$"""{"name":"n","permissions":["keys:read"],"{{member}}":"{{named(world)}}"}""", named(world)));
}
