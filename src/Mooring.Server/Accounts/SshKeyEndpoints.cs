using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.V1;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary><c>/api/v1/ssh_keys</c> (contract, section 11).</summary>
internal static class SshKeyEndpoints
{
    public const int KeysAtMost = 100;

    public static IEndpointRouteBuilder MapSshKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/v1/ssh_keys").RequirePermission(Section.SshKeys);
        keys.MapGet("/", ListAsync)
            .Describe("listSshKeys", "Your SSH keys, oldest first.")
            .WithQuery(QueryParameter.Slice(100, 1_000));
        keys.MapPost("/", CreateAsync)
            .Describe("createSshKey", "Adds a public key that may log in to your instances; the first is primary.")
            .Refuses(typeof(TooManySshKeys));
        keys.MapPatch("/{id}", UpdateAsync)
            .Describe("makeSshKeyPrimary", "Makes a key the primary one.")
            .Refuses(typeof(SshKeyNotFound));
        keys.MapDelete("/{id}", DeleteAsync)
            .Describe("deleteSshKey", "Deletes a key; if it was the primary one, the oldest that is left becomes it.")
            .Refuses(typeof(SshKeyNotFound));
        return routes;
    }

    private static async Task<Answer<ListPage<Contract.V1.SshKey>>> ListAsync(
        HttpContext context, Caller caller, Database database, CancellationToken ct)
    {
        var slice = Slice.From(context, 100, 1_000);
        await using var db = await database.ReadAsync(ct);
        var mine = db.SshKeys.AsNoTracking().Where(key => key.UserId == caller.UserId);
        var page = await mine
            .OrderBy(key => key.CreatedAt)
            .ThenBy(key => key.Id)
            .Skip(slice.Offset)
            .Take(slice.Limit)
            .ToListAsync(ct);
        return new ListPage<Contract.V1.SshKey>
        {
            TotalCount = await mine.CountAsync(ct),
            Offset = slice.Offset,
            Limit = slice.Limit,
            Data = [.. page.Select(Wire)],
        };
    }

    private static async Task<Answer<Contract.V1.SshKey>> CreateAsync(
        JsonBody<CreateSshKeyRequest> body,
        Caller caller,
        Once once,
        Database database,
        IdGenerator ids,
        TimeProvider time,
        CancellationToken ct)
    {
        var line = body.Value.PublicKey?.Trim();
        var faults = new Faults();
        faults.Check(body.Value.Name is not null, "body.name", "is required");
        faults.Check(line is not null, "body.publicKey", "is required: the line of a .pub file");
        if (body.Value.Name is { } name && TextRules.FaultOfName(name) is { } faultOfName)
        {
            faults.Add("body.name", faultOfName);
        }

        if (line is not null && SshKey.FaultOf(line) is { } faultOfKey)
        {
            faults.Add("body.publicKey", faultOfKey);
        }

        faults.Throw();
        var added = await database.TryWriteAsync<SshKey>(
            async (db, token) =>
            {
                await db.LockUserAsync(caller.UserId, token);
                var count = await db.SshKeys.CountAsync(key => key.UserId == caller.UserId, token);
                if (count >= KeysAtMost)
                {
                    return new TooManySshKeys(KeysAtMost);
                }

                var now = time.Now();
                var key = new SshKey
                {
                    Id = new SshKeyId(ids.Cuid()),
                    UserId = caller.UserId,
                    AccountId = caller.AccountId,
                    Name = body.Value.Name!,
                    PublicKey = line!,
                    IsPrimary = count == 0,
                    CreatedAt = now,
                    UpdatedAt = now,
                    Version = 1,
                };
                db.SshKeys.Add(key);
                return key;
            },
            once.Keep<SshKey, Contract.V1.SshKey>(key => Wire(key), ChangeWords.Of),
            ct);
        return added.Failed ? added.Error : Wire(added.Value);
    }

    private static async Task<Answer<SshKeyUpdated>> UpdateAsync(
        string id,
        JsonBody<UpdateSshKeyRequest> body,
        Caller caller,
        Trail trail,
        Database database,
        TimeProvider time,
        CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(
            body.Value.IsPrimary is true,
            "body.isPrimary",
            "must be true: another key becomes primary by being made so");
        faults.Throw();
        var updated = await database.TryWriteAsync<SshKey>(
            async (db, token) =>
            {
                await db.LockUserAsync(caller.UserId, token);
                if (await FindAsync(db, caller, id, token) is not { } key)
                {
                    return new SshKeyNotFound(id);
                }

                // The old one first: the database admits one primary key a user.
                await db.SshKeys
                    .Where(other => other.UserId == caller.UserId && other.IsPrimary)
                    .ExecuteUpdateAsync(set => set.SetProperty(other => other.IsPrimary, false), token);
                await PromoteAsync(db, [key.Id], time.Now(), token);
                return key;
            },
            trail.Note<SshKey>(ChangeWords.Of),
            ct);
        return updated.Failed ? updated.Error : new SshKeyUpdated("The key is now your primary one.", ["isPrimary"]);
    }

    private static async Task<Answer<SshKeyDeleted>> DeleteAsync(
        string id, Caller caller, Trail trail, Database database, TimeProvider time, CancellationToken ct)
    {
        var deleted = await database.TryWriteAsync<SshKey>(
            async (db, token) =>
            {
                await db.LockUserAsync(caller.UserId, token);
                if (await FindAsync(db, caller, id, token) is not { } key)
                {
                    return new SshKeyNotFound(id);
                }

                await db.SshKeys.Where(one => one.Id == key.Id).ExecuteDeleteAsync(token);
                if (key.IsPrimary)
                {
                    await PromoteAsync(db, await OldestAsync(db, caller, token), time.Now(), token);
                }

                return key;
            },
            trail.Note<SshKey>(ChangeWords.Of),
            ct);
        return deleted.Failed
            ? deleted.Error
            : new SshKeyDeleted("The key is deleted. Instances that run already still accept it.");
    }

    private static Task<List<SshKeyId>> OldestAsync(MooringDb db, Caller caller, CancellationToken ct) => db.SshKeys
        .Where(key => key.UserId == caller.UserId)
        .OrderBy(key => key.CreatedAt)
        .ThenBy(key => key.Id)
        .Take(1)
        .Select(key => key.Id)
        .ToListAsync(ct);

    private static Task<int> PromoteAsync(
        MooringDb db, IReadOnlyList<SshKeyId> ids, DateTimeOffset now, CancellationToken ct) =>
        db.SshKeys.Where(key => ids.Contains(key.Id)).ExecuteUpdateAsync(
            set => set
                .SetProperty(key => key.IsPrimary, true)
                .SetProperty(key => key.UpdatedAt, now)
                .SetProperty(key => key.Version, key => key.Version + 1),
            ct);

    private static async Task<SshKey?> FindAsync(MooringDb db, Caller caller, string text, CancellationToken ct) =>
        ResourceIds.ParseSshKey(text) is { } id
            ? await db.SshKeys.AsNoTracking()
                .SingleOrDefaultAsync(key => key.Id == id && key.UserId == caller.UserId, ct)
            : null;

    private static Contract.V1.SshKey Wire(SshKey key) => new()
    {
        Id = key.Id.Value,
        UserId = key.UserId.Value,
        Name = key.Name,
        PublicKey = key.PublicKey,
        IsPrimary = key.IsPrimary,
        IsUserKey = true,
        CreatedAt = key.CreatedAt,
        UpdatedAt = key.UpdatedAt,
    };
}
