using System.Data.Common;

namespace Mooring.Server.Persistence;

/// <summary>
/// A statement in SQL of our own, for the few that run with every request: prepared once for a connection, where Entity
/// Framework has the database parse and plan it anew each time (ADR 10). One object each, made once.
/// </summary>
/// <param name="sql">The text; what differs from one use to the next is a parameter.</param>
/// <param name="parameters">The parameters' names, <c>@</c> included.</param>
internal class Statement(string sql, params IReadOnlyList<string> parameters)
{
    public string Sql => sql;

    /// <summary>A command with its parameters, which have no values yet.</summary>
    public DbCommand CommandOn(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        AddParameters(command);
        return command;
    }

    /// <summary>Gives a command of this statement its values, in the parameters' order; null is SQL's.</summary>
    public static void Fill(DbCommand command, IReadOnlyList<object?> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }

    protected virtual void AddParameters(DbCommand command)
    {
        foreach (var name in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }
    }
}

/// <summary>A statement that asks.</summary>
/// <param name="sql">As in <see cref="Statement"/>.</param>
/// <param name="parameters">As in <see cref="Statement"/>.</param>
/// <param name="read">Reads a row; ids are text, points in time microseconds, money 1e-12 USD.</param>
internal sealed class Statement<T>(string sql, IReadOnlyList<string> parameters, Func<DbDataReader, T> read)
    : Statement(sql, parameters)
{
    /// <summary>Runs a command of this statement, on an open connection.</summary>
    public async Task<List<T>> RunAsync(DbCommand command, IReadOnlyList<object?> values, CancellationToken ct)
    {
        Fill(command, values);
        List<T> rows = [];
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}

/// <summary>
/// The commands of one connection that stays open: each keeps what was prepared for it. SQLite prepares it anew by
/// itself where the tables have changed.
/// </summary>
internal sealed class PreparedCommands : IAsyncDisposable
{
    private readonly Dictionary<Statement, DbCommand> _commands = [];

    public DbCommand For(Statement statement, DbConnection connection)
    {
        if (!_commands.TryGetValue(statement, out var command))
        {
            command = statement.CommandOn(connection);
            _commands.Add(statement, command);
        }

        return command;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _commands.Values)
        {
            await command.DisposeAsync();
        }
    }
}

/// <summary>Columns as statements of our own read them.</summary>
internal static class Columns
{
    public static DateTimeOffset Time(this DbDataReader row, int column) =>
        Clock.FromMicroseconds(row.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.Time(column);

    public static string? TextOrNull(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
