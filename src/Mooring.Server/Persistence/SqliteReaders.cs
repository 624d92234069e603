using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Mooring.Server.Persistence;

/// <summary>
/// Open connections for <see cref="Statement{T}"/>s, each with those that it has prepared. There are as many as were
/// ever in use at once; between statements one holds neither lock nor snapshot.
/// </summary>
internal sealed class SqliteReaders(string connectionString) : IAsyncDisposable
{
    private readonly ConcurrentBag<Reader> _idle = [];

    public async Task<List<T>> QueryAsync<T>(
        Statement<T> statement, IReadOnlyList<object?> values, CancellationToken ct)
    {
        if (!_idle.TryTake(out var reader))
        {
            reader = await Reader.OpenAsync(connectionString, ct);
        }

        try
        {
            var rows = await reader.RunAsync(statement, values, ct);
            _idle.Add(reader);
            return rows;
        }
        catch
        {
            // A connection that failed once is not tried again.
            await reader.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var reader))
        {
            await reader.DisposeAsync();
        }
    }

    private sealed class Reader(SqliteConnection connection) : IAsyncDisposable
    {
        private readonly PreparedCommands _prepared = new();

        public static async Task<Reader> OpenAsync(string connectionString, CancellationToken ct)
        {
            var connection = new SqliteConnection(connectionString);
            await connection.OpenAsync(ct);
            return new Reader(connection);
        }

        public Task<List<T>> RunAsync<T>(
            Statement<T> statement, IReadOnlyList<object?> values, CancellationToken ct) =>
            statement.RunAsync(_prepared.For(statement, connection), values, ct);

        public async ValueTask DisposeAsync()
        {
            await _prepared.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
