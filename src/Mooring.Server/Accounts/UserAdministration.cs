using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Contract.V1;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary><c>/api/mooring/v1/users</c>: who there is. For operators.</summary>
internal static class UserAdministration
{
    private const int LimitByDefault = 100;
    private const int LimitAtMost = 1_000;

    public static IEndpointRouteBuilder MapUserAdministration(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/mooring/v1/users").RequirePermission(Section.Admin);
        users.MapGet("/", ListAsync)
            .Describe("listUsers", "Every user, oldest first.")
            .WithQuery(QueryParameter.Slice(LimitByDefault, LimitAtMost));
        users.MapPost("/", CreateAsync).Creates()
            .Describe("createUser", "Makes a user, who can do nothing before there is a key: POST keys makes one.")
            .Refuses(typeof(UserExists));
        users.MapGet("/{id}", GetAsync)
            .Describe("getUser", "One user.")
            .Refuses(typeof(UserNotFound));
        users.MapPatch("/{id}", UpdateAsync)
            .Describe("updateUser", "Changes a user's name, mail address or role, or has all of their keys refused.")
            .Refuses(typeof(UserNotFound), typeof(UserExists), typeof(LastAdmin));
        return routes;
    }

    private static async Task<Answer<ListPage<UserAccount>>> ListAsync(
        HttpContext context, Database database, CancellationToken ct)
    {
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        await using var db = await database.ReadAsync(ct);
        var page = await Rows(db)
            .OrderBy(row => row.User.CreatedAt)
            .ThenBy(row => row.User.Id)
            .Skip(slice.Offset)
            .Take(slice.Limit)
            .ToListAsync(ct);
        return new ListPage<UserAccount>
        {
            TotalCount = await db.Users.CountAsync(ct),
            Offset = slice.Offset,
            Limit = slice.Limit,
            Data = [.. page.Select(row => Wire(row.User, row.Wallet))],
        };
    }

    private static async Task<Answer<UserAccount>> CreateAsync(
        JsonBody<CreateUserRequest> body, Once once, UserChanges users, CancellationToken ct)
    {
        var made = await users.CreateAsync(
            body.Value, once.Keep<(User User, WalletId Wallet), UserAccount>(
                Created, one => ChangeWords.Of(one.User)), ct);
        return made.Failed ? made.Error : Created(made.Value);

        static Answer<UserAccount> Created((User User, WalletId Wallet) one) =>
            Answer<UserAccount>.Created(Wire(one.User, one.Wallet));
    }

    private static async Task<Answer<UserAccount>> GetAsync(string id, Database database, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await FindAsync(db, id, ct) is { } user ? user : new UserNotFound(id);
    }

    private static async Task<Answer<UserAccount>> UpdateAsync(
        string id,
        JsonBody<UpdateUserRequest> body,
        Trail trail,
        UserChanges users,
        Database database,
        CancellationToken ct)
    {
        var updated = await users.UpdateAsync(id, body.Value, trail.Note<Changed<User>>(ChangeWords.Of), ct);
        if (updated.Failed)
        {
            return updated.Error;
        }

        await using var db = await database.ReadAsync(ct);
        return (await FindAsync(db, id, ct))!;
    }

    private static async Task<UserAccount?> FindAsync(MooringDb db, string text, CancellationToken ct)
    {
        return ResourceIds.ParseUser(text) is { } id
            && await Rows(db).SingleOrDefaultAsync(one => one.User.Id == id, ct) is { } row
            ? Wire(row.User, row.Wallet)
            : null;
    }

    private static IQueryable<Row> Rows(MooringDb db) =>
        from user in db.Users.AsNoTracking()
        join account in db.Accounts.AsNoTracking() on user.AccountId equals account.Id
        select new Row { User = user, Wallet = account.WalletId };

    private static UserAccount Wire(User user, WalletId wallet) => new()
    {
        Id = user.Id.Value,
        Name = user.Name,
        Email = user.Email,
        Role = user.Role,
        Slug = user.Slug,
        WalletId = wallet.Value,
        CreatedAt = user.CreatedAt,
        DisabledAt = user.DisabledAt,
    };

    private sealed record Row
    {
        public required User User { get; init; }
        public required WalletId Wallet { get; init; }
    }
}
