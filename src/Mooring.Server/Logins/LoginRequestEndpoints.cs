using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Audit;
using Mooring.Server.Http;

namespace Mooring.Server.Logins;

/// <summary><c>/api/mooring/v1/login-requests</c>: who asks to be let in, and what becomes of it.</summary>
internal static partial class LoginRequestEndpoints
{
    public static IEndpointRouteBuilder MapLoginRequests(this IEndpointRouteBuilder routes)
    {
        // Who has the code may let its asker in as themselves; who has not sees no request but as an operator.
        var requests = routes.MapGroup("/api/mooring/v1/login-requests");
        requests.MapGet("/", ListAsync).RequirePermission(Section.Admin)
            .Describe("listLoginRequests", "Who ran 'prime login' and waits for a key, without the codes.");
        requests.MapGet("/{code}", ReadAsync).RequirePermission(Section.Keys)
            .Describe("readLoginRequest", "The login request with this code: where it came from, and when.")
            .Refuses(typeof(LoginRequestNotFound));
        requests.MapPost("/{code}/approve", ApproveAsync).RequirePermission(Section.Keys)
            .Describe("approveLoginRequest", "Makes a key of your own user's for whoever asked, and for nobody else.")
            .Refuses(
                typeof(LoginRequestNotFound),
                typeof(LoginRequestSettled),
                typeof(PermissionMissing),
                typeof(TooManyKeys));
        requests.MapPost("/{code}/deny", DenyAsync).RequirePermission(Section.Keys)
            .Describe("denyLoginRequest", "Denies a login request, by its code; with admin:write by its id, too.")
            .Refuses(typeof(LoginRequestNotFound), typeof(LoginRequestSettled));
        return routes;
    }

    private static async Task<Answer<LoginRequestList>> ListAsync(LoginRequests logins, CancellationToken ct) =>
        new LoginRequestList([.. (await logins.ListAsync(ct)).Select(Wire)]);

    private static async Task<Answer<Contract.Native.LoginRequest>> ReadAsync(
        string code, LoginRequests logins, CancellationToken ct) =>
        await logins.FindAsync(code, ct) is { } request ? Wire(request) : new LoginRequestNotFound();

    private static async Task<Answer<ApprovedLogin>> ApproveAsync(
        string code,
        JsonBody<ApproveLoginRequest> body,
        Caller caller,
        Once once,
        LoginRequests logins,
        TimeProvider time,
        ILogger<LoginRequests> logger,
        CancellationToken ct)
    {
        var wish = new CreateKeyRequest
        {
            Name = body.Value.Name,
            Permissions = body.Value.Permissions,
            ExpiresAt = body.Value.ExpiresAt,
        };
        // The rules for keys, of which only the name is not demanded here.
        var wanted = KeyChanges.Check(wish with { Name = wish.Name ?? "unnamed" }, caller, time.Now());
        if (wish.Permissions is null)
        {
            // Whoever logs in so uses disks and instances; who shall let others in is given a key by hand.
            wanted &= ~ApiKey.Permit(
                (Section.Admin, Access.Read | Access.Write), (Section.Keys, Access.Read | Access.Write));
            var faults = new Faults();
            faults.Check(
                wanted != 0, "body.permissions", "is required, as your key has no permission but admin and keys");
            faults.Throw();
        }

        if (KeyChanges.LackedBy(caller, wanted) is { } lacked)
        {
            return lacked;
        }

        var approved = await logins.ApproveAsync(
            code,
            wish,
            wanted,
            caller,
            once.Keep<SettledLogin, ApprovedLogin>(login => Wire(login), ChangeWords.Of),
            ct);
        if (approved.Failed)
        {
            return approved.Error;
        }

        var (request, key) = (approved.Value.Request, approved.Value.Key);
        LogSettled(logger, request.Id, request.Address, request.Status, key.Prefix);
        return Wire(approved.Value);
    }

    private static async Task<Answer<Contract.Native.LoginRequest>> DenyAsync(
        string code,
        Caller caller,
        Once once,
        LoginRequests logins,
        ILogger<LoginRequests> logger,
        CancellationToken ct)
    {
        var denied = await logins.DenyAsync(
            code,
            caller,
            once.Keep<LoginRequest, Contract.Native.LoginRequest>(request => Wire(request), ChangeWords.Of),
            ct);
        if (denied.Failed)
        {
            return denied.Error;
        }

        LogSettled(logger, denied.Value.Id, denied.Value.Address, denied.Value.Status, "none");
        return Wire(denied.Value);
    }

    private static ApprovedLogin Wire(SettledLogin login) => new()
    {
        Id = login.Request.Id,
        Address = login.Request.Address,
        KeyPrefix = login.Key.Prefix,
        Permissions = Sections.ToWire(login.Key.Permissions),
        KeyExpiresAt = login.Key.ExpiresAt,
        CollectBefore = login.Request.ExpiresAt,
    };

    private static Contract.Native.LoginRequest Wire(LoginRequest request) => new()
    {
        Id = request.Id,
        Status = request.Status,
        Address = request.Address,
        UserAgent = request.UserAgent,
        CreatedAt = request.CreatedAt,
        ExpiresAt = request.ExpiresAt,
    };

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Login request {LoginRequest} from {Address} is {Status}; its key is {Key}")]
    private static partial void LogSettled(
        ILogger logger, string loginRequest, string address, string status, string key);
}
