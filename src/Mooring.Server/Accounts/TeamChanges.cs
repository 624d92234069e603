using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary>
/// Makes and ends teams, and changes who is in them. Operators may do that everywhere, a team's admins in their own.
/// </summary>
internal sealed class TeamChanges(
    Database database, KeyLookup lookup, IdGenerator ids, MooringOptions options, TimeProvider time)
{
    /// <exception cref="InvalidRequestException">The request breaks a rule of its form.</exception>
    public async Task<Result<(Team Team, WalletId Wallet)>> CreateAsync(
        CreateTeamRequest request, Caller caller, Keep<(Team Team, WalletId Wallet)> keep, CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(request.Name is not null, "body.name", "is required");
        Check(request.Name, request.Slug, faults);
        faults.Throw();
        var now = time.Now();
        var id = new TeamId(ids.Cuid());
        var account = NewAccount.Of(request.Name!, null, id, ids, now, options.NewWalletsArePrepaid);
        var admin = request.AdminUserId is { } named ? ResourceIds.ParseUser(named) : caller.UserId;
        var team = new Team
        {
            Id = id,
            AccountId = account.Account.Id,
            Name = request.Name!,
            Slug = request.Slug,
            CreatedAt = now,
        };
        var made = await database.TryWriteAsync<(Team, WalletId)>(
            async (db, token) =>
            {
                if (admin is null || !await db.Users.AnyAsync(user => user.Id == admin, token))
                {
                    return new UserNotFound(request.AdminUserId!);
                }

                if (await SlugOfOthersAsync(db, team, token) is { } taken)
                {
                    return taken;
                }

                await db.InsertAsync(account, token);
                await db.InsertAsync(team, token);
                var joined = await JoinAsync(db, id, admin.Value, TeamRoles.Admin, token);
                return joined.Failed ? joined.Error : (team, account.Wallet.Id);
            },
            keep,
            ct);
        lookup.ForgetAll();
        return made;
    }

    /// <exception cref="InvalidRequestException">The request breaks a rule of its form.</exception>
    public Task<Result<Changed<Team>>> UpdateAsync(
        string id, UpdateTeamRequest request, Caller caller, Keep<Changed<Team>> keep, CancellationToken ct)
    {
        var faults = new Faults();
        Check(request.Name, request.Slug, faults);
        faults.Throw();
        return ChangeAsync<Changed<Team>>(
            id,
            caller,
            async (db, team, token) =>
            {
                var after = team with { Name = request.Name ?? team.Name, Slug = request.Slug ?? team.Slug };
                if (await SlugOfOthersAsync(db, after, token) is { } taken)
                {
                    return taken;
                }

                await db.Teams.Where(one => one.Id == team.Id).ExecuteUpdateAsync(
                    set => set.SetProperty(one => one.Name, after.Name).SetProperty(one => one.Slug, after.Slug),
                    token);
                return new Changed<Team>(team, after);
            },
            keep,
            ct);
    }

    /// <summary>
    /// Ends a team that has nothing left: its members leave it, its keys hold no more. Its bill stays.
    /// </summary>
    public Task<Result<Team>> DeleteAsync(
        string id, Caller caller, Keep<Team> keep, CancellationToken ct) => ChangeAsync<Team>(
        id,
        caller,
        async (db, team, token) =>
        {
            var now = time.Now();
            // A creation that has seen the team asks its quota: it comes before this and is counted below, or it is
            // refused.
            await db.Accounts.Where(account => account.Id == team.AccountId).ExecuteUpdateAsync(
                set => set.SetProperty(account => account.QuotaDisks, 0).SetProperty(account => account.QuotaPods, 0),
                token);
            var account = await db.Accounts.AsNoTracking().SingleAsync(one => one.Id == team.AccountId, token);
            if (account.CurrentDisks > 0 || account.CurrentPods > 0)
            {
                return new TeamNotEmpty(id, account.CurrentDisks, account.CurrentPods);
            }

            await db.ApiKeys.Where(key => key.TeamId == team.Id && key.RevokedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), token);
            await db.TeamMembers.Where(member => member.TeamId == team.Id).ExecuteDeleteAsync(token);
            await db.Teams.Where(one => one.Id == team.Id).ExecuteUpdateAsync(
                set => set.SetProperty(one => one.DeletedAt, now).SetProperty(one => one.Slug, (string?)null), token);
            return team;
        },
        keep,
        ct);

    /// <summary>
    /// Lets a user into a team, or changes the user's part in it. A team's admin can't list users, so the exact mail
    /// address names one too; it is looked up only for who may let them in.
    /// </summary>
    /// <param name="id">The team's id.</param>
    /// <param name="named">The user's id or mail address.</param>
    /// <param name="request">The user's part.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="keep">What else is to be written with it.</param>
    /// <param name="ct">Ends the call.</param>
    /// <exception cref="InvalidRequestException">The request breaks a rule of its form.</exception>
    public Task<Result<Changed<TeamMember?>>> SetMemberAsync(
        string id,
        string named,
        SetTeamMemberRequest request,
        Caller caller,
        Keep<Changed<TeamMember?>> keep,
        CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(
            request.Role is null || TeamRoles.All.Contains(request.Role),
            "body.role",
            $"must be one of {string.Join(", ", TeamRoles.All)}");
        faults.Throw();
        var role = request.Role ?? TeamRoles.Member;
        return ChangeAsync<Changed<TeamMember?>>(
            id,
            caller,
            async (db, team, token) =>
            {
                if (await UserAsync(db, named, token) is not { Id: var user })
                {
                    return new UserNotFound(named);
                }

                if (await FindAsync(db, team.Id, user, token) is not { } known)
                {
                    var joined = await JoinAsync(db, team.Id, user, role, token);
                    return joined.Failed ? joined.Error : new Changed<TeamMember?>(null, joined.Value);
                }

                if (role != TeamRoles.Admin && await IsLastAdminAsync(db, known, token))
                {
                    return new LastTeamAdmin(id);
                }

                await db.TeamMembers.Where(one => one.TeamId == team.Id && one.UserId == known.UserId)
                    .ExecuteUpdateAsync(set => set.SetProperty(one => one.Role, role), token);
                return new Changed<TeamMember?>(known, known with { Role = role });
            },
            keep,
            ct);
    }

    /// <summary>Has a user leave a team; members may leave by themselves.</summary>
    public Task<Result<TeamMember>> RemoveMemberAsync(
        string id, string userId, Caller caller, Keep<TeamMember> keep, CancellationToken ct) =>
        ChangeAsync<TeamMember>(
            id,
            caller,
            async (db, team, token) =>
            {
                if (ResourceIds.ParseUser(userId) is not { } user
                    || await FindAsync(db, team.Id, user, token) is not { } member)
                {
                    return new NoSuchMember(id, userId);
                }

                if (await IsLastAdminAsync(db, member, token))
                {
                    return new LastTeamAdmin(id);
                }

                await db.TeamMembers.Where(one => one.TeamId == team.Id && one.UserId == user)
                    .ExecuteDeleteAsync(token);
                return member;
            },
            keep,
            ct,
            byThemselves: userId == caller.UserId.Value);

    private async Task<Result<T>> ChangeAsync<T>(
        string id,
        Caller caller,
        Func<MooringDb, Team, CancellationToken, Task<Result<T>>> change,
        Keep<T> keep,
        CancellationToken ct,
        bool byThemselves = false)
    {
        if (ResourceIds.ParseTeam(id) is not { } wanted)
        {
            return new TeamNotFound(id);
        }

        var view = caller.Views.FirstOrDefault(one => one.TeamId == wanted);
        if (view is null && !caller.ChangesAll)
        {
            return new TeamNotFound(id);
        }

        if (view is { IsTeamAdmin: false } && !caller.ChangesAll && !byThemselves)
        {
            return new NotTeamAdmin(id);
        }

        var changed = await database.TryWriteAsync<T>(
            async (db, token) =>
            {
                await db.LockTeamAsync(wanted, token);
                return await db.Teams.AsNoTracking()
                    .SingleOrDefaultAsync(team => team.Id == wanted && team.DeletedAt == null, token) is { } team
                    ? await change(db, team, token)
                    : new TeamNotFound(id);
            },
            keep,
            ct);
        lookup.ForgetAll();
        return changed;
    }

    private async Task<Result<TeamMember>> JoinAsync(
        MooringDb db, TeamId team, UserId user, string role, CancellationToken ct)
    {
        await db.LockUserAsync(user, ct);
        if (await db.TeamMembers.CountAsync(one => one.UserId == user, ct) >= TeamRules.TeamsOfUserAtMost)
        {
            return new TooManyTeams(user.Value, TeamRules.TeamsOfUserAtMost);
        }

        if (await db.TeamMembers.CountAsync(one => one.TeamId == team, ct) >= TeamRules.MembersAtMost)
        {
            return new TeamFull(team.Value, TeamRules.MembersAtMost);
        }

        var member = new TeamMember { TeamId = team, UserId = user, Role = role, JoinedAt = time.Now() };
        await db.InsertAsync(member, ct);
        return member;
    }

    private static async Task<User?> UserAsync(MooringDb db, string named, CancellationToken ct)
    {
        var users = db.Users.AsNoTracking();
        return ResourceIds.ParseUser(named) is { } id
            ? await users.SingleOrDefaultAsync(user => user.Id == id, ct)
            : UserRules.IsEmail(named)
                ? await users.SingleOrDefaultAsync(user => user.Email == named, ct)
                : null;
    }

    private static Task<TeamMember?> FindAsync(MooringDb db, TeamId team, UserId user, CancellationToken ct) =>
        db.TeamMembers.AsNoTracking().SingleOrDefaultAsync(one => one.TeamId == team && one.UserId == user, ct);

    private static async Task<bool> IsLastAdminAsync(MooringDb db, TeamMember member, CancellationToken ct) =>
        member.Role == TeamRoles.Admin && !await db.TeamMembers.AnyAsync(
            one => one.TeamId == member.TeamId && one.UserId != member.UserId && one.Role == TeamRoles.Admin, ct);

    private static async Task<MooringError?> SlugOfOthersAsync(MooringDb db, Team team, CancellationToken ct) =>
        team.Slug is { } slug && await db.Teams.AnyAsync(other => other.Slug == slug && other.Id != team.Id, ct)
            ? new SlugTaken(slug)
            : null;

    private static void Check(string? name, string? slug, Faults faults)
    {
        if (name is not null && TextRules.FaultOfName(name) is { } fault)
        {
            faults.Add("body.name", fault);
        }

        faults.Check(slug is null || TeamRules.IsSlug(slug), "body.slug", TeamRules.SlugMust);
    }
}
