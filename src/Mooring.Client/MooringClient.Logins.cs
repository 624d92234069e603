using Mooring.Contract.Native;

namespace Mooring.Client;

// Logins that were asked for with `prime login`. All need the section admin.
public sealed partial class MooringClient
{
    /// <summary>Who waits for a key, newest first, without the codes.</summary>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<LoginRequest>> ListLoginRequestsAsync(CancellationToken ct = default) =>
        (await _api.GetAsync($"{Native}login-requests", ApiTransport.Json.LoginRequestList, ct)).Data;

    /// <summary>The login request with this code.</summary>
    /// <param name="code">The code, as whoever asked reads it out.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<LoginRequest> GetLoginRequestAsync(string code, CancellationToken ct = default) =>
        _api.GetAsync($"{Native}login-requests/{ApiTransport.Segment(code)}", ApiTransport.Json.LoginRequest, ct);

    /// <summary>
    /// Makes a key of the caller's user for whoever asked. Nobody else gets its text, the caller included. Refused with
    /// 409 where the request was settled before.
    /// </summary>
    /// <param name="code">The code, as whoever asked reads it out.</param>
    /// <param name="request">What the key may do, and for how long.</param>
    /// <param name="ct">Ends the call; the key may have been made nonetheless.</param>
    public Task<ApprovedLogin> ApproveLoginRequestAsync(
        string code, ApproveLoginRequest request, CancellationToken ct = default) =>
        _api.SendAsync(
            HttpMethod.Post,
            $"{Native}login-requests/{ApiTransport.Segment(code)}/approve",
            request,
            ApiTransport.Json.ApproveLoginRequest,
            ApiTransport.Json.ApprovedLogin,
            idempotencyKey: null,
            ct);

    /// <summary>Denies a login request.</summary>
    /// <param name="codeOrId">Its code, or its id.</param>
    /// <param name="ct">Ends the call.</param>
    public Task<LoginRequest> DenyLoginRequestAsync(string codeOrId, CancellationToken ct = default) =>
        _api.PostAsync(
            $"{Native}login-requests/{ApiTransport.Segment(codeOrId)}/deny", ApiTransport.Json.LoginRequest, ct);
}
