namespace Mooring.Server.Accounts;

internal sealed record KeyRefused()
    : MooringError(
        "key_refused",
        "This needs a valid API key: send 'Authorization: Bearer <key>'. "
        + "The key is missing, unknown, expired or revoked.");

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
        $"The API key '{Prefix}' is the last one that can make others and does not expire: without it nobody would "
        + "get in again. Make another one first.");

internal sealed record SshKeyNotFound(string Id)
    : MooringError("ssh_key_not_found", $"You have no SSH key '{Id}'. GET /api/v1/ssh_keys/ lists yours.");

internal sealed record TooManySshKeys(int Most)
    : MooringError("too_many_ssh_keys", $"You have {Most} SSH keys, the most there may be. Delete one first.");
