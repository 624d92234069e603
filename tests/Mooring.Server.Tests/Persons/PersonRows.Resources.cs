using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Persons;

/// <summary>Rows of disks and instances, by their ids.</summary>
internal static partial class PersonRows
{
    /// <summary>
    /// What ends something, or keeps it from being used, is its creator's, a team admin's and the operator's (contract
    /// 16.9); the rest that changes something is every member's.
    /// </summary>
    private enum Part
    {
        Reads,
        Changes,
        Ends,
    }

    private static IEnumerable<PersonRow> Resources() => new[] { false, true }.SelectMany(isTeams => new[]
    {
        OfDisk("GET /api/v1/disks/{id}", isTeams, Part.Reads),
        OfDisk("PATCH /api/v1/disks/{id}", isTeams, Part.Changes, """{"name":"n"}"""),
        OfDisk("DELETE /api/v1/disks/{id}", isTeams, Part.Ends),
        OfDisk("GET /api/mooring/v1/disks/{id}/events", isTeams, Part.Reads),
        OfDisk("GET /api/mooring/v1/disks/{id}/events/stream", isTeams, Part.Reads, query: "?after=0"),
        OfDisk("GET /api/mooring/v1/disks/{id}/explain", isTeams, Part.Reads),
        OfDisk("GET /api/mooring/v1/disks/{id}/deletion", isTeams, Part.Reads),
        OfDisk("PATCH /api/mooring/v1/disks/{id}", isTeams, Part.Changes, """{"forbidDeletion":true}"""),
        OfDisk("POST /api/mooring/v1/disks/{id}/retry", isTeams, Part.Changes, first: MakeUnreadableAsync),
        OfDisk("POST /api/mooring/v1/disks/{id}/suspend", isTeams, Part.Ends),
        OfDisk("POST /api/mooring/v1/disks/{id}/resume", isTeams, Part.Ends, first: async (world, disk) =>
            (await world.Mooring.SendAsync("POST", $"/api/mooring/v1/disks/{disk}/suspend")).ShouldBe(200)),
        OfDisk("POST /api/mooring/v1/disks/{id}/force-detach", isTeams, Part.Ends, first: (world, disk) =>
            world.NewPodAsync(isTeams, disk)),
        OfPod("GET /api/v1/pods/{id}", isTeams, Part.Reads),
        OfPod("DELETE /api/v1/pods/{id}", isTeams, Part.Ends),
        OfPod("GET /api/v1/pods/{id}/log", isTeams, Part.Reads),
        OfPod("GET /api/mooring/v1/pods/{id}/events", isTeams, Part.Reads),
        OfPod("GET /api/mooring/v1/pods/{id}/events/stream", isTeams, Part.Reads, query: "?after=0"),
        OfPod("GET /api/mooring/v1/pods/{id}/explain", isTeams, Part.Reads),
        OfPod("POST /api/mooring/v1/pods/{id}/retry", isTeams, Part.Changes, first: MakeUnreadableAsync),
    }).Concat(Made());

    // What is made for a team, or of somebody's disk.
    private static IEnumerable<PersonRow> Made() =>
    [
        Just(
            "POST /api/v1/disks/",
            "for the team",
            [403, 403, 201, 201, 201, 403, 403],
            (world, _) => new(
                "/api/v1/disks/",
                $$$"""
                {"disk":{"size":1},"provider":{"type":"hyperstack"},"team":{"teamId":"{{{world.TeamId}}}"}}
                """,
                world.TeamId)),
        new(
            "POST /api/v1/pods/",
            "of the owner's disk",
            [404, 404, 404, 404, 200, 404, 404],
            async (world, _) =>
            {
                var disk = await world.NewDiskAsync(false);
                return new("/api/v1/pods/", TestMooring.PodBody(disk), disk);
            }),
    ];

    private static Task MakeUnreadableAsync(PersonWorld world, string id) => world.Mooring.MakeUnreadableAsync();

    private static PersonRow OfDisk(
        string route,
        bool isTeams,
        Part part,
        string? body = null,
        string query = "",
        Func<PersonWorld, string, Task>? first = null) =>
        OfResource(route, isTeams, part, body, query, first, Kind.Disk, world => world.NewDiskAsync(isTeams));

    private static PersonRow OfPod(
        string route,
        bool isTeams,
        Part part,
        string query = "",
        Func<PersonWorld, string, Task>? first = null) =>
        OfResource(route, isTeams, part, null, query, first, Kind.Pod, world => world.NewPodAsync(isTeams));

    private static PersonRow OfResource(
        string route,
        bool isTeams,
        Part part,
        string? body,
        string query,
        Func<PersonWorld, string, Task>? first,
        Kind kind,
        Func<PersonWorld, Task<string>> make) => new(
        route,
        Whose(isTeams),
        StatusesOf(isTeams, part, Ok(route)),
        async (world, _) =>
        {
            var id = part == Part.Reads ? world.IdOf(kind, isTeams) : await make(world);
            await (first?.Invoke(world, id) ?? Task.CompletedTask);
            return new(route.Split(' ')[1].Replace("{id}", id, StringComparison.Ordinal) + query, body);
        });

    private static int[] StatusesOf(bool isTeams, Part part, int ok)
    {
        var managers = part == Part.Reads ? ok : 403;
        return !isTeams ? [404, 404, 404, 404, ok, managers, ok]
            : part == Part.Ends ? [404, 404, 403, ok, ok, managers, ok]
            : [404, 404, ok, ok, ok, managers, ok];
    }
}
