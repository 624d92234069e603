using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Persons;

/// <summary>
/// What each route answers to each <see cref="Person"/>: every route has a row, and one that names somebody's things
/// has one for each kind of owner.
/// </summary>
internal static partial class PersonRows
{
    public static IReadOnlyList<PersonRow> All { get; } =
        [.. Resources(), .. Lists(), .. Accounts(), .. Operators(), .. ForAnybody()];

    // What only operators may do at all, whosever it is.
    private static IEnumerable<PersonRow> Operators() =>
    [
        .. new[]
        {
            "GET /api/mooring/v1/users/",
            "POST /api/mooring/v1/users/",
            "GET /api/mooring/v1/users/{id}",
            "PATCH /api/mooring/v1/users/{id}",
            "GET /api/mooring/v1/users/{id}/quota",
            "PUT /api/mooring/v1/users/{id}/quota",
            "GET /api/mooring/v1/teams/{id}/quota",
            "PUT /api/mooring/v1/teams/{id}/quota",
            "GET /api/mooring/v1/login-requests/",
            "GET /api/mooring/v1/audit/ledger",
            "GET /api/mooring/v1/audit",
            "GET /api/mooring/v1/inventory/",
            "POST /api/mooring/v1/inventory/adopt",
            "POST /api/mooring/v1/inventory/delete",
            "GET /api/mooring/v1/providers/",
            "POST /api/mooring/v1/providers/",
            "POST /api/mooring/v1/providers/{id}/test",
            "POST /api/mooring/v1/providers/{id}/rotate",
            "POST /api/mooring/v1/providers/{id}/disable",
            "POST /api/mooring/v1/providers/{id}/enable",
            "GET /api/mooring/v1/providers/{id}/charges/",
            "POST /api/mooring/v1/providers/{id}/charges/read",
        }.Select(route => new PersonRow(route, "the operators'", OfOperators(route), Usual(route))),
        Just(
            "POST /api/mooring/v1/teams/",
            "the operators'",
            OfOperators("POST /api/mooring/v1/teams/"),
            (_, _) => new("/api/mooring/v1/teams/", """{"name":"vision"}""")),
        .. from isTeams in new[] { false, true }
           from row in new[] { ("PATCH", "", """{"mode":"showback"}"""), ("POST", "/credits", Credit) }
           let route = $"{row.Item1} /api/mooring/v1/wallets/{{id}}{row.Item2}"
           select Just(
               route,
               Whose(isTeams),
               OfOperators(route),
               (world, _) => new(
                   $"/api/mooring/v1/wallets/{world.IdOf(Kind.Wallet, isTeams)}{row.Item2}", row.Item3)),
    ];

    // What is nobody's, or everybody's own.
    private static IEnumerable<PersonRow> ForAnybody() =>
    [
        .. new[]
        {
            "GET /api/v1/availability/disks",
            "GET /api/v1/availability/gpus",
            "GET /api/v1/availability/multi-node",
            "GET /api/v1/availability/gpu-summary",
            "GET /api/v1/availability/multi-node-summary",
            "GET /api/v1/availability/",
            "GET /api/v1/availability/clusters",
            "GET /api/mooring/v1/offers",
            "GET /api/mooring/v1/offers/prices",
            "POST /api/v1/auth_challenge/generate",
            "GET /api/v1/auth_challenge/status",
            // Who has the code may let its asker in as themselves.
            "GET /api/mooring/v1/login-requests/{code}",
            "POST /api/mooring/v1/login-requests/{code}/approve",
            "POST /api/mooring/v1/login-requests/{code}/deny",
            "POST /api/v1/disks/",
            "POST /api/mooring/v1/keys/",
        }.Select(route => new PersonRow(route, "anybody's", Alike(Ok(route)), Usual(route))),
        Just(
            "POST /api/v1/pods/",
            "anybody's",
            Alike(200),
            (_, _) => new("/api/v1/pods/", TestMooring.PodBody())),
        Just(
            "POST /api/v1/ssh_keys/",
            "anybody's",
            Alike(200),
            (_, _) => new(
                "/api/v1/ssh_keys/", $$"""{"name":"n","publicKey":"{{ContractRoutes.SshKeyLine}}"}""")),
        Just(
            "PATCH /api/v1/user/slug",
            "anybody's",
            Alike(200),
            (_, person) => new("/api/v1/user/slug", $$"""{"slug":"slug-{{(int)person}}"}""")),
        Just("GET /api/v1/user/whoami", "anybody's", Alike(200), (_, _) => new("/api/v1/user/whoami")) with
        {
            Kinds = [Kind.User],
            Sees = (world, person) => world.Things.Where(thing => thing.Id == world.Of(person).Id),
        },
    ];

    private const string Credit = """{"amountUsd":0.5,"reference":"invoice 7"}""";

    private static string Whose(bool isTeams) => isTeams ? "the team's" : "the owner's";

    private static int Ok(string route) => ContractRoutes.All.Single(one => one.ToString() == route).Success;

    private static int[] Alike(int status) => [status, status, status, status, status, status, status];

    private static int[] OfOperators(string route) =>
        [403, 403, 403, 403, 403, route.StartsWith("GET ", StringComparison.Ordinal) ? Ok(route) : 403, Ok(route)];

    private static PersonRow Just(
        string route, string @case, IReadOnlyList<int> statuses, Func<PersonWorld, Person, Ask> ask) =>
        new(route, @case, statuses, (world, person) => Task.FromResult(ask(world, person)));

    private static Func<PersonWorld, Person, Task<Ask>> Usual(string route) => async (world, _) =>
    {
        var (path, body) =
            await ContractRoutes.All.Single(one => one.ToString() == route).Prepare(world.Mooring);
        return new Ask(path, body);
    };
}
