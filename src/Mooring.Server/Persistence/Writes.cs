using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Mooring.Server.Persistence;

/// <summary>
/// Statements of a unit of work that are run at once and, on the connection that SQLite's writer keeps, prepared once:
/// what every created disk costs. Entity Framework has each parsed and planned anew (ADR 10). On PostgreSQL the driver
/// prepares them.
/// </summary>
internal static class Writes
{
    /// <summary>
    /// Inserts a row, by the model's columns and conversions. Numbers that the database gives are left out.
    /// </summary>
    public static async Task InsertAsync<T>(this MooringDb db, T row, CancellationToken ct)
        where T : class
    {
        var insert = db.Insertions.For(db.Model.FindEntityType(typeof(T))
            ?? throw new InvalidOperationException($"There is no table of {typeof(T).Name}."));
        await using var command = db.Commands.Take(db, insert.Sql, insert.AddParameters);
        insert.Fill(command.Command, row);
        await command.Command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Runs a statement and gives back how many rows it changed.</summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="sql">The text, the same with every use; what differs is a parameter.</param>
    /// <param name="values">The parameters, <c>@</c> included, the same ones with every use.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<int> ExecuteAsync(
        this MooringDb db, string sql, IReadOnlyList<(string Name, object Value)> values, CancellationToken ct)
    {
        await using var command = db.Commands.Take(db, sql, command =>
        {
            foreach (var (name, _) in values)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                command.Parameters.Add(parameter);
            }
        });
        for (var i = 0; i < values.Count; i++)
        {
            command.Command.Parameters[i].Value = values[i].Value;
        }

        return await command.Command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>The commands of one context; kept where its connection stays open.</summary>
internal sealed class UnitCommands
{
    private readonly Dictionary<string, DbCommand> _kept = [];

    /// <summary>A command in the context's transaction; disposed, it is kept or ended.</summary>
    public Lease Take(MooringDb db, string sql, Action<DbCommand> addParameters)
    {
        var isKept = db.KeepsCommands;
        if (!isKept || !_kept.TryGetValue(sql, out var command))
        {
            command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = sql;
            addParameters(command);
            if (isKept)
            {
                _kept.Add(sql, command);
            }
        }

        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        return new Lease(command, isKept);
    }

    internal readonly struct Lease(DbCommand command, bool isKept) : IAsyncDisposable
    {
        public DbCommand Command => command;

        public ValueTask DisposeAsync() => isKept ? ValueTask.CompletedTask : command.DisposeAsync();
    }
}

/// <summary>How rows of each table are inserted, worked out once from the model.</summary>
internal sealed class Insertions
{
    private readonly Dictionary<IEntityType, Insertion> _known = [];

    public Insertion For(IEntityType table)
    {
        if (!_known.TryGetValue(table, out var insertion))
        {
            insertion = new Insertion(table);
            _known.Add(table, insertion);
        }

        return insertion;
    }

    internal sealed class Insertion
    {
        private readonly IReadOnlyList<Column> _columns;

        public Insertion(IEntityType table)
        {
            _columns =
            [
                .. table.GetProperties()
                    .Where(property => property.ValueGenerated == ValueGenerated.Never)
                    .Select((property, i) => new Column(property, $"@p{i}")),
            ];
            // Names are the model's; "from" and "to" are words of SQL.
            var names = _columns.Select(column => $"\"{column.Property.GetColumnName()}\"");
            Sql = $"""
                INSERT INTO {table.GetTableName()} ({string.Join(", ", names)})
                VALUES ({string.Join(", ", _columns.Select(column => column.Parameter))})
                """;
        }

        public string Sql { get; }

        public void AddParameters(DbCommand command)
        {
            foreach (var column in _columns)
            {
                command.Parameters.Add(
                    column.Mapping.CreateParameter(command, column.Parameter, null, column.Property.IsNullable));
            }
        }

        public void Fill(DbCommand command, object row)
        {
            for (var i = 0; i < _columns.Count; i++)
            {
                command.Parameters[i].Value = _columns[i].ValueIn(row) ?? DBNull.Value;
            }
        }

        private sealed class Column(IProperty property, string parameter)
        {
            private readonly IClrPropertyGetter _getter = property.GetGetter();

            public IProperty Property => property;

            public string Parameter => parameter;

            public RelationalTypeMapping Mapping { get; } = property.GetRelationalTypeMapping();

            public object? ValueIn(object row)
            {
                var value = _getter.GetClrValue(row);
                return value is null || Mapping.Converter is not { } converter
                    ? value
                    : converter.ConvertToProvider(value);
            }
        }
    }
}
