using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Logins;

/// <summary>A login that was asked for, and what only its asker is told.</summary>
/// <param name="Id">The request's.</param>
/// <param name="Code">To be approved by.</param>
/// <param name="Token">What the result is asked for with.</param>
/// <param name="GaveWay">Id of the request that this one took the place of; null for none.</param>
internal sealed record AskedLogin(string Id, string Code, string Token, string? GaveWay);

/// <summary>A login that was approved, and the key that was made.</summary>
internal sealed record SettledLogin(LoginRequest Request, ApiKey Key);

/// <summary>Takes login requests, lets them be approved or denied, and hands out what was sealed.</summary>
internal sealed class LoginRequests(Database database, KeyLookup keys, TimeProvider time)
{
    /// <summary>Requests that have not ended, of the whole server.</summary>
    public const int OfServerMost = 100;

    /// <summary>And of one network address.</summary>
    public const int OfAddressMost = 5;

    // Looked for each minute, so it costs no write where there is none.
    private static readonly Statement<string> AnyEnded = new(
        "SELECT id FROM login_requests WHERE expires_at <= @now LIMIT 1", ["@now"], row => row.GetString(0));

    /// <summary>
    /// Anybody may ask, so few are taken, and each only for a while. Where the server has as many as there may be, one
    /// that waits gives way to whoever has fewer: see <see cref="MakeRoomAsync"/>.
    /// </summary>
    public async Task<Result<AskedLogin>> AskAsync(
        byte[] publicKey, IPAddress from, string? userAgent, CancellationToken ct)
    {
        var (code, token) = (LoginCode.New(), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        var now = time.Now();
        var request = new LoginRequest
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
            CodeHash = LoginCode.HashOf(code)!,
            TokenHash = LoginCode.Hash(token),
            PublicKey = publicKey,
            Address = from.Plain().ToString(),
            Network = from.Network(),
            UserAgent = userAgent is null ? null : Printable.Of(userAgent, LoginRequestTable.UserAgentLengthMost),
            CreatedAt = now,
            ExpiresAt = now + LoginRequest.Lifetime,
        };
        IReadOnlyList<string> revoked = [];
        string? gaveWay = null;
        var asked = await database.TryWriteAsync<LoginRequest>(
            async (db, ct2) =>
            {
                // One at a time, so that there are never more than so many.
                await db.LockInstallationAsync(ct2);
                revoked = await ForgetEndedAsync(db, now, ct2);
                var own = await db.LoginRequests.CountAsync(one => one.Network == request.Network, ct2);
                if (own >= OfAddressMost)
                {
                    return new TooManyLoginRequests(OfAddressMost, "this address");
                }

                gaveWay = null;
                if (await db.LoginRequests.CountAsync(ct2) >= OfServerMost)
                {
                    gaveWay = await MakeRoomAsync(db, own, ct2);
                    if (gaveWay is null)
                    {
                        return new TooManyLoginRequests(OfServerMost, "this server");
                    }
                }

                await db.InsertAsync(request, ct2);
                return request;
            },
            ct);
        Forget(revoked);
        return asked.Failed ? asked.Error : new AskedLogin(request.Id, code, token, gaveWay);
    }

    /// <summary>Forgets what has ended, and revokes the keys that nobody came for.</summary>
    /// <returns>Their prefixes.</returns>
    public async Task<IReadOnlyList<string>> ForgetEndedAsync(CancellationToken ct)
    {
        var now = time.Now();
        if (await database.QueryAsync(AnyEnded, [Clock.ToMicroseconds(now)], ct) is [])
        {
            return [];
        }

        var revoked = await database.WriteAsync(
            async (db, ct2) =>
            {
                await db.LockInstallationAsync(ct2);
                return await ForgetEndedAsync(db, now, ct2);
            },
            ct);
        Forget(revoked);
        return revoked;
    }

    /// <summary>
    /// What the asker gets: null while it waits, then the sealed key. A wrong token, a code that is none, and a request
    /// that was denied or has ended are one and the same.
    /// </summary>
    public async Task<Result<byte[]?>> CollectAsync(string code, string token, CancellationToken ct)
    {
        var now = time.Now();
        await using var db = await database.ReadAsync(ct);
        if (await FindAsync(db, code, now, ct) is not { DeniedAt: null } request || !request.HasToken(token))
        {
            return new LoginRequestNotFound();
        }

        if (request is { SealedKey: not null, CollectedAt: null })
        {
            // What has ended meanwhile has had its key revoked.
            var collected = await database.WriteAsync(
                (writer, ct2) => writer.LoginRequests
                    .Where(one => one.Id == request.Id && one.ExpiresAt > now)
                    .ExecuteUpdateAsync(set => set.SetProperty(one => one.CollectedAt, now), ct2),
                ct);
            if (collected == 0)
            {
                return new LoginRequestNotFound();
            }
        }

        return Result<byte[]?>.Of(request.SealedKey);
    }

    public async Task<IReadOnlyList<LoginRequest>> ListAsync(CancellationToken ct)
    {
        var now = time.Now();
        await using var db = await database.ReadAsync(ct);
        return await db.LoginRequests.AsNoTracking()
            .Where(request => request.ExpiresAt > now)
            .OrderByDescending(request => request.CreatedAt)
            .ThenBy(request => request.Id)
            .Take(OfServerMost)
            .ToListAsync(ct);
    }

    /// <summary>The one with this code, to be looked at before it is approved.</summary>
    public async Task<LoginRequest?> FindAsync(string code, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await FindAsync(db, code, time.Now(), ct);
    }

