using Mooring.Contract.Native;

namespace Mooring.Client;

// What pays: how wallets stand, what was put into them, and what happened to them. Reading needs the section billing.
public sealed partial class MooringClient
{
    private const int CreditsPage = 1_000;

    /// <summary>The user's wallet and those of the user's teams, oldest first, read page by page.</summary>
    /// <param name="mode">Only those that pay so, one of <see cref="WalletModes"/>; null for any.</param>
    /// <param name="status">Only those that stand so, one of <see cref="WalletStatuses"/>; null for any.</param>
    /// <param name="all">Whether everybody's are told, which needs <c>admin:read</c>.</param>
    /// <param name="pageSize">Rows a request, 1 to 1,000.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<PayingWallet> ListWalletsAsync(
        string? mode = null,
        string? status = null,
        bool all = false,
        int pageSize = 100,
        CancellationToken ct = default) => Paging.WalkAsync(
            async (position, token) => PageOf(await _api.GetAsync(
                $"{Native}wallets" + OffsetQuery(position.Offset, pageSize)
                    .Add("mode", mode)
                    .Add("status", status)
                    .Add("all", all ? "true" : null),
                ApiTransport.Json.ListPagePayingWallet,
                token)),
            wallet => wallet.Id,
            ct);

    /// <summary>How a wallet stands, and how far it reaches.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<PayingWallet> GetWalletAsync(string id, CancellationToken ct = default) =>
        _api.GetAsync($"{Native}wallets/{ApiTransport.Segment(id)}", ApiTransport.Json.PayingWallet, ct);

    /// <summary>
    /// Says how a wallet pays. Needs <c>admin:write</c>. To prepaid it is refused with 409 where its balance is not
    /// above zero.
    /// </summary>
    /// <param name="id">Its id.</param>
    /// <param name="mode">One of <see cref="WalletModes"/>.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<PayingWallet> SetWalletModeAsync(string id, string mode, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Patch,
            $"{Native}wallets/{ApiTransport.Segment(id)}",
            new ChangeWalletRequest { Mode = mode },
            ApiTransport.Json.ChangeWalletRequest,
            ApiTransport.Json.PayingWallet,
            idempotencyKey: null,
            ct);

    /// <summary>Books money into a wallet, or out of it where it is below zero. Needs <c>admin:write</c>.</summary>
    /// <param name="id">The wallet's id.</param>
    /// <param name="request">How much, and what for.</param>
    /// <param name="idempotencyKey">
    /// Makes a repetition within 24 hours answer the same booking instead of making another; null for one of this
    /// call's own.
    /// </param>
    /// <param name="ct">Ends the call; the money may have been booked nonetheless.</param>
    public Task<ToppedUp> TopUpWalletAsync(
        string id, TopUpRequest request, string? idempotencyKey = null, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Post,
            $"{Native}wallets/{ApiTransport.Segment(id)}/credits",
            request,
            ApiTransport.Json.TopUpRequest,
            ApiTransport.Json.ToppedUp,
            idempotencyKey,
            ct);

    /// <summary>What was put into a wallet and taken out of it, newest first, page by page as it is read.</summary>
    /// <param name="id">The wallet's id.</param>
    /// <param name="most">How many at the most, 1 or more.</param>
    /// <param name="ct">Ends the calls.</param>
    public IAsyncEnumerable<Credit> ListCreditsAsync(
        string id, int most = int.MaxValue, CancellationToken ct = default) => Paging.WalkBackAsync(
            async (before, limit, token) =>
            {
                var page = await ListCreditsPageAsync(id, before, limit, token);
                return (page.Data, page.Next);
            },
            most,
            CreditsPage,
            ct);

    /// <summary>One page of what was put into a wallet and taken out of it, newest first.</summary>
    /// <param name="id">The wallet's id.</param>
    /// <param name="before">Only bookings older than the one with this number; null for the newest.</param>
    /// <param name="limit">Rows at most, 1 to 1,000.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<CreditList> ListCreditsPageAsync(
        string id, long? before, int limit, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var query = new QueryString().Add("before", before).Add("limit", limit);
        return _api.GetAsync(
            $"{Native}wallets/{ApiTransport.Segment(id)}/credits{query}", ApiTransport.Json.CreditList, ct);
    }

    /// <summary>A wallet's whole history, oldest first, read page by page.</summary>
    /// <param name="id">The wallet's id.</param>
    /// <param name="after">The number of the event after which to begin; 0 for the first.</param>
    /// <param name="pageSize">Rows a request, 1 to 500.</param>
    /// <param name="ct">Ends the walk.</param>
    public IAsyncEnumerable<HistoryEvent> ListWalletEventsAsync(
        string id, long after = 0, int pageSize = 500, CancellationToken ct = default) => WalkEventsAsync(
            (from, token) => ListWalletEventsPageAsync(id, from, pageSize, token), after, ct);

    /// <summary>One page of a wallet's history.</summary>
    /// <param name="id">The wallet's id.</param>
    /// <param name="after">The number of the event after which to begin; 0 for the first.</param>
    /// <param name="limit">Rows at most, 1 to 500.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<HistoryPage> ListWalletEventsPageAsync(
        string id, long after, int limit, CancellationToken ct = default) =>
        EventsPageAsync("wallets", id, after, limit, ct);
}
