using Mooring.Contract.Native;

namespace Mooring.Client;

// API keys, which the compatible contract has no room for. They need the section keys; another user's need admin.
public sealed partial class MooringClient
{
    /// <summary>The user's API keys, without their secrets; revoked and expired ones too.</summary>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<Key>> ListKeysAsync(CancellationToken ct = default) =>
        (await _api.GetAsync($"{Native}keys", ApiTransport.Json.KeyList, ct)).Data;

    /// <summary>Another user's API keys, in the same form. Needs <c>admin:read</c>.</summary>
    /// <param name="user">The user's id.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<Key>> ListUserKeysAsync(string user, CancellationToken ct = default) =>
        (await _api.GetAsync(
            $"{Native}keys{new QueryString().Add("user_id", user)}", ApiTransport.Json.KeyList, ct)).Data;

    /// <summary>
    /// Makes a key. Its secret is in this answer and nowhere else: where the connection broke and the request was sent
    /// once more, <see cref="CreatedKey.Key"/> may be null, and <see cref="CreatedKey.Detail"/> says what to do.
    /// </summary>
    /// <param name="request">Its name, and what it may do.</param>
    /// <param name="ct">Ends the call; the key may have been made nonetheless.</param>
    public Task<CreatedKey> CreateKeyAsync(CreateKeyRequest request, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Post,
            $"{Native}keys",
            request,
            ApiTransport.Json.CreateKeyRequest,
            ApiTransport.Json.CreatedKey,
            idempotencyKey: null,
            ct);

    /// <summary>Has a key refused until it is enabled again, or enables it.</summary>
    /// <param name="prefix">Its prefix, 12 hexadecimal digits.</param>
    /// <param name="isDisabled">Whether it shall be refused.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<Key> SetKeyDisabledAsync(string prefix, bool isDisabled, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Patch,
            $"{Native}keys/{ApiTransport.Segment(prefix)}",
            new UpdateKeyRequest { IsDisabled = isDisabled },
            ApiTransport.Json.UpdateKeyRequest,
            ApiTransport.Json.Key,
            idempotencyKey: null,
            ct);

    /// <summary>Revokes a key: it is refused from the next request on.</summary>
    /// <param name="prefix">Its prefix, 12 hexadecimal digits.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<RevokedKey> RevokeKeyAsync(string prefix, CancellationToken ct = default) =>
        _api.DeleteAsync($"{Native}keys/{ApiTransport.Segment(prefix)}", ApiTransport.Json.RevokedKey, ct);
}
