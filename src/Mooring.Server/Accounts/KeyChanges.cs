using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary>
/// Makes, disables and revokes API keys. Nobody gives away what they have not: a key can do no more, and ends no later,
/// than the one that asked for it, and a team's key makes keys of that team.
/// </summary>
internal sealed class KeyChanges(Database database, KeyLookup lookup, TimeProvider time)
{
    /// <summary>Keys of one user that are not revoked.</summary>
    public const int KeysAtMost = 500;

    /// <summary>Makes a key.</summary>
    /// <returns>It, with its text, which is kept nowhere.</returns>
    /// <exception cref="InvalidRequestException">The request breaks a rule of its form.</exception>
    public async Task<Result<(ApiKey Key, string Secret)>> CreateAsync(
        CreateKeyRequest request, Caller caller, Keep<(ApiKey Key, string Secret)> keep, CancellationToken ct)
    {
        var now = time.Now();
        var wanted = Check(request, caller, now);
        if (LackedBy(caller, wanted) is { } lacked)
        {
            return lacked;
        }

        if ((request.UserId is null ? caller.UserId : ResourceIds.ParseUser(request.UserId)) is not { } owner)
        {
            return new UserNotFound(request.UserId!);
        }

        if (owner != caller.UserId && !caller.ChangesAll)
        {
            return new PermissionMissing(Section.Admin.ToWords(), (Access.Read | Access.Write).ToWords());
        }

        var team = request.TeamId is null ? caller.TeamId : ResourceIds.ParseTeam(request.TeamId);
        if (owner == caller.UserId && caller.ViewFor(request.TeamId) is { Failed: true } stranger)
        {
            return stranger.Error!;
        }

        if (request.TeamId is not null && team is null)
        {
            return new NoSuchMember(request.TeamId, owner.Value);
        }

        var secret = ApiKey.NewSecret();
        return await database.TryWriteAsync<(ApiKey, string)>(
            async (db, token) =>
            {
                await db.LockUserAsync(owner, token);
                if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == owner, token)
                    is not { } user)
                {
                    return new UserNotFound(owner.Value);
                }

                var account = team is null ? user.AccountId : await AccountOfAsync(db, team.Value, owner, token);
                if (account is null)
                {
                    return new NoSuchMember(team!.Value.Value, owner.Value);
                }

                if (await WhyNoMoreAsync(db, owner, token) is { } full)
                {
                    return full;
                }

                var given = Given(wanted, request, KeyRow.DeniedTo(user.Role, team is not null));
                var key = ApiKey.Of(secret, request.Name!, owner, account.Value, given, now) with
                {
                    TeamId = team,
                    ExpiresAt = request.ExpiresAt ?? caller.KeyExpiresAt,
                };
                db.ApiKeys.Add(key);
                return (key, secret);
            },
            keep,
            ct);
    }

    /// <summary>Why a user gets no other key; null if there is room. To be asked under the user's lock.</summary>
    public static async Task<TooManyKeys?> WhyNoMoreAsync(MooringDb db, UserId user, CancellationToken ct) =>
        await db.ApiKeys.CountAsync(key => key.UserId == user && key.RevokedAt == null, ct) >= KeysAtMost
            ? new TooManyKeys(KeysAtMost)
            : null;

    /// <summary>Renames a key, disables it, or enables it again.</summary>
    public Task<Result<Changed<ApiKey>>> UpdateAsync(
        string prefix,
        UpdateKeyRequest request,
        Caller caller,
        Keep<Changed<ApiKey>> keep,
        CancellationToken ct) => ChangeAsync(
        prefix,
        caller,
        key => key with
        {
            Name = request.Name ?? key.Name,
            DisabledAt = request.IsDisabled switch
            {
                true => key.DisabledAt ?? time.Now(),
                false => null,
                null => key.DisabledAt,
            },
        },
        keep,
        ct);

    /// <summary>Revokes a key, for good.</summary>
    public Task<Result<Changed<ApiKey>>> RevokeAsync(
        string prefix, Caller caller, Keep<Changed<ApiKey>> keep, CancellationToken ct) =>
        ChangeAsync(prefix, caller, key => key with { RevokedAt = key.RevokedAt ?? time.Now() }, keep, ct);

    private async Task<Result<Changed<ApiKey>>> ChangeAsync(
        string prefix, Caller caller, Func<ApiKey, ApiKey> change, Keep<Changed<ApiKey>> keep, CancellationToken ct)
    {
        if (!ApiKey.IsPrefix(prefix))
        {
            return new KeyNotFound(prefix);
        }

        var changed = await database.TryWriteAsync<Changed<ApiKey>>(
            async (db, token) =>
            {
                await db.LockInstallationAsync(token);
                var key = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(
                    one => one.Prefix == prefix
                        && (caller.ChangesAll || one.UserId == caller.UserId)
                        && (caller.TeamId == null || one.TeamId == caller.TeamId),
                    token);
                if (key is null)
                {
                    return new KeyNotFound(prefix);
                }

                var after = change(key);
                if (await WhyNotEnabledAsync(db, key, after, caller, token) is { } lacked)
                {
                    return lacked;
                }

                if (key.IsWayIn() && !after.IsWayIn()
                    && await db.FindWaysIn().Select(one => one.Prefix).Take(2).ToListAsync(token) is [var last]
                    && last == prefix)
                {
                    return new LastAdminKey(prefix);
                }

                await db.ApiKeys.Where(one => one.Prefix == prefix).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(one => one.Name, after.Name)
                        .SetProperty(one => one.DisabledAt, after.DisabledAt)
                        .SetProperty(one => one.RevokedAt, after.RevokedAt),
                    token);
                return new Changed<ApiKey>(key, after);
            },
            keep,
            ct);
        if (!changed.Failed)
        {
            lookup.Forget(prefix);
        }

        return changed;
    }

    // To enable a key is to give what it may do: nobody gives what they have not.
    private static async Task<MooringError?> WhyNotEnabledAsync(
        MooringDb db, ApiKey before, ApiKey after, Caller caller, CancellationToken ct)
    {
        if (before.DisabledAt is null || after.DisabledAt is not null)
        {
            return null;
        }

        var role = await db.Users.Where(user => user.Id == before.UserId).Select(user => user.Role).SingleAsync(ct);
        return LackedBy(caller, before.Permissions & ~KeyRow.DeniedTo(role, before.TeamId is not null))
            ?? (caller.KeyExpiresAt is { } end && !(before.ExpiresAt <= end)
                ? new KeyOutlivesYours(before.Prefix)
                : (MooringError?)null);
    }

    private static async Task<AccountId?> AccountOfAsync(
        MooringDb db, TeamId team, UserId member, CancellationToken ct) =>
        await db.TeamMembers.AnyAsync(one => one.TeamId == team && one.UserId == member, ct)
            ? await db.Accounts.Where(account => account.TeamId == team).Select(account => account.Id).SingleAsync(ct)
            : null;

    // What is asked for and can't be given is refused; what is given by default is what can be.
    private static int Given(int wanted, CreateKeyRequest request, int denied)
    {
        var faults = new Faults();
        faults.Check(
            request.Permissions is null || (wanted & denied) == 0,
            "body.permissions",
            "must not name 'admin' for a USER, nor admin:write for a MANAGER; a team's key has none of 'admin' and "
                + "'ssh_keys'");
        faults.Throw();
        return wanted & ~denied;
    }

    /// <summary>The permissions that a request means.</summary>
    /// <exception cref="InvalidRequestException">It breaks a rule of its form.</exception>
    internal static int Check(CreateKeyRequest request, Caller caller, DateTimeOffset now)
    {
        var faults = new Faults();
        faults.Check(request.Name is not null, "body.name", "is required");
        if (request.Name is { } name && TextRules.FaultOfName(name) is { } fault)
        {
            faults.Add("body.name", fault);
        }

        var most = Sections.Permissions.Count;
        var wanted = request.Permissions is null ? caller.Permissions : 0;
        foreach (var (index, text) in (request.Permissions ?? []).Take(most).Index())
        {
            faults.Check(
                Sections.TryParse(text, out var permission),
                $"body.permissions.{index}",
                $"must be one of {string.Join(", ", Sections.Permissions)}");
            wanted |= permission;
        }

        faults.Check(
            request.Permissions is null || (request.Permissions.Count > 0 && request.Permissions.Count <= most),
            "body.permissions",
            $"must name 1 to {most} permissions; leave it out for all that this key has");
        faults.Check(request.ExpiresAt is null || request.ExpiresAt > now, "body.expiresAt", "must be in the future");
        faults.Check(
            request.ExpiresAt is null || caller.KeyExpiresAt is null || request.ExpiresAt <= caller.KeyExpiresAt,
            "body.expiresAt",
            $"must not be later than the end of the key that asks: {caller.KeyExpiresAt:s}");
        faults.Throw();
        return wanted;
    }

    /// <summary>The first permission that the caller would give away without having it.</summary>
    internal static PermissionMissing? LackedBy(Caller caller, int wanted)
    {
        foreach (var section in Sections.All)
        {
            var access = section.AccessIn(wanted);
            if (!section.AccessIn(caller.Permissions).HasFlag(access))
            {
                return new PermissionMissing(section.ToWords(), access.ToWords());
            }
        }

        return null;
    }
}
