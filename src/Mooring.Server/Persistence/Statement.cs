using System.Data.Common;

namespace Mooring.Server.Persistence;

/// <summary>
/// A query in SQL of our own, for the few that are asked with every request: prepared once for a connection, where
/// Entity Framework has the database parse and plan it anew each time (ADR 10).
/// </summary>
/// <param name="Sql">The text, the same with every use; what differs is a parameter.</param>
/// <param name="Parameters">The parameters' names, <c>@</c> included.</param>
/// <param name="Read">Reads a row; ids are text, points in time microseconds, money 1e-12 USD.</param>
internal sealed record Statement<T>(string Sql, IReadOnlyList<string> Parameters, Func<DbDataReader, T> Read)
{
    /// <summary>A command with its parameters, which have no values yet.</summary>
    public TCommand ToCommand<TCommand>(TCommand command)
        where TCommand : DbCommand
    {
        command.CommandText = Sql;
        foreach (var name in Parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Runs a command that was made by <see cref="ToCommand"/>.</summary>
    /// <param name="command">The command, on an open connection.</param>
    /// <param name="values">The parameters' values, in their order.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<List<T>> RunAsync(DbCommand command, IReadOnlyList<object> values, CancellationToken ct)
    {
        for (var i = 0; i < values.Count; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        List<T> rows = [];
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(Read(reader));
        }

        return rows;
    }
}
