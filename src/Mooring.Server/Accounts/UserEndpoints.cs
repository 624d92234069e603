using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.V1;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary><c>/api/v1/user</c> and <c>/api/v1/teams</c> (contract, section 8).</summary>
internal static class UserEndpoints
{
    private const int LimitByDefault = 100;
    private const int LimitAtMost = 1_000;

    public static IEndpointRouteBuilder MapUsers(this IEndpointRouteBuilder routes)
    {
        var user = routes.MapGroup("/api/v1/user");
        user.MapGet("/whoami", WhoAmIAsync).RequireAnyKey()
            .Describe("whoAmI", "Whose key this is, and what it may do.");
        user.MapPatch("/slug", UpdateSlugAsync).RequirePermission(Section.Keys)
            .Describe("updateSlug", "Chooses the user's short unique name.")
            .Refuses(typeof(SlugTaken));
        user.MapGet("/teams", ListTeamsAsync).RequirePermission(Section.Teams)
            .Describe("listTeams", "The teams that the user belongs to.")
            .WithQuery(QueryParameter.Slice(LimitByDefault, LimitAtMost));
        routes.MapGet("/api/v1/teams/{teamId}/members", ListMembersAsync).RequirePermission(Section.Teams)
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
        JsonBody<UpdateSlugRequest> body, Caller caller, Trail trail, Database database, CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(
            body.Value.Slug is { } wanted && TeamRules.IsSlug(wanted), "body.slug", TeamRules.SlugMust);
        faults.Throw();
        if (caller.TeamId is not null)
        {
            return new PermissionMissing(Section.Keys.ToWords(), "read and write, of its user");
        }

        var slug = body.Value.Slug!;
        var changed = await database.TryWriteAsync<Changed<User>>(
            async (db, token) =>
            {
                if (await db.Users.AnyAsync(user => user.Slug == slug && user.Id != caller.UserId, token))
                {
                    return new SlugTaken(slug);
                }

                var before = await db.Users.AsNoTracking().SingleAsync(user => user.Id == caller.UserId, token);
                await db.Users.Where(user => user.Id == caller.UserId)
                    .ExecuteUpdateAsync(set => set.SetProperty(user => user.Slug, slug), token);
                return new Changed<User>(before, before with { Slug = slug });
            },
            trail.Note<Changed<User>>(ChangeWords.Of),
            ct);
        return changed.Failed ? changed.Error : new UserChanged(Wire(changed.Value.After, caller));
    }

    private static async Task<Answer<ListPage<UserTeam>>> ListTeamsAsync(
        HttpContext context, Caller caller, Database database, CancellationToken ct)
    {
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        await using var db = await database.ReadAsync(ct);
        var page = await (from member in db.TeamMembers.AsNoTracking()
                          join team in db.Teams.AsNoTracking() on member.TeamId equals team.Id
                          where member.UserId == caller.UserId && caller.Accounts.Contains(team.AccountId)
                          orderby member.JoinedAt, member.TeamId
                          select new { Member = member, Team = team })
            .Skip(slice.Offset)
            .Take(slice.Limit)
            .ToListAsync(ct);
        return new ListPage<UserTeam>
        {
            TotalCount = caller.Views.Count(view => view.TeamId is not null),
            Offset = slice.Offset,
            Limit = slice.Limit,
            Data =
            [
                .. page.Select(row => new UserTeam
                {
                    TeamId = row.Team.Id.Value,
                    Name = row.Team.Name,
                    Slug = row.Team.Slug,
                    Role = row.Member.Role,
                    CreatedAt = row.Member.JoinedAt,
                }),
            ],
        };
    }

    private static async Task<Answer<ListPage<Contract.V1.TeamMember>>> ListMembersAsync(
        string teamId, HttpContext context, Caller caller, Database database, CancellationToken ct)
    {
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        if (ResourceIds.ParseTeam(teamId) is not { } id
            || (!caller.ReadsAll && !caller.Views.Any(view => view.TeamId == id)))
        {
            return new TeamNotFound(teamId);
        }

        await using var db = await database.ReadAsync(ct);
        var members = db.TeamMembers.AsNoTracking().Where(member => member.TeamId == id);
        var total = await members.CountAsync(ct);
        var page = await (from member in members
                          join user in db.Users.AsNoTracking() on member.UserId equals user.Id
                          orderby member.JoinedAt, member.UserId
                          select new { Member = member, User = user })
            .Skip(slice.Offset)
            .Take(slice.Limit)
            .ToListAsync(ct);
        return total == 0
            ? new TeamNotFound(teamId)
            : new ListPage<Contract.V1.TeamMember>
            {
                TotalCount = total,
                Offset = slice.Offset,
                Limit = slice.Limit,
                Data = [.. page.Select(row => TeamWire.Of(row.Member, row.User))],
            };
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
}
