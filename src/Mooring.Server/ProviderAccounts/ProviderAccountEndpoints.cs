using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;
using Account = Mooring.Contract.Native.ProviderAccount;

namespace Mooring.Server.ProviderAccounts;

/// <summary><c>/api/mooring/v1/providers</c>: accounts at clouds, added and changed while the server runs.</summary>
internal static class ProviderAccountEndpoints
{
    private const int RowsAtMost = 1_000;

    public static IEndpointRouteBuilder MapProviderAccounts(this IEndpointRouteBuilder routes)
    {
        var accounts = routes.MapGroup("/api/mooring/v1/providers").RequirePermission(Section.Admin);
        accounts.MapGet("/", ListAsync)
            .Describe("listProviderAccounts", "Every provider account, without its credential.");
        accounts.MapPost("/", AddAsync).Creates()
            .Describe("addProviderAccount", "Adds an account at a cloud, once it was tried and lets us in.")
            .Refuses(
                typeof(ProviderAccountExists),
                typeof(ProviderCredentialInUse),
                typeof(ProviderAccountLetsNobodyIn),
                typeof(ProviderAccountNotTried));
        accounts.MapPost("/{id}/test", TestAsync)
            .Describe("testProviderAccount", "Asks an account for what only reads, and says how each call went.")
            .Refuses(typeof(ProviderAccountNotFound), typeof(ProviderAccountNotTried));
        accounts.MapPost("/{id}/rotate", RotateAsync)
            .Describe("rotateProviderCredential", "Exchanges an account's credential; what is under way goes on.")
            .Refuses(
                typeof(ProviderAccountNotFound),
                typeof(ProviderAccountIsSetUpElsewhere),
                typeof(ProviderCredentialInUse),
                typeof(ProviderAccountLetsNobodyIn),
                typeof(ProviderAccountNotTried));
        accounts.MapPost("/{id}/disable", DisableAsync)
            .Describe("disableProviderAccount", "Has nothing new made at an account; what is there goes on.")
            .Refuses(typeof(ProviderAccountNotFound));
        accounts.MapPost("/{id}/enable", EnableAsync)
            .Describe("enableProviderAccount", "Has new disks and instances made at an account again.")
            .Refuses(typeof(ProviderAccountNotFound));
        return routes;
    }

    private static async Task<Answer<ProviderAccountList>> ListAsync(Database database, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var rows = await db.ProviderAccounts.AsNoTracking()
            .OrderBy(account => account.Type)
            .ThenBy(account => account.CreatedAt)
            .ThenBy(account => account.Id)
            .Take(RowsAtMost)
            .ToListAsync(ct);
        return new ProviderAccountList([.. rows.Select(ToWire)]);
    }

    private static async Task<Answer<Account>> AddAsync(
        JsonBody<AddProviderAccountRequest> body, Once once, AccountChanges accounts, CancellationToken ct)
    {
        var added = await accounts.AddAsync(
            body.Value, once.Keep<ProviderAccount, Account>(Created, ChangeWords.Of), ct);
        return added.Failed ? added.Error : Created(added.Value);
    }

    private static async Task<Answer<ProviderAccountTrial>> TestAsync(
        string id, AccountChanges accounts, CancellationToken ct)
    {
        var tried = await accounts.TryAsync(id, ct);
        return tried.Failed ? tried.Error : new ProviderAccountTrial(id, tried.Value.ToWire());
    }

    private static async Task<Answer<Account>> RotateAsync(
        string id, JsonBody<RotateCredentialRequest> body, Once once, AccountChanges accounts, CancellationToken ct) =>
        Of(await accounts.RotateAsync(id, body.Value, Kept(once), ct));

    private static async Task<Answer<Account>> DisableAsync(
        string id, Once once, AccountChanges accounts, CancellationToken ct) =>
        Of(await accounts.DisableAsync(id, true, Kept(once), ct));

    private static async Task<Answer<Account>> EnableAsync(
        string id, Once once, AccountChanges accounts, CancellationToken ct) =>
        Of(await accounts.DisableAsync(id, false, Kept(once), ct));

    private static Keep<ProviderAccount> Kept(Once once) =>
        once.Keep<ProviderAccount, Account>(account => ToWire(account), ChangeWords.Of);

    private static Answer<Account> Created(ProviderAccount account) => Answer<Account>.Created(ToWire(account));

    private static Answer<Account> Of(Result<ProviderAccount> changed) =>
        changed.Failed ? changed.Error : ToWire(changed.Value);

    private static Account ToWire(ProviderAccount account) => new()
    {
        Id = account.Id.Value,
        Type = account.Type,
        Name = account.Name,
        Priority = account.Priority,
        Settings = account.Settings,
        CreatedAt = account.CreatedAt,
        CredentialSetAt = account.CredentialSetAt,
        DisabledAt = account.DisabledAt,
        UnreadableSince = account.UnreadableSince,
        UnreadableReason = account.UnreadableReason,
    };
}
