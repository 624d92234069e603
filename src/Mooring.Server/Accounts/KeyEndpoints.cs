using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary><c>/api/mooring/v1/keys</c>: API keys, which the vendor's API has no route for (contract 10).</summary>
internal static class KeyEndpoints
{
    /// <summary>Keys of one user that are not revoked.</summary>
    public const int KeysAtMost = 500;
    private const int RowsAtMost = 1_000;

    public static IEndpointRouteBuilder MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/mooring/v1/keys").RequirePermission(Section.Admin);
        keys.MapGet("/", ListAsync)
            .Describe("listKeys", "Your API keys without their secrets, those that are revoked last.");
        keys.MapPost("/", CreateAsync).Creates()
            .Describe("createKey", "Makes an API key. Its whole text is in this answer and nowhere else.")
            .Refuses(typeof(PermissionMissing), typeof(TooManyKeys));
        keys.MapDelete("/{prefix}", RevokeAsync)
            .Describe("revokeKey", "Revokes an API key: it is refused from the next request on.")
            .Refuses(typeof(KeyNotFound), typeof(LastAdminKey));
        return routes;
    }

    private static async Task<Answer<KeyList>> ListAsync(Caller caller, Database database, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var rows = await db.ApiKeys.AsNoTracking()
            .Where(key => key.UserId == caller.UserId)
            .OrderBy(key => key.RevokedAt != null)
            .ThenByDescending(key => key.CreatedAt)
            .ThenBy(key => key.Prefix)
            .Take(RowsAtMost)
            .ToListAsync(ct);
        return new KeyList([.. rows.Select(key => new Key
        {
            Prefix = key.Prefix,
            Name = key.Name,
            Permissions = Sections.ToWire(key.Permissions),
            CreatedAt = key.CreatedAt,
            ExpiresAt = key.ExpiresAt,
            RevokedAt = key.RevokedAt,
        })]);
    }

    private static async Task<Answer<CreatedKey>> CreateAsync(
        JsonBody<CreateKeyRequest> body, Caller caller, Database database, TimeProvider time, CancellationToken ct)
    {
        var now = time.Now();
        var wanted = Check(body.Value, caller, now);
        if (LackedBy(caller, wanted) is { } lacked)
        {
            return lacked;
        }

        var secret = ApiKey.NewSecret();
        var made = await database.TryWriteAsync<ApiKey>(
            async (db, token) =>
            {
                await db.LockUserAsync(caller.UserId, token);
                if (await db.ApiKeys.CountAsync(key => key.UserId == caller.UserId && key.RevokedAt == null, token)
                    >= KeysAtMost)
                {
                    return new TooManyKeys(KeysAtMost);
                }

                var key = new ApiKey
                {
                    Prefix = ApiKey.PrefixOf(secret)!,
                    Name = body.Value.Name!,
                    Hash = ApiKey.HashOf(secret),
                    UserId = caller.UserId,
                    AccountId = caller.AccountId,
                    Permissions = wanted,
                    CreatedAt = now,
                    ExpiresAt = body.Value.ExpiresAt ?? caller.KeyExpiresAt,
                };
                db.ApiKeys.Add(key);
                return key;
            },
            ct);
        return made.Failed ? made.Error : Answer<CreatedKey>.Created(new CreatedKey
        {
            Prefix = made.Value.Prefix,
            Name = made.Value.Name,
            Permissions = Sections.ToWire(made.Value.Permissions),
            CreatedAt = made.Value.CreatedAt,
            ExpiresAt = made.Value.ExpiresAt,
            Key = secret,
        });
    }

    private static async Task<Answer<RevokedKey>> RevokeAsync(
        string prefix, Caller caller, Database database, KeyLookup keys, TimeProvider time, CancellationToken ct)
    {
        if (!ApiKey.IsPrefix(prefix))
        {
            return new KeyNotFound(prefix);
        }

        var revoked = await database.TryWriteAsync<ApiKey>(
            async (db, token) =>
            {
                await db.LockUserAsync(caller.UserId, token);
                var mine = await db.ApiKeys.AsNoTracking().Where(key => key.UserId == caller.UserId).ToListAsync(token);
                if (mine.Find(key => key.Prefix == prefix) is not { } key)
                {
                    return new KeyNotFound(prefix);
                }

                var now = time.Now();
                if (key.RevokedAt is not null)
                {
                    return key;
                }

                if (IsAdmin(key) && !mine.Exists(other => other.Prefix != prefix && IsAdmin(other)))
                {
                    return new LastAdminKey(prefix);
                }

                await db.ApiKeys.Where(one => one.Prefix == prefix)
                    .ExecuteUpdateAsync(set => set.SetProperty(one => one.RevokedAt, now), token);
                return key with { RevokedAt = now };

                // One that will end by itself is no way back in.
                bool IsAdmin(ApiKey one) =>
                    one.RevokedAt is null && one.ExpiresAt is null
                    && one.Allows(Section.Admin, Access.Read | Access.Write);
            },
            ct);
        keys.Forget(prefix);
        return revoked.Failed ? revoked.Error : new RevokedKey(prefix, revoked.Value.RevokedAt!.Value);
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
