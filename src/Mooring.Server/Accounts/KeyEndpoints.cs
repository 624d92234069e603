using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary><c>/api/mooring/v1/keys</c>: API keys, which the vendor's API has no route for (contract 10).</summary>
internal static class KeyEndpoints
{
    private const int RowsAtMost = 1_000;

    public static IEndpointRouteBuilder MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/mooring/v1/keys").RequirePermission(Section.Keys);
        keys.MapGet("/", ListAsync)
            .Describe("listKeys", "Your API keys without their secrets, those that are revoked last.")
            .WithQuery(QueryParameter.Text("user_id", "Another user's keys; needs admin:read."))
            .Refuses(typeof(UserNotFound), typeof(PermissionMissing));
        keys.MapPost("/", CreateAsync).Creates()
            .Describe("createKey", "Makes an API key. Its whole text is in this answer and nowhere else.")
            .Refuses(
                typeof(PermissionMissing),
                typeof(TooManyKeys),
                typeof(NotAMember),
                typeof(UserNotFound),
                typeof(NoSuchMember));
        keys.MapPatch("/{prefix}", UpdateAsync)
            .Describe("updateKey", "Renames an API key, or has it refused until it is enabled again.")
            .Refuses(typeof(KeyNotFound), typeof(LastAdminKey), typeof(PermissionMissing), typeof(KeyOutlivesYours));
        keys.MapDelete("/{prefix}", RevokeAsync)
            .Describe("revokeKey", "Revokes an API key: it is refused from the next request on.")
            .Refuses(typeof(KeyNotFound), typeof(LastAdminKey));
        return routes;
    }

    private static async Task<Answer<KeyList>> ListAsync(
        HttpContext context, Caller caller, Database database, CancellationToken ct)
    {
        var query = new Query(context);
        var other = query.Text("user_id");
        query.Throw();
        var user = other is null ? caller.UserId : ResourceIds.ParseUser(other);
        if (user != caller.UserId && !caller.ReadsAll)
        {
            return new PermissionMissing(Section.Admin.ToWords(), Access.Read.ToWords());
        }

        await using var db = await database.ReadAsync(ct);
        if (user is null || (user != caller.UserId && !await db.Users.AnyAsync(row => row.Id == user, ct)))
        {
            return new UserNotFound(other!);
        }

        var rows = await db.ApiKeys.AsNoTracking()
            .Where(key => key.UserId == user)
            .OrderBy(key => key.RevokedAt != null)
            .ThenByDescending(key => key.CreatedAt)
            .ThenBy(key => key.Prefix)
            .Take(RowsAtMost)
            .ToListAsync(ct);
        // A team's key tells of that team's keys alone.
        return new KeyList(
            [.. rows.Where(key => caller.TeamId is null || key.TeamId == caller.TeamId).Select(Wire)]);
    }

    private static async Task<Answer<CreatedKey>> CreateAsync(
        JsonBody<CreateKeyRequest> body, Caller caller, Once once, KeyChanges keys, CancellationToken ct)
    {
        // What is kept is without the secret: a repeat learns which key there is, and not its text.
        var made = await keys.CreateAsync(
            body.Value,
            caller,
            once.Keep<(ApiKey Key, string Secret), CreatedKey>(
                one => Created(one.Key, null), one => ChangeWords.Of(one.Key)),
            ct);
        if (made.Failed)
        {
            return made.Error;
        }

        return Created(made.Value.Key, made.Value.Secret);
    }

    private static Answer<CreatedKey> Created(ApiKey key, string? secret) => Answer<CreatedKey>.Created(new CreatedKey
    {
        Prefix = key.Prefix,
        Name = key.Name,
        UserId = key.UserId.Value,
        TeamId = key.TeamId?.Value,
        Permissions = Sections.ToWire(key.Permissions),
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
        Key = secret,
        Detail = secret is not null ? null
            : $"This request was sent before, and made the key {key.Prefix}, whose text was in the answer to that and "
                + "is kept nowhere. If that answer is lost, revoke the key "
                + $"(DELETE /api/mooring/v1/keys/{key.Prefix}) and make another with a new Idempotency-Key.",
    });

    private static async Task<Answer<Key>> UpdateAsync(
        string prefix,
        JsonBody<UpdateKeyRequest> body,
        Caller caller,
        Trail trail,
        KeyChanges keys,
        CancellationToken ct)
    {
        var faults = new Faults();
        if (body.Value.Name is { } name && TextRules.FaultOfName(name) is { } fault)
        {
            faults.Add("body.name", fault);
        }

        faults.Throw();
        var updated = await keys.UpdateAsync(
            prefix, body.Value, caller, trail.Note<Changed<ApiKey>>(ChangeWords.Of), ct);
        return updated.Failed ? updated.Error : Wire(updated.Value.After);
    }

    private static async Task<Answer<RevokedKey>> RevokeAsync(
        string prefix, Caller caller, Trail trail, KeyChanges keys, CancellationToken ct)
    {
        var revoked = await keys.RevokeAsync(prefix, caller, trail.Note<Changed<ApiKey>>(ChangeWords.Of), ct);
        return revoked.Failed
            ? revoked.Error
            : new RevokedKey(revoked.Value.After.Prefix, revoked.Value.After.RevokedAt!.Value);
    }

    private static Key Wire(ApiKey key) => new()
    {
        Prefix = key.Prefix,
        Name = key.Name,
        UserId = key.UserId.Value,
        TeamId = key.TeamId?.Value,
        Permissions = Sections.ToWire(key.Permissions),
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
        RevokedAt = key.RevokedAt,
        DisabledAt = key.DisabledAt,
        LastUsedAt = key.LastUsedAt,
        LastUsedFrom = key.LastUsedFrom,
    };
}
