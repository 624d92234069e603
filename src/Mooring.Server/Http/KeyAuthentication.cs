using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Server.Accounts;
using Mooring.Server.Persistence;

namespace Mooring.Server.Http;

/// <summary>Who is asking: the key's user, and the account whose things it sees.</summary>
internal sealed record Caller(UserId UserId, AccountId AccountId, WalletId WalletId)
{
    public static ValueTask<Caller> BindAsync(HttpContext context) =>
        ValueTask.FromResult(context.Features.Get<Caller>()
            ?? throw new InvalidOperationException(
                $"{context.Request.Path} asks for a caller but demands no permission."));
}

/// <summary>
/// A permission that an endpoint demands: reading for GET, reading and writing for the rest. It may demand several.
/// </summary>
internal sealed record Permission(Section Section);

/// <summary>
/// Checks keys. A key and its account are read together, with every request: a revoked key is refused from the next
/// request on, in every replica (architecture, section 9).
/// </summary>
internal static class KeyAuthentication
{
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, Section section)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Permission(section));

    public static IApplicationBuilder UseKeyAuthentication(this IApplicationBuilder app) =>
        app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetOrderedMetadata<Permission>() is { Count: > 0 } permissions)
        {
            var refusal = await AuthenticateAsync(context, permissions);
            if (refusal is not null)
            {
                var status = ErrorMap.StatusOf(refusal);
                if (status == StatusCodes.Status401Unauthorized)
                {
                    context.Response.Headers.WWWAuthenticate = "Bearer";
                }

                await ErrorResponses.WriteAsync(context, status, refusal.Message);
                return;
            }
        }

        await next(context);
    });

    private static async Task<MooringError?> AuthenticateAsync(
        HttpContext context, IReadOnlyList<Permission> permissions)
    {
        if (SecretIn(context.Request) is not { } secret || ApiKey.PrefixOf(secret) is not { } prefix)
        {
            return new KeyRefused();
        }

        var services = context.RequestServices;
        var row = await services.GetRequiredService<KeyLookup>().FindAsync(prefix, context.RequestAborted);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (row is null || !row.Key.Matches(secret) || !row.Key.IsUsableAt(now))
        {
            return new KeyRefused();
        }

        var access = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            ? Access.Read
            : Access.Read | Access.Write;
        if (permissions.FirstOrDefault(permission => !row.Key.Allows(permission.Section, access)) is { } missing)
        {
            return new PermissionMissing(
                missing.Section.ToWords(), access == Access.Read ? "read" : "read and write");
        }

        context.Features.Set(new Caller(row.Key.UserId, row.Key.AccountId, row.WalletId));
        return null;
    }

    private static string? SecretIn(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        return request.Headers.Authorization is [{ } header]
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
    }
}

/// <summary>
/// Finds a key by its public prefix. One compiled query a database, as a compiled query is bound to the first it meets.
/// </summary>
internal sealed class KeyLookup(Database database)
{
    private readonly Func<MooringDb, string, Task<KeyRow?>> _find =
        EF.CompileAsyncQuery((MooringDb db, string prefix) =>
        (from key in db.ApiKeys.AsNoTracking()
         join account in db.Accounts on key.AccountId equals account.Id
         where key.Prefix == prefix
         select new KeyRow(key, account.WalletId)).SingleOrDefault());

    public async Task<KeyRow?> FindAsync(string prefix, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await _find(db, prefix);
    }
}

/// <summary>A key with what a request needs of its account.</summary>
internal sealed record KeyRow(ApiKey Key, WalletId WalletId);

internal static class SectionWords
{
    /// <summary>A section as the vendor's documentation writes it, for example <c>SSH keys</c>.</summary>
    public static string ToWords(this Section section) => section == Section.SshKeys ? "SSH keys" : section.ToString();
}
