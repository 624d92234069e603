using Mooring.Contract.Native;

namespace Mooring.Client;

// Accounts at clouds, which the compatible contract has no room for. All but the offers need the section admin.
public sealed partial class MooringClient
{
    /// <summary>Every provider account, without its credential.</summary>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<ProviderAccount>> ListProviderAccountsAsync(CancellationToken ct = default) =>
        (await _api.GetAsync($"{Native}providers", ApiTransport.Json.ProviderAccountList, ct)).Data;

    /// <summary>Adds an account at a cloud, once it was tried and lets Mooring in.</summary>
    /// <param name="request">Its type, name and credential.</param>
    /// <param name="ct">Ends the call; the account may have been added nonetheless.</param>
    public Task<ProviderAccount> AddProviderAccountAsync(
        AddProviderAccountRequest request, CancellationToken ct = default) => _api.SendAsync(
            HttpMethod.Post,
            $"{Native}providers",
            request,
            ApiTransport.Json.AddProviderAccountRequest,
            ApiTransport.Json.ProviderAccount,
            idempotencyKey: null,
            ct);

    /// <summary>Asks an account for what only reads, and says how each call went.</summary>
    /// <param name="id">The account's id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<ProviderAccountTrial> TestProviderAccountAsync(string id, CancellationToken ct = default) =>
        _api.PostAsync(ProviderPath(id, "test"), ApiTransport.Json.ProviderAccountTrial, ct);

    /// <summary>Exchanges an account's credential; what is under way there goes on.</summary>
    /// <param name="id">The account's id.</param>
    /// <param name="request">The new credential.</param>
    /// <param name="ct">Ends the call; the credential may have been exchanged nonetheless.</param>
    public Task<ProviderAccount> RotateProviderCredentialAsync(
        string id, RotateCredentialRequest request, CancellationToken ct = default) => _api.SendAsync(
            HttpMethod.Post,
            ProviderPath(id, "rotate"),
            request,
            ApiTransport.Json.RotateCredentialRequest,
            ApiTransport.Json.ProviderAccount,
            idempotencyKey: null,
            ct);

    /// <summary>Has nothing new made at an account; what is there goes on.</summary>
    /// <param name="id">The account's id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<ProviderAccount> DisableProviderAccountAsync(string id, CancellationToken ct = default) =>
        _api.PostAsync(ProviderPath(id, "disable"), ApiTransport.Json.ProviderAccount, ct);

    /// <summary>Has new disks and instances made at an account again.</summary>
    /// <param name="id">The account's id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<ProviderAccount> EnableProviderAccountAsync(string id, CancellationToken ct = default) =>
        _api.PostAsync(ProviderPath(id, "enable"), ApiTransport.Json.ProviderAccount, ct);

    /// <summary>What each provider account offers, as of its last answer.</summary>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<AccountOffers>> ListAccountOffersAsync(CancellationToken ct = default) =>
        (await _api.GetAsync($"{Native}offers", ApiTransport.Json.AccountOffersList, ct)).Data;

    private static string ProviderPath(string id, string verb) =>
        $"{Native}providers/{ApiTransport.Segment(id)}/{verb}";
}
