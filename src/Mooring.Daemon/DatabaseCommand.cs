using System.CommandLine;
using Microsoft.Data.Sqlite;
using Mooring.Server.Persistence;

namespace Mooring.Daemon;

/// <summary><c>mooringd db</c>: what an operator does with the records, also while the server runs.</summary>
internal static class DatabaseCommand
{
    public static Command Create(Option<string> data, Func<Func<Task<int>>, Task<int>> guarded)
    {
        var file = new Argument<string>("FILE") { Description = "Where to write the copy; nothing is overwritten." };
        var backup = new Command("backup", "Writes a copy of the records, also while mooringd runs.") { file };
        backup.SetAction((result, ct) => guarded(
            () => BackUpAsync(RecordsIn(result.GetRequiredValue(data)), result.GetRequiredValue(file), ct)));
        var check = new Command("check", "Says whether the records are sound and agree with themselves.");
        check.SetAction((result, ct) => guarded(() => CheckAsync(RecordsIn(result.GetRequiredValue(data)), ct)));
        return new Command("db", "The records: copies and checks.") { backup, check };
    }

    private static async Task<int> BackUpAsync(string records, string file, CancellationToken ct)
    {
        try
        {
            await SqliteBackup.WriteAsync(records, file, ct);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or SqliteException or InvalidDataException)
        {
            throw new UsageException($"There is no backup: {exception.Message}", exception);
        }

        var size = new FileInfo(file).Length;
        await Console.Out.WriteLineAsync(
            FormattableString.Invariant($"{Path.GetFullPath(file)}: {size} bytes, checked and on the disk.").AsMemory(),
            ct);
        return 0;
    }

    private static async Task<int> CheckAsync(string records, CancellationToken ct)
    {
        IReadOnlyList<string> findings;
        try
        {
            findings = await RecordsCheck.RunAsync(records, ct);
        }
        catch (SqliteException exception)
        {
            findings = [$"{records} can't be read: {exception.Message}"];
        }

        foreach (var finding in findings)
        {
            await Console.Out.WriteLineAsync(finding.AsMemory(), ct);
        }

        if (findings.Count == 0)
        {
            await Console.Out.WriteLineAsync(
                "The records are sound: file, references, schema, histories, bills and wallets.".AsMemory(), ct);
        }

        return findings.Count == 0 ? 0 : 1;
    }

    internal static string RecordsIn(string data)
    {
        var records = Path.Combine(Path.GetFullPath(data), Serving.RecordsFile);
        return File.Exists(records)
            ? records
            : throw new UsageException($"There are no records at {records}. Name their directory with --data.");
    }
}
