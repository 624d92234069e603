using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Mooring.Server.Persistence;

/// <summary>
/// A copy of the records while the server writes them, by SQLite's online backup
/// (https://sqlite.org/backup.html): one consistent state, in one file without a log beside it.
/// </summary>
public static partial class SqliteBackup
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // O_RDONLY | O_CLOEXEC (open(2)); the same on x86-64 and arm64.
    private const int OpenToRead = 0x80000;

    /// <summary>
    /// Writes the copy. It has its name only when it is whole, proven sound and on the disk; readable by its owner
    /// alone, as it holds hashes of keys and instances' environments.
    /// </summary>
    /// <param name="records">Path of the live database.</param>
    /// <param name="target">Path of the copy; never overwritten.</param>
    /// <param name="ct">Gives up between two steps; nothing is left then.</param>
    /// <exception cref="IOException">The target exists, or can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read or written.</exception>
    /// <exception cref="SqliteException">The records can't be read.</exception>
    /// <exception cref="InvalidDataException">
    /// The copy is not sound, as the records aren't; it was not kept.
    /// </exception>
    public static async Task WriteAsync(string records, string target, CancellationToken ct)
    {
        target = Path.GetFullPath(target);
        if (Path.Exists(target))
        {
            throw new IOException($"{target} exists already, and a backup overwrites nothing.");
        }

        // Beside the target, as only within a file system a name can be given at once. A second backup to the same name
        // is told apart by this one's process.
        var partial = $"{target}.{Environment.ProcessId}.partial";
        try
        {
            await using (new FileStream(partial, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                UnixCreateMode = OwnerOnly,
            }))
            {
                // Made with its mode before anything is in it.
            }

            await Task.Run(() => Copy(records, partial, ct), ct);
            Flush(partial);
            // Fails if the target has come into being meanwhile.
            File.Move(partial, target, overwrite: false);
            FlushDirectory(Path.GetDirectoryName(target)!);
        }
        finally
        {
            foreach (var end in new[] { "", "-journal", "-wal", "-shm" })
            {
                File.Delete(partial + end);
            }
        }
    }

    private static void Copy(string records, string partial, CancellationToken ct)
    {
        using var source = Open(records, SqliteOpenMode.ReadOnly);
        using var copy = Open(partial, SqliteOpenMode.ReadWrite);
        // All pages in one step, under one read transaction: with the write-ahead log that keeps no writer waiting, and
        // a copy in several steps would begin anew at each write.
        source.BackupDatabase(copy);
        ct.ThrowIfCancellationRequested();
        // The copy says of itself that it has a write-ahead log, as the source does; it shall be one file.
        Ask(copy, "PRAGMA journal_mode = DELETE");
        var words = Soundness(copy);
        if (words != "ok")
        {
            throw new InvalidDataException($"The records are damaged: {words}");
        }
    }

    // What is damaged badly enough ends the check itself.
    private static string? Soundness(SqliteConnection connection)
    {
        try
        {
            return Ask(connection, "PRAGMA integrity_check(1)");
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == RecordsCheck.Corrupt)
        {
            return exception.Message;
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        connection.Open();
        return connection;
    }

    private static string? Ask(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        return command.ExecuteScalar() as string;
    }

    private static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    // The name itself is on the disk only once its directory is (fsync(2), "Notes").
    private static void FlushDirectory(string path)
    {
        using var directory = open(path, OpenToRead);
        if (directory.IsInvalid || fsync(directory) != 0)
        {
            throw new IOException($"{path} can't be flushed: {new Win32Exception().Message}");
        }
    }

#pragma warning disable IDE1006 // the C library's own names
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial Microsoft.Win32.SafeHandles.SafeFileHandle open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(Microsoft.Win32.SafeHandles.SafeFileHandle file);
#pragma warning restore IDE1006
}
