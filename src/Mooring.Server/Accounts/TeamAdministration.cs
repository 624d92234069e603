using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Contract.V1;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary>
/// <c>/api/mooring/v1/teams</c>: teams and who is in them. Operators make teams; a team's admins change their own.
/// </summary>
internal static class TeamAdministration
{
    private const int LimitByDefault = 100;
    private const int LimitAtMost = 1_000;

    public static IEndpointRouteBuilder MapTeamAdministration(this IEndpointRouteBuilder routes)
    {
        var teams = routes.MapGroup("/api/mooring/v1/teams").RequirePermission(Section.Teams);
        teams.MapGet("/", ListAsync)
            .Describe("listAllTeams", "Your teams; for a key with admin:read every team. Oldest first.")
            .WithQuery(QueryParameter.Slice(LimitByDefault, LimitAtMost));
        teams.MapPost("/", CreateAsync).RequirePermission(Section.Admin).Creates()
            .Describe("createTeam", "Makes a team with its first admin.")
            .Refuses(typeof(UserNotFound), typeof(SlugTaken), typeof(TooManyTeams));
        teams.MapPatch("/{id}", UpdateAsync)
            .Describe("updateTeam", "Changes a team's name or short name.")
            .Refuses(typeof(TeamNotFound), typeof(NotTeamAdmin), typeof(SlugTaken));
        teams.MapDelete("/{id}", DeleteAsync)
            .Describe("deleteTeam", "Deletes a team that has no disks and no instances left.")
            .Refuses(typeof(TeamNotFound), typeof(NotTeamAdmin), typeof(TeamNotEmpty));
        teams.MapPut("/{id}/members/{userId}", SetMemberAsync)
            .Describe(
                "setTeamMember",
                "Lets a user, named by id or exact mail address, into a team, or changes the user's part in it.")
            .Refuses(
                typeof(TeamNotFound),
                typeof(NotTeamAdmin),
                typeof(UserNotFound),
                typeof(LastTeamAdmin),
                typeof(TooManyTeams),
                typeof(TeamFull));
        teams.MapDelete("/{id}/members/{userId}", RemoveMemberAsync)
            .Describe("removeTeamMember", "Has a user leave a team. What the user has made for it stays the team's.")
            .Refuses(typeof(TeamNotFound), typeof(NotTeamAdmin), typeof(NoSuchMember), typeof(LastTeamAdmin));
        return routes;
    }

    private static async Task<Answer<ListPage<Contract.Native.Team>>> ListAsync(
        HttpContext context, Caller caller, Database database, CancellationToken ct)
    {
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        await using var db = await database.ReadAsync(ct);
        var all = db.Teams.AsNoTracking().Where(team => team.DeletedAt == null
            && (caller.ReadsAll || caller.Accounts.Contains(team.AccountId)));
        var page = await (from team in all
                          join account in db.Accounts on team.AccountId equals account.Id
                          orderby team.CreatedAt, team.Id
                          select new { Team = team, account.WalletId })
            .Skip(slice.Offset)
            .Take(slice.Limit)
            .ToListAsync(ct);
        return new ListPage<Contract.Native.Team>
        {
            TotalCount = await all.CountAsync(ct),
            Offset = slice.Offset,
            Limit = slice.Limit,
            Data = [.. page.Select(row => Wire(row.Team, row.WalletId))],
        };
    }

    private static async Task<Answer<Contract.Native.Team>> CreateAsync(
        JsonBody<CreateTeamRequest> body, Caller caller, Once once, TeamChanges teams, CancellationToken ct)
    {
        var made = await teams.CreateAsync(
            body.Value,
            caller,
            once.Keep<(Team Team, WalletId Wallet), Contract.Native.Team>(
                Created, one => ChangeWords.Of(one.Team, body.Value.AdminUserId ?? caller.UserId.Value)),
            ct);
        return made.Failed ? made.Error : Created(made.Value);

        static Answer<Contract.Native.Team> Created((Team Team, WalletId Wallet) one) =>
            Answer<Contract.Native.Team>.Created(Wire(one.Team, one.Wallet));
    }

    private static async Task<Answer<Contract.Native.Team>> UpdateAsync(
        string id,
        JsonBody<UpdateTeamRequest> body,
        Caller caller,
        Trail trail,
        TeamChanges teams,
        Database database,
        CancellationToken ct)
    {
        var updated = await teams.UpdateAsync(
            id, body.Value, caller, trail.Note<Changed<Team>>(ChangeWords.Of), ct);
        if (updated.Failed)
        {
            return updated.Error;
        }

        await using var db = await database.ReadAsync(ct);
        var team = updated.Value.After;
        return Wire(
            team,
            await db.Accounts.Where(account => account.Id == team.AccountId)
                .Select(account => account.WalletId)
                .SingleAsync(ct));
    }

    private static async Task<Answer<TeamRemoval>> DeleteAsync(
        string id, Caller caller, Trail trail, TeamChanges teams, CancellationToken ct)
    {
        var deleted = await teams.DeleteAsync(id, caller, trail.Note<Team>(team => ChangeWords.Of(team)), ct);
        return deleted.Failed ? deleted.Error : new TeamRemoval(deleted.Value.Id.Value, null);
    }

    private static async Task<Answer<Contract.V1.TeamMember>> SetMemberAsync(
        string id,
        string userId,
        JsonBody<SetTeamMemberRequest> body,
        Caller caller,
        Trail trail,
        TeamChanges teams,
        Database database,
        CancellationToken ct)
    {
        var set = await teams.SetMemberAsync(
            id, userId, body.Value, caller, trail.Note<Changed<TeamMember?>>(ChangeWords.Of), ct);
        if (set.Failed)
        {
            return set.Error;
        }

        await using var db = await database.ReadAsync(ct);
        var member = set.Value.After!;
        return TeamWire.Of(
            member, await db.Users.AsNoTracking().SingleAsync(user => user.Id == member.UserId, ct));
    }

    private static async Task<Answer<TeamRemoval>> RemoveMemberAsync(
        string id, string userId, Caller caller, Trail trail, TeamChanges teams, CancellationToken ct)
    {
        var removed = await teams.RemoveMemberAsync(
            id,
            userId,
            caller,
            trail.Note<TeamMember>(member => ChangeWords.Of(new Changed<TeamMember?>(member, null))),
            ct);
        return removed.Failed
            ? removed.Error
            : new TeamRemoval(removed.Value.TeamId.Value, removed.Value.UserId.Value);
    }

    private static Contract.Native.Team Wire(Team team, WalletId wallet) => new()
    {
        Id = team.Id.Value,
        Name = team.Name,
        Slug = team.Slug,
        WalletId = wallet.Value,
        CreatedAt = team.CreatedAt,
    };
}
