using Microsoft.EntityFrameworkCore;
using Mooring.Server.Accounts;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Persistence;
using Mooring.Server.Wallets;
using Rows = Mooring.Server.Tests.Histories.Rows;

namespace Mooring.Server.Tests.Accounts;

public abstract class KeyLookupTests(Backend backend) : StoreTest(backend)
{
    protected const string Prefix = "0123456789ab";

    protected Task AddKeyAsync() => Store.AddAsync(
        new User
        {
            Id = Rows.User,
            AccountId = Rows.Account,
            Name = "ada",
            Email = "ada@localhost",
            Role = UserRoles.Admin,
            CreatedAt = Rows.Noon,
        },
        new Wallet { Id = Rows.Wallet, AccountId = Rows.Account, CreatedAt = Rows.Noon, OffsetHigh = 0, OffsetLow = 0 },
        new Account
        {
            Id = Rows.Account,
            Name = "ada",
            UserId = Rows.User,
            WalletId = Rows.Wallet,
            CreatedAt = Rows.Noon,
        },
        new ApiKey
        {
            Prefix = Prefix,
            Name = "test",
            Hash = new byte[32],
            UserId = Rows.User,
            AccountId = Rows.Account,
            Permissions = ApiKey.AllPermissions,
            CreatedAt = Rows.Noon,
        });

    /// <summary>As another process does it, which can tell this one nothing.</summary>
    protected Task RevokeAsync() => Store.Database.WriteAsync(
        (db, token) => db.ApiKeys.Where(key => key.Prefix == Prefix).ExecuteUpdateAsync(
            set => set.SetProperty(key => key.RevokedAt, Rows.Noon), token),
        Ct);
}

public sealed class KeyLookupOnSqliteTests() : KeyLookupTests(Backend.Sqlite)
{
    [Fact]
    public async Task A_key_is_read_once_until_it_changes()
    {
        var database = new CountingDatabase(Store);
        var keys = new KeyLookup(database);
        await AddKeyAsync();

        await keys.FindAsync(Prefix, Ct);
        await keys.FindAsync(Prefix, Ct);
        database.Queries.ShouldBe(1);

        keys.Forget(Prefix);
        await keys.FindAsync(Prefix, Ct);
        database.Queries.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_is_revoked_while_it_is_read_is_not_remembered()
    {
        KeyLookup? keys = null;
        var database = new CountingDatabase(Store)
        {
            AfterQuery = async () =>
            {
                await RevokeAsync();
                keys!.Forget(Prefix);
            },
        };
        keys = new KeyLookup(database);
        await AddKeyAsync();

        (await keys.FindAsync(Prefix, Ct))!.Key.RevokedAt.ShouldBeNull("it was read before");
        database.AfterQuery = null;

        (await keys.FindAsync(Prefix, Ct))!.Key.RevokedAt.ShouldNotBeNull();
    }
}

public sealed class KeyLookupOnPostgreSqlTests() : KeyLookupTests(Backend.PostgreSql)
{
    [Fact]
    public async Task What_another_replica_revoked_is_seen_at_once()
    {
        var keys = new KeyLookup(Store.Database);
        await AddKeyAsync();
        (await keys.FindAsync(Prefix, Ct))!.Key.RevokedAt.ShouldBeNull();

        await RevokeAsync();

        (await keys.FindAsync(Prefix, Ct))!.Key.RevokedAt.ShouldNotBeNull();
    }
}
