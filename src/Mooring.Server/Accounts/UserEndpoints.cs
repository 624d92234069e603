using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.V1;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary><c>/api/v1/user</c> and <c>/api/v1/teams</c> (contract, section 8).</summary>
internal static partial class UserEndpoints
{
    private const int LimitByDefault = 100;
    private const int LimitAtMost = 1_000;

    public static IEndpointRouteBuilder MapUsers(this IEndpointRouteBuilder routes)
    {
        var user = routes.MapGroup("/api/v1/user");
        user.MapGet("/whoami", WhoAmIAsync).RequireAnyKey()
            .Describe("whoAmI", "Whose key this is, and what it may do.");
        user.MapPatch("/slug", UpdateSlugAsync).RequirePermission(Section.Admin)
            .Describe("updateSlug", "Chooses the user's short unique name.")
            .Refuses(typeof(SlugTaken));
        user.MapGet("/teams", ListTeams).RequirePermission(Section.Teams)
            .Describe("listTeams", "The teams that the user belongs to.")
            .WithQuery(QueryParameter.Slice(LimitByDefault, LimitAtMost));
        routes.MapGet("/api/v1/teams/{teamId}/members", ListMembers).RequirePermission(Section.Teams)
            .Describe("listTeamMembers", "The members of a team that the user belongs to.")
            .Refuses(typeof(TeamNotFound))
            .WithQuery(QueryParameter.Slice(LimitByDefault, LimitAtMost));
        return routes;
    }

    private static async Task<Answer<WhoAmI>> WhoAmIAsync(Caller caller, Database database, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var user = await db.Users.AsNoTracking().SingleAsync(user => user.Id == caller.UserId, ct);
        return new WhoAmI(Wire(user, caller), null);
    }

    private static async Task<Answer<UserChanged>> UpdateSlugAsync(
        JsonBody<UpdateSlugRequest> body, Caller caller, Database database, CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(
            body.Value.Slug is { } wanted && SlugForm().IsMatch(wanted),
            "body.slug",
            "is required: 3 to 30 characters of a-z, 0-9 and the dash");
        faults.Throw();
        var slug = body.Value.Slug!;
        var changed = await database.TryWriteAsync<User>(
            async (db, token) =>
            {
                if (await db.Users.AnyAsync(user => user.Slug == slug && user.Id != caller.UserId, token))
                {
                    return new SlugTaken(slug);
                }

                await db.Users.Where(user => user.Id == caller.UserId)
                    .ExecuteUpdateAsync(set => set.SetProperty(user => user.Slug, slug), token);
                return await db.Users.AsNoTracking().SingleAsync(user => user.Id == caller.UserId, token);
            },
            ct);
        return changed.Failed ? changed.Error : new UserChanged(Wire(changed.Value, caller));
    }

    // There are no teams yet, so nobody belongs to one: an empty list, and no team is to be seen.
    private static Answer<ListPage<UserTeam>> ListTeams(HttpContext context)
    {
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        return new ListPage<UserTeam> { TotalCount = 0, Offset = slice.Offset, Limit = slice.Limit, Data = [] };
    }

    private static Answer<ListPage<TeamMember>> ListMembers(string teamId, HttpContext context)
    {
        _ = Slice.From(context, LimitByDefault, LimitAtMost);
        return new TeamNotFound(teamId);
    }

    private static Contract.V1.User Wire(User user, Caller caller) => new()
    {
        Id = user.Id.Value,
        Role = user.Role,
        CreatedAt = user.CreatedAt,
        Name = user.Name,
        Email = user.Email,
        Slug = user.Slug,
        Image = null,
        EmailVerified = null,
        HasBetaAccess = false,
        IsBanned = false,
        SkipPrepay = false,
        Blacklist = [],
        Scope = Sections.All.ToDictionary(
            section => section.ToWire(),
            section => new ScopeAccess(
                section.AccessIn(caller.Permissions).HasFlag(Access.Read),
                section.AccessIn(caller.Permissions).HasFlag(Access.Read | Access.Write))),
    };

    [GeneratedRegex(@"\A[a-z0-9-]{3,30}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SlugForm();
}
