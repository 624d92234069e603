using Microsoft.Data.Sqlite;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Persistence;

/// <summary>Each way in which records can disagree with themselves is found, and sound ones are left alone.</summary>
public sealed class RecordsCheckTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UPDATE usage_spans SET price_hr = price_hr + 1 WHERE \"to\" IS NULL", "is not what its history says")]
    [InlineData("UPDATE usage_spans SET \"from\" = \"from\" + 1", "is not what its history says")]
    [InlineData("UPDATE usage_spans SET \"to\" = \"from\" WHERE \"to\" IS NULL", "0 usage spans open")]
    [InlineData("DELETE FROM usage_spans", "0 usage spans stored")]
    [InlineData("DELETE FROM events", "0 events")]
    [InlineData("DELETE FROM events; DELETE FROM usage_spans", "has a row and no history")]
    [InlineData("DELETE FROM disks", "has a history and no row")]
    [InlineData("UPDATE accounts SET current_disks = 7", "does not have the 7 disks")]
    [InlineData("UPDATE accounts SET current_rate = current_rate + 1", "does not cost per hour what the account says")]
    [InlineData("UPDATE wallets SET rate = rate + 1", "keeps that it spends")]
    [InlineData("UPDATE wallets SET offset_low = offset_low + 1", "keeps that it spends")]
    [InlineData("UPDATE wallets SET credit_usd = credit_usd + 1", "keeps a credit of")]
    [InlineData("UPDATE wallets SET offset_high = NULL", "start mooringd on the records once")]
    [InlineData("UPDATE disks SET price_hr = price_hr * 2", "billed at")]
    [InlineData("UPDATE disks SET status = 'DELETING'", "not billed now")]
    [InlineData("UPDATE events SET at = at - 3600000000 WHERE what = 'Ready'", "time runs backwards")]
    [InlineData("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Later', '10')", "newer Mooring")]
    [InlineData("DELETE FROM __EFMigrationsHistory", "lack the migration")]
    public async Task What_is_wrong_is_found(string sql, string words)
    {
        var path = await RecordsAsync();

        await ExecuteAsync(path, sql);

        (await RecordsCheck.RunAsync(path, Ct)).ShouldContain(finding => finding.Contains(words));
    }

    [Fact]
    public async Task What_is_sound_is_left_alone() =>
        (await RecordsCheck.RunAsync(await RecordsAsync(), Ct)).ShouldBeEmpty();

    [Fact]
    public async Task What_is_no_database_is_not_read()
    {
        var path = Path.Combine((await TestDatabases.CurrentAsync()).NewDirectory(), "text");
        await File.WriteAllTextAsync(path, new string('x', 8_192), Ct);

        await Should.ThrowAsync<SqliteException>(() => RecordsCheck.RunAsync(path, Ct));
    }

    // A server's records after some life: a disk that is, one that rests, one that is gone, and a pod.
    private static async Task<string> RecordsAsync()
    {
        await using var mooring = await TestMooring.StartAsync();
        await mooring.CreateDiskAsync();
        var rests = await mooring.CreateDiskAsync();
        (await mooring.SendAsync("POST", $"/api/mooring/v1/disks/{rests}/suspend")).ShouldBe(200);
        var gone = await mooring.CreateDiskAsync();
        (await mooring.DeleteAsync("/disks/" + gone)).ShouldBe(200);
        await mooring.ShowsAsync("/disks/" + gone, "TERMINATED");
        await mooring.CreatePodAsync(await mooring.CreateDiskAsync());
        var copy = Path.Combine((await TestDatabases.CurrentAsync()).NewDirectory(), "copy.db");
        await SqliteBackup.WriteAsync(mooring.RecordsPath, copy, Ct);
        return copy;
    }

    private static async Task ExecuteAsync(string path, string sql)
    {
        await using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the statements are this test's own
        command.CommandText = sql;
#pragma warning restore CA2100
        (await command.ExecuteNonQueryAsync(Ct)).ShouldBeGreaterThan(0);
    }
}
