using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Audit;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary>What <see cref="AdminReset"/> did.</summary>
/// <param name="UserName">The operator whose key it is.</param>
/// <param name="UserEmail">The operator's mail address.</param>
/// <param name="KeyFile">The file that has the new key.</param>
/// <param name="Revoked">How many other keys that could do an operator's work were revoked.</param>
public sealed record AdminResetResult(string UserName, string UserEmail, string KeyFile, int Revoked);

/// <summary>
/// Gives the operator of this machine a way back in where every admin key is lost. Whoever can write the records could
/// do that anyway. Only while no server runs on them: one would know nothing of it.
/// </summary>
public static class AdminReset
{
    /// <summary>Makes an admin key for an operator, and writes it into the data directory's key file.</summary>
    /// <param name="recordsPath">The SQLite file.</param>
    /// <param name="dataDirectory">Where the key file is.</param>
    /// <param name="email">Who shall be the operator; the first ADMIN there was, if null.</param>
    /// <param name="revokesOthers">Whether every other key with the permission admin is revoked.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Cancellation.</param>
    /// <exception cref="InvalidOperationException">
    /// The records are not up to date, or have no such user; its message says what to do.
    /// </exception>
    /// <exception cref="SqliteException">The records can't be read or written.</exception>
    public static async Task<AdminResetResult> RunAsync(
        string recordsPath,
        string dataDirectory,
        string? email,
        bool revokesOthers,
        TimeProvider time,
        CancellationToken ct)
    {
        var options = new DbContextOptionsBuilder<MooringDb>();
        options.UseSqlite(
            new SqliteConnectionStringBuilder
            {
                DataSource = recordsPath,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString(),
            sqlite => sqlite.MigrationsAssembly(Records.SqliteMigrations));
        await using var db = new MooringDb(options.Options);
        if ((await db.Database.GetPendingMigrationsAsync(ct)).Any())
        {
            throw new InvalidOperationException(
                "the records are of an older Mooring: start mooringd on them once, then try again");
        }

        var user = await OperatorAsync(db, email, ct);
        var secret = ApiKey.NewSecret();
        // The file first: a key in the records whose text nobody has would be worth nothing.
        var file = await AdminKeyFile.WriteAsync(dataDirectory, secret, ct);
        var now = time.Now();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Users.Where(one => one.Id == user.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(one => one.Role, UserRoles.Admin)
                .SetProperty(one => one.DisabledAt, (DateTimeOffset?)null),
            ct);
        var admin = ApiKey.Permit((Section.Admin, Access.Read));
        var revoked = !revokesOthers
            ? 0
            : await db.ApiKeys.Where(key => key.RevokedAt == null && (key.Permissions & admin) != 0)
                .ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), ct);
        db.ApiKeys.Add(ApiKey.Of(
            secret, "made by mooringd reset-admin", user.Id, user.AccountId, ApiKey.AllPermissions, now));
        var entry = new AuditEntry
        {
            At = now,
            UserId = user.Id,
            AccountId = user.AccountId,
            RequestId = "",
            Action = "resetAdmin",
            Target = ApiKey.PrefixOf(secret),
            Status = StatusCodes.Status200OK,
            Words = $"By 'mooringd reset-admin', on the server's machine; {revoked} other keys were revoked.",
        };
        await db.InsertAsync(entry, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new AdminResetResult(user.Name, user.Email, file, revoked);
    }

    private static async Task<User> OperatorAsync(MooringDb db, string? email, CancellationToken ct) =>
        await db.Users.AsNoTracking()
            .Where(user => email == null ? user.Role == UserRoles.Admin : user.Email == email)
            .OrderBy(user => user.DisabledAt != null)
            .ThenBy(user => user.CreatedAt)
            .FirstOrDefaultAsync(ct)
        ?? throw new InvalidOperationException(email is null
            ? "there is no user who is an ADMIN: name one with --user"
            : $"there is no user with the mail address '{email}'");
}
