using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Mooring.Server.Persistence;

/// <summary>
/// Statements of a unit of work that are run at once and, on the connection that SQLite's writer keeps, prepared once:
/// what every created disk costs. On PostgreSQL the driver prepares them.
/// </summary>
internal static class Writes
{
    /// <summary>
    /// Inserts a row, by the model's columns and conversions. Numbers that the database gives are left out.
    /// </summary>
    public static Task InsertAsync<T>(this MooringDb db, T row, CancellationToken ct)
        where T : class
    {
        var insertion = Insertion.Into(db.Model.FindEntityType(typeof(T))
            ?? throw new InvalidOperationException($"There is no table of {typeof(T).Name}."));
        return db.ExecuteAsync(insertion, insertion.ValuesIn(row), ct);
    }

    /// <summary>Runs a statement in the unit's transaction and gives back how many rows it changed.</summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="statement">What to run.</param>
    /// <param name="values">Its parameters' values, in their order.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<int> ExecuteAsync(
        this MooringDb db, Statement statement, IReadOnlyList<object?> values, CancellationToken ct)
    {
        var connection = db.Database.GetDbConnection();
        if (db.Prepared is { } prepared)
        {
            return await RunAsync(prepared.For(statement, connection));
        }

        await using var command = statement.CommandOn(connection);
        return await RunAsync(command);

        Task<int> RunAsync(DbCommand command)
        {
            command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
            Statement.Fill(command, values);
            return command.ExecuteNonQueryAsync(ct);
        }
    }
}
