namespace Mooring.Server.Accounts;

internal sealed record KeyRefused()
    : MooringError(
        "key_refused",
        "This needs a valid API key: send 'Authorization: Bearer <key>'. "
        + "The key is missing, unknown, expired, disabled or revoked.");

internal sealed record PermissionMissing(string Section, string Access)
    : MooringError(
        "permission_missing",
        $"This key lacks the permission '{Section}: {Access}'. Use a key that has it, or have one made.");

internal sealed record NotAMember(string TeamId)
    : MooringError(
        "not_a_member", $"You are not a member of team '{TeamId}'. Leave 'team' out to use your own account.");

internal sealed record TeamNotFound(string Id)
    : MooringError(
        "team_not_found", $"You are a member of no team '{Id}'. GET /api/v1/user/teams lists yours.");

internal sealed record SlugTaken(string Slug)
    : MooringError("slug_taken", $"The slug '{Slug}' belongs to somebody else. Choose another one.");

internal sealed record KeyNotFound(string Prefix)
    : MooringError("key_not_found", $"You have no API key '{Prefix}'. GET /api/mooring/v1/keys lists yours.");

internal sealed record TooManyKeys(int Most)
    : MooringError(
        "too_many_keys", $"You have {Most} API keys that are not revoked, the most there may be. Revoke one first.");

internal sealed record LastAdminKey(string Prefix)
    : MooringError(
        "last_admin_key",
        $"The API key '{Prefix}' is the last one that can let others in and does not expire: without it nobody would "
        + "get in again. Make another one with admin:write and keys:write first.");

internal sealed record KeyOutlivesYours(string Prefix)
    : MooringError(
        "key_outlives_yours",
        $"The API key '{Prefix}' ends later than the one that asks, and so can't be enabled by it. "
        + "Use a key that does not end before.");

internal sealed record SshKeyNotFound(string Id)
    : MooringError("ssh_key_not_found", $"You have no SSH key '{Id}'. GET /api/v1/ssh_keys/ lists yours.");

internal sealed record TooManySshKeys(int Most)
    : MooringError("too_many_ssh_keys", $"You have {Most} SSH keys, the most there may be. Delete one first.");

internal sealed record NotYours(string What)
    : MooringError(
        "not_yours",
        $"{What} is not yours to change. Its creator can do that, an admin of the team whose it is, or an operator; "
        + "GET /api/v1/teams/{teamId}/members lists a team's admins.");

internal sealed record QuotaExceeded(
    string Whose, string Quota, string Unit, decimal Limit, decimal InUse, decimal Wanted)
    : MooringError(
        "quota_exceeded",
        FormattableString.Invariant(
            $"The quota '{Quota}' of {Whose} is {Limit}{Unit}; {InUse}{Unit} are in use, this needs {Wanted} more. ")
        + "Delete what is not needed, or ask the operator for more.");

internal sealed record NoSuchMember(string TeamId, string UserId)
    : MooringError(
        "no_such_member",
        $"Team '{TeamId}' has no member '{UserId}'. GET /api/v1/teams/{TeamId}/members lists them.");

internal sealed record UserNotFound(string Id)
    : MooringError(
        "user_not_found",
        $"There is no user '{Id}'. Operators list them with GET /api/mooring/v1/users; to let one into your team, the "
        + "exact mail address is enough.");

internal sealed record UserExists(string Email)
    : MooringError("user_exists", $"There is a user with the mail address '{Email}' already.");

internal sealed record LastAdmin(string Id)
    : MooringError(
        "last_admin",
        $"User '{Id}' is the last operator with a key that can let others in and does not expire. "
        + "Make another user an ADMIN, and a key of theirs, first.");

internal sealed record LastTeamAdmin(string TeamId)
    : MooringError(
        "last_team_admin",
        $"Team '{TeamId}' would have no admin left. Make another member an ADMIN first, or delete the team.");

internal sealed record NotTeamAdmin(string TeamId)
    : MooringError(
        "not_team_admin", $"Only an admin of team '{TeamId}' can change it. Ask one: its members show their roles.");

internal sealed record TeamNotEmpty(string TeamId, int Disks, int Pods)
    : MooringError(
        "team_not_empty",
        $"Team '{TeamId}' has {Disks} disks and {Pods} instances. Delete these first: a team goes when nothing is "
        + "left that it would pay for.");

internal sealed record TooManyTeams(string UserId, int Most)
    : MooringError("too_many_teams", $"User '{UserId}' is in {Most} teams, the most there may be.");

internal sealed record TeamFull(string TeamId, int Most)
    : MooringError("team_full", $"Team '{TeamId}' has {Most} members, the most there may be.");
