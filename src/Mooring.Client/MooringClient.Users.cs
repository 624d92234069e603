using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Client;

// Who there is: users, teams and what each may have. Operators see all of it, others their own.
public sealed partial class MooringClient
{
    /// <summary>Every user, read page by page. Needs <c>admin:read</c>.</summary>
    /// <param name="pageSize">Rows a request, 1 to 1,000.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<UserAccount> ListUsersAsync(int pageSize = 100, CancellationToken ct = default) =>
        Paging.WalkAsync(
            async (position, token) => PageOf(await _api.GetAsync(
                $"{Native}users{OffsetQuery(position.Offset, pageSize)}",
                ApiTransport.Json.ListPageUserAccount,
                token)),
            user => user.Id,
            ct);

    /// <summary>Makes a user. Needs <c>admin:write</c>.</summary>
    /// <param name="request">Name, mail address and role.</param>
    /// <param name="ct">Ends the call; the user may have been made nonetheless.</param>
    public Task<UserAccount> CreateUserAsync(CreateUserRequest request, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Post,
            $"{Native}users",
            request,
            ApiTransport.Json.CreateUserRequest,
            ApiTransport.Json.UserAccount,
            idempotencyKey: null,
            ct);

    /// <summary>Changes a user. Needs <c>admin:write</c>.</summary>
    /// <param name="id">The user's id.</param>
    /// <param name="request">What shall be otherwise; what is null stays.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<UserAccount> UpdateUserAsync(string id, UpdateUserRequest request, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Patch,
            $"{Native}users/{ApiTransport.Segment(id)}",
            request,
            ApiTransport.Json.UpdateUserRequest,
            ApiTransport.Json.UserAccount,
            idempotencyKey: null,
            ct);

    /// <summary>The user's teams, or every team with a key that has <c>admin:read</c>, read page by page.</summary>
    /// <param name="pageSize">Rows a request, 1 to 1,000.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<Team> ListTeamsAsync(int pageSize = 100, CancellationToken ct = default) =>
        Paging.WalkAsync(
            async (position, token) => PageOf(await _api.GetAsync(
                $"{Native}teams{OffsetQuery(position.Offset, pageSize)}",
                ApiTransport.Json.ListPageTeam,
                token)),
            team => team.Id,
            ct);

    /// <summary>Makes a team. Needs <c>admin:write</c>.</summary>
    /// <param name="request">Its name, and who its first admin is.</param>
    /// <param name="ct">Ends the call; the team may have been made nonetheless.</param>
    public Task<Team> CreateTeamAsync(CreateTeamRequest request, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Post,
            $"{Native}teams",
            request,
            ApiTransport.Json.CreateTeamRequest,
            ApiTransport.Json.Team,
            idempotencyKey: null,
            ct);

    /// <summary>Changes a team's name or short name; its admins may, and operators.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="request">What shall be otherwise; what is null stays.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Team> UpdateTeamAsync(string id, UpdateTeamRequest request, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Patch,
            $"{Native}teams/{ApiTransport.Segment(id)}",
            request,
            ApiTransport.Json.UpdateTeamRequest,
            ApiTransport.Json.Team,
            idempotencyKey: null,
            ct);

    /// <summary>Deletes a team that has nothing left.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<TeamRemoval> DeleteTeamAsync(string id, CancellationToken ct = default) =>
        _api.DeleteAsync($"{Native}teams/{ApiTransport.Segment(id)}", ApiTransport.Json.TeamRemoval, ct);

    /// <summary>A team's members, read page by page.</summary>
    /// <param name="team">The team's id.</param>
    /// <param name="pageSize">Rows a request, 1 to 1,000.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<TeamMember> ListTeamMembersAsync(
        string team, int pageSize = 100, CancellationToken ct = default) => Paging.WalkAsync(
            async (position, token) => PageOf(await _api.GetAsync(
                $"teams/{ApiTransport.Segment(team)}/members{OffsetQuery(position.Offset, pageSize)}",
                ApiTransport.Json.ListPageTeamMember,
                token)),
            member => member.UserId,
            ct);

    /// <summary>Lets a user into a team, or changes the user's part in it.</summary>
    /// <param name="team">The team's id.</param>
    /// <param name="user">The user's id, or exact mail address.</param>
    /// <param name="role">ADMIN or MEMBER.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<TeamMember> SetTeamMemberAsync(
        string team, string user, string role, CancellationToken ct = default) => _api.SendAsync(
            HttpMethod.Put,
            $"{Native}teams/{ApiTransport.Segment(team)}/members/{ApiTransport.Segment(user)}",
            new SetTeamMemberRequest { Role = role },
            ApiTransport.Json.SetTeamMemberRequest,
            ApiTransport.Json.TeamMember,
            idempotencyKey: null,
            ct);

    /// <summary>Has a user leave a team.</summary>
    /// <param name="team">The team's id.</param>
    /// <param name="user">The user's id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<TeamRemoval> RemoveTeamMemberAsync(string team, string user, CancellationToken ct = default) =>
        _api.DeleteAsync(
            $"{Native}teams/{ApiTransport.Segment(team)}/members/{ApiTransport.Segment(user)}",
            ApiTransport.Json.TeamRemoval,
            ct);

    /// <summary>What the user and the user's teams may have at the most, and have.</summary>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<AccountQuota>> ListQuotasAsync(CancellationToken ct = default) =>
        (await _api.GetAsync($"{Native}quotas", ApiTransport.Json.QuotaList, ct)).Data;

    /// <summary>What a user may have at the most, and has. Needs <c>admin:read</c>.</summary>
    /// <param name="user">The user's id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<AccountQuota> GetUserQuotaAsync(string user, CancellationToken ct = default) =>
        _api.GetAsync($"{Native}users/{ApiTransport.Segment(user)}/quota", ApiTransport.Json.AccountQuota, ct);

    /// <summary>What a team may have at the most, and has. Needs <c>admin:read</c>.</summary>
    /// <param name="team">The team's id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<AccountQuota> GetTeamQuotaAsync(string team, CancellationToken ct = default) =>
        _api.GetAsync($"{Native}teams/{ApiTransport.Segment(team)}/quota", ApiTransport.Json.AccountQuota, ct);

    /// <summary>Sets what a user may have at the most. Needs <c>admin:write</c>.</summary>
    /// <param name="user">The user's id.</param>
    /// <param name="quota">All four limits; what is null is not limited.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<AccountQuota> SetUserQuotaAsync(string user, Quota quota, CancellationToken ct = default) =>
        SetQuotaAsync($"users/{ApiTransport.Segment(user)}", quota, ct);

    /// <summary>Sets what a team may have at the most. Needs <c>admin:write</c>.</summary>
    /// <param name="team">The team's id.</param>
    /// <param name="quota">All four limits; what is null is not limited.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<AccountQuota> SetTeamQuotaAsync(string team, Quota quota, CancellationToken ct = default) =>
        SetQuotaAsync($"teams/{ApiTransport.Segment(team)}", quota, ct);

    private Task<AccountQuota> SetQuotaAsync(string whose, Quota quota, CancellationToken ct) => _api.SendAsync(
        HttpMethod.Put,
        $"{Native}{whose}/quota",
        quota,
        ApiTransport.Json.Quota,
        ApiTransport.Json.AccountQuota,
        idempotencyKey: null,
        ct);
}
