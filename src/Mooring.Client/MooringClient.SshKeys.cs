using Mooring.Contract.V1;

namespace Mooring.Client;

public sealed partial class MooringClient
{
    /// <summary>The user's SSH keys, read page by page.</summary>
    /// <param name="pageSize">Rows a request, 1 to 100.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<SshKey> ListSshKeysAsync(int pageSize = 100, CancellationToken ct = default) =>
        Paging.WalkAsync(
            async (position, token) => PageOf(await _api.GetAsync(
                $"ssh_keys/{OffsetQuery(position.Offset, pageSize)}",
                ApiTransport.Json.ListPageSshKey,
                token)),
            key => key.Id,
            ct);

    /// <summary>Adds a public key that may log in to the user's instances.</summary>
    /// <param name="name">1 to 255 characters.</param>
    /// <param name="publicKey">One line of the authorized_keys format, without options.</param>
    /// <param name="ct">Ends the call; the key may have been added nonetheless.</param>
    public Task<SshKey> CreateSshKeyAsync(string name, string publicKey, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Post,
            "ssh_keys/",
            new CreateSshKeyRequest { Name = name, PublicKey = publicKey },
            ApiTransport.Json.CreateSshKeyRequest,
            ApiTransport.Json.SshKey,
            idempotencyKey: null,
            ct);

    /// <summary>Makes a key the user's main one, in place of the one that was.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<SshKeyUpdated> MakeSshKeyPrimaryAsync(string id, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Patch,
            $"ssh_keys/{ApiTransport.Segment(id)}",
            new UpdateSshKeyRequest { IsPrimary = true },
            ApiTransport.Json.UpdateSshKeyRequest,
            ApiTransport.Json.SshKeyUpdated,
            idempotencyKey: null,
            ct);

    /// <summary>Removes a key. Instances that run already may let it in until they end.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<SshKeyDeleted> DeleteSshKeyAsync(string id, CancellationToken ct = default) =>
        _api.DeleteAsync($"ssh_keys/{ApiTransport.Segment(id)}", ApiTransport.Json.SshKeyDeleted, ct);
}
