using Microsoft.Data.Sqlite;

namespace Mooring.Providers.Simulated;

/// <summary>
/// The books' file, and its one writer. Each call to the simulated place is one transaction, on the disk before it is
/// answered (WAL, synchronous=FULL): a real cloud does not forget what it has because one of its clients died.
/// </summary>
internal sealed class BookFile : IDisposable
{
    private const int Form = 1;

    private const string Schema = """
        CREATE TABLE place (id INTEGER PRIMARY KEY CHECK (id = 1), started_at INTEGER NOT NULL) STRICT;
        CREATE TABLE calls (verb TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT;
        CREATE TABLE faults (rule TEXT PRIMARY KEY, times INTEGER NOT NULL) STRICT;
        CREATE TABLE happened (
            number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, fault TEXT NOT NULL, verb TEXT NOT NULL,
            call INTEGER NOT NULL, name TEXT) STRICT;
        CREATE TABLE disks (
            number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, size_bytes INTEGER NOT NULL, cloud_id TEXT,
            data_center TEXT, is_multinode INTEGER NOT NULL, asked_at INTEGER NOT NULL, appears_at INTEGER NOT NULL,
            ready_at INTEGER NOT NULL, fails_at INTEGER, words TEXT, deleted_at INTEGER, gone_at INTEGER,
            duplicate_of TEXT) STRICT;
        CREATE INDEX ix_disks_name ON disks (name);
        CREATE TABLE instances (
            number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, cloud_id TEXT NOT NULL, data_center TEXT,
            image TEXT NOT NULL, asked_at INTEGER NOT NULL, appears_at INTEGER NOT NULL, ready_at INTEGER NOT NULL,
            ends_at INTEGER, exit_code INTEGER, words TEXT, deleted_at INTEGER, gone_at INTEGER,
            duplicate_of TEXT) STRICT;
        CREATE INDEX ix_instances_name ON instances (name);
        CREATE TABLE holds (
            disk INTEGER NOT NULL, instance INTEGER NOT NULL, mount_path TEXT NOT NULL, since INTEGER NOT NULL,
            detaches_at INTEGER, until INTEGER, PRIMARY KEY (disk, instance)) STRICT;
        CREATE INDEX ix_holds_instance ON holds (instance);
        """;

    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1);

    private BookFile(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the books, or begins them.</summary>
    /// <exception cref="IOException">They can't be opened, or are of a form that is not known here.</exception>
    public static BookFile Open(string path, DateTimeOffset now)
    {
        SqliteConnection? connection = null;
        try
        {
            MakeForOwnerOnly(path);
            connection = Connect(path, SqliteOpenMode.ReadWrite);
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            Begin(connection, now);
            return new BookFile(connection);
        }
        catch (Exception exception) when (exception is SqliteException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw new IOException(
                $"The simulated provider's books, {path}, can't be opened: {exception.Message}", exception);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>One call to the place: everything that it writes is kept, or nothing of it.</summary>
    /// <exception cref="UnreachableException">The books can't be read or written; nothing was changed.</exception>
    /// <exception cref="UnknownOutcomeException">Whether they were written is not known.</exception>
    public async Task<T> WriteAsync<T>(Verb verb, Func<Entries, T> act, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            // What changes nothing is counted all the same.
            var what = verb.Changes() ? verb.NameOf() : "count";
            var (value, transaction) = Act(act);
            using (transaction)
            {
                CrashPoint.Pass("simulated.write.before", what);
                Commit(transaction);
            }

            CrashPoint.Pass("simulated.write.after", what);
            return value;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }

    private (T Value, SqliteTransaction Transaction) Act<T>(Func<Entries, T> act)
    {
        SqliteTransaction? transaction = null;
        try
        {
            transaction = _connection.BeginTransaction(deferred: false);
            return (act(new Entries(_connection, transaction)), transaction);
        }
        catch (SqliteException exception)
        {
            transaction?.Dispose();
            throw new UnreachableException(
                $"The simulated provider's books can't be used: {exception.Message}", exception);
        }
        catch
        {
            transaction?.Dispose();
            throw;
        }
    }

    private static void Commit(SqliteTransaction transaction)
    {
        try
        {
            transaction.Commit();
        }
        catch (SqliteException exception)
        {
            throw new UnknownOutcomeException(
                $"Whether the simulated provider's books were written is not known: {exception.Message}", exception);
        }
    }

    // Tables and first start in one transaction: books that were begun and not finished are begun again.
    private static void Begin(SqliteConnection connection, DateTimeOffset now)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        switch (Number(connection, "PRAGMA user_version"))
        {
            case Form:
                return;
            case 0:
                Execute(connection, Schema);
                Execute(
                    connection,
                    "INSERT INTO place (id, started_at) VALUES (1, $now)",
                    ("$now", Entries.Micros(now)));
                // A pragma takes no parameters.
                Execute(connection, "PRAGMA user_version = 1");
                CrashPoint.Pass("simulated.books.before");
                transaction.Commit();
                CrashPoint.Pass("simulated.books.after");
                return;
            case var other:
                throw new IOException(
                    $"The simulated provider's books have form {other}; this version knows form {Form}. "
                    + "Use the version that wrote them.");
        }
    }

    private static void MakeForOwnerOnly(string path)
    {
        // Closing a second handle on a database that this process has open would end its locks (POSIX).
        if (File.Exists(path))
        {
            return;
        }

        Directory.CreateDirectory(
            Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var made = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }

    private static void Execute(SqliteConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
