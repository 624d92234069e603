using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;

namespace Mooring.Server.Tests.Persistence;

public sealed class MigrationTests
{
    [Theory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.PostgreSql)]
    public async Task An_empty_database_is_brought_to_the_model_and_once_more_changes_nothing(Backend backend)
    {
        var databases = await TestDatabases.CurrentAsync();
        var records = await databases.MakeBareAsync(backend);
        await using (var db = Open(records))
        {
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);

            (await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
            (await db.Disks.CountAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
            (await db.UsageSpans.CountAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
        }

        await databases.RemoveAsync(records);
    }

    [Theory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.PostgreSql)]
    public async Task The_model_has_no_change_that_no_migration_makes(Backend backend)
    {
        RecordsOptions records = backend == Backend.Sqlite
            ? new RecordsOptions.Sqlite("never-opened.db")
            : new RecordsOptions.PostgreSql("Host=never-opened");
        await using var db = Open(records);

        db.Database.HasPendingModelChanges().ShouldBeFalse();
    }

    private static MooringDb Open(RecordsOptions records)
    {
        var builder = new DbContextOptionsBuilder<MooringDb>();
        builder.UseRecords(records);
        return new MooringDb(builder.Options);
    }
}
