using Microsoft.Data.Sqlite;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Persistence;

public sealed class BackupTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_of_a_live_server_under_writes_is_sound_and_has_all_that_was_acknowledged_before()
    {
        await using var mooring = await TestMooring.StartAsync();
        List<string> before = [];
        for (var i = 0; i < 5; i++)
        {
            before.Add(await mooring.CreateDiskAsync());
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var writing = Task.Run(
            async () =>
            {
                while (!over.IsCancellationRequested)
                {
                    await mooring.CreateDiskAsync();
                }
            },
            Ct);
        var target = Path.Combine(mooring.DataDirectory, "copy.db");

        await SqliteBackup.WriteAsync(mooring.RecordsPath, target, Ct);

        await over.CancelAsync();
        await writing;
        (await RecordsCheck.RunAsync(target, Ct)).ShouldBeEmpty();
        before.ShouldBeSubsetOf(await IdsAsync(target));
        File.GetUnixFileMode(target).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(mooring.DataDirectory, "copy.db*").ShouldBe([target], "it is one file");
        (await RecordsCheck.RunAsync(mooring.RecordsPath, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_overwritten()
    {
        await using var mooring = await TestMooring.StartAsync();
        var target = Path.Combine(mooring.DataDirectory, "precious");
        await File.WriteAllTextAsync(target, "precious", Ct);

        await Should.ThrowAsync<IOException>(() => SqliteBackup.WriteAsync(mooring.RecordsPath, target, Ct));

        (await File.ReadAllTextAsync(target, Ct)).ShouldBe("precious");
    }

    [Fact]
    public async Task Damaged_records_give_no_copy_and_leave_nothing_behind()
    {
        var databases = await TestDatabases.CurrentAsync();
        var directory = databases.NewDirectory();
        var damaged = Path.Combine(directory, "damaged.db");
        var records = (RecordsOptions.Sqlite)await databases.MakeAsync(Backend.Sqlite);
        var bytes = await File.ReadAllBytesAsync(records.Path, Ct);
        await databases.RemoveAsync(records);
        // The pages after the schema's first: trees of tables and indexes.
        bytes.AsSpan(8 * 4096, 4096).Fill(0xA5);
        await File.WriteAllBytesAsync(damaged, bytes, Ct);

        var target = Path.Combine(directory, "copy.db");
        await Should.ThrowAsync<InvalidDataException>(() => SqliteBackup.WriteAsync(damaged, target, Ct));

        Directory.GetFiles(directory, "copy.db*").ShouldBeEmpty();
        (await RecordsCheck.RunAsync(damaged, Ct)).ShouldContain(words => words.StartsWith("The file is damaged"));
    }

    [Fact]
    public async Task A_backup_that_is_given_up_leaves_nothing_behind()
    {
        await using var mooring = await TestMooring.StartAsync();
        var target = Path.Combine(mooring.DataDirectory, "copy.db");
        using var over = new CancellationTokenSource();
        await over.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(
            () => SqliteBackup.WriteAsync(mooring.RecordsPath, target, over.Token));

        Directory.GetFiles(mooring.DataDirectory, "copy.db*").ShouldBeEmpty();
    }

    private static async Task<List<string>> IdsAsync(string path)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM disks";
        await using var reader = await command.ExecuteReaderAsync(Ct);
        List<string> ids = [];
        while (await reader.ReadAsync(Ct))
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }
}
