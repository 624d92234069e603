using System.Globalization;
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

    /// <summary>What an account says that it charged in some days, and a page of what for.</summary>
    /// <param name="id">The account's id.</param>
    /// <param name="from">The first day, UTC; the first of the last day's month where null.</param>
    /// <param name="to">The last day, UTC; today where null.</param>
    /// <param name="offset">How many things to leave out.</param>
    /// <param name="limit">How many at the most, 1 to 500.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<ProviderCharges> ReadProviderChargesAsync(
        string id,
        DateOnly? from = null,
        DateOnly? to = null,
        int offset = 0,
        int limit = 50,
        CancellationToken ct = default) => _api.GetAsync(
            ProviderPath(id, "charges") + new QueryString()
                .Add("from", from?.ToString("O", CultureInfo.InvariantCulture))
                .Add("to", to?.ToString("O", CultureInfo.InvariantCulture))
                .Add("offset", offset)
                .Add("limit", limit),
            ApiTransport.Json.ProviderCharges,
            ct);

    /// <summary>Has an account asked now what it charges.</summary>
    /// <param name="id">The account's id.</param>
    /// <param name="ct">Ends the call; what was read may have been stored nonetheless.</param>
    public Task<ChargesReading> ReadChargesNowAsync(string id, CancellationToken ct = default) =>
        _api.PostAsync(ProviderPath(id, "charges/read"), ApiTransport.Json.ChargesReading, ct);

    private static string ProviderPath(string id, string verb) =>
        $"{Native}providers/{ApiTransport.Segment(id)}/{verb}";
}