    /// <summary>
    /// Makes a key for the approver's own user, and keeps it for the asker alone. The caller has checked that the
    /// approver has what it gives.
    /// </summary>
    public async Task<Result<SettledLogin>> ApproveAsync(
        string code,
        CreateKeyRequest wish,
        int permissions,
        Caller caller,
        Keep<SettledLogin> keep,
        CancellationToken ct)
    {
        var secret = ApiKey.NewSecret();
        var now = time.Now();
        return await database.TryWriteAsync<SettledLogin>(
            async (db, ct2) =>
            {
                await db.LockUserAsync(caller.UserId, ct2);
                if (await FindAsync(db, code, now, ct2) is not { } request)
                {
                    return new LoginRequestNotFound();
                }

                if (await KeyChanges.WhyNoMoreAsync(db, caller.UserId, ct2) is { } full)
                {
                    return full;
                }

                var name = wish.Name ?? $"prime login from {request.Address}";
                var key = ApiKey.Of(secret, name, caller.UserId, caller.AccountId, permissions, now) with
                {
                    TeamId = caller.TeamId,
                    ExpiresAt = wish.ExpiresAt ?? caller.KeyExpiresAt,
                };
                var approved = request.Approve(key.Prefix, SealingKey.Seal(request.PublicKey, secret), now);
                if (approved.Failed || !await SettleAsync(db, approved.Value, ct2))
                {
                    return approved.Error ?? new LoginRequestSettled(request.Id, "settled");
                }

                await db.InsertAsync(key, ct2);
                return new SettledLogin(approved.Value, key);
            },
            keep,
            ct);
    }

    /// <summary>Denies one by its code; an operator by its id, too.</summary>
    public Task<Result<LoginRequest>> DenyAsync(
        string codeOrId, Caller caller, Keep<LoginRequest> keep, CancellationToken ct) =>
        database.TryWriteAsync<LoginRequest>(
            async (db, ct2) =>
            {
                var now = time.Now();
                var request = await FindAsync(db, codeOrId, now, ct2);
                if (request is null && caller.ChangesAll)
                {
                    request = await db.LoginRequests.AsNoTracking()
                        .SingleOrDefaultAsync(one => one.Id == codeOrId && one.ExpiresAt > now, ct2);
                }

                if (request is null)
                {
                    return new LoginRequestNotFound();
                }

                var denied = request.Deny(now);
                return denied.Failed || request.DeniedAt is not null || await SettleAsync(db, denied.Value, ct2)
                    ? denied
                    : new LoginRequestSettled(request.Id, "settled");
            },
            keep,
            ct);

    private void Forget(IReadOnlyList<string> revoked)
    {
        foreach (var prefix in revoked)
        {
            keys.Forget(prefix);
        }
    }

    // Whoever is quicker settles it; the other is told.
    private static async Task<bool> SettleAsync(MooringDb db, LoginRequest settled, CancellationToken ct) =>
        await db.LoginRequests
            .Where(one => one.Id == settled.Id && one.ApprovedAt == null && one.DeniedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(one => one.ApprovedAt, settled.ApprovedAt)
                    .SetProperty(one => one.DeniedAt, settled.DeniedAt)
                    .SetProperty(one => one.KeyPrefix, settled.KeyPrefix)
                    .SetProperty(one => one.SealedKey, settled.SealedKey)
                    .SetProperty(one => one.ExpiresAt, settled.ExpiresAt),
                ct) == 1;

    private static async Task<LoginRequest?> FindAsync(
        MooringDb db, string code, DateTimeOffset now, CancellationToken ct) =>
        LoginCode.HashOf(code) is { } hash
        && await db.LoginRequests.AsNoTracking().SingleOrDefaultAsync(one => one.CodeHash == hash, ct)
            is { } request && !request.IsOver(now)
            ? request
            : null;

    /// <summary>
    /// Takes out the oldest request that waits, of the network that has most of them, so that a few networks do not
    /// keep out all others. What was approved stays: somebody with a key stands for it.
    /// </summary>
    /// <returns>The one that gave way; null where no network has more than whoever asks: there is no room.</returns>
    private static async Task<string?> MakeRoomAsync(MooringDb db, int own, CancellationToken ct)
    {
        var waiting = await db.LoginRequests
            .Where(one => one.ApprovedAt == null)
            .Select(one => new { one.Id, one.Network, one.CreatedAt })
            .Take(OfServerMost)
            .ToListAsync(ct);
        var oldest = waiting.GroupBy(one => one.Network)
            .Select(network => (Count: network.Count(), Oldest: network.MinBy(one => one.CreatedAt)!))
            .Where(network => network.Count > own)
            .OrderByDescending(network => network.Count)
            .ThenBy(network => network.Oldest.CreatedAt)
            .FirstOrDefault().Oldest;
        return oldest is not null
            // It may be approved just now.
            && await db.LoginRequests.Where(one => one.Id == oldest.Id && one.ApprovedAt == null)
                .ExecuteDeleteAsync(ct) == 1
            ? oldest.Id
            : null;
    }

    // What has ended is gone, and a key that nobody came for with it: nobody else could ever use it.
    private static async Task<IReadOnlyList<string>> ForgetEndedAsync(
        MooringDb db, DateTimeOffset now, CancellationToken ct)
    {
        var left = await db.LoginRequests
            .Where(one => one.ExpiresAt <= now && one.KeyPrefix != null && one.CollectedAt == null)
            .Select(one => one.KeyPrefix!)
            .ToListAsync(ct);
        if (left.Count > 0)
        {
            await db.ApiKeys.Where(key => left.Contains(key.Prefix) && key.RevokedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), ct);
        }

        await db.LoginRequests.Where(one => one.ExpiresAt <= now).ExecuteDeleteAsync(ct);
        return left;
    }
}
