using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Mooring.Server.Persistence;

/// <summary>How rows of a table are inserted, worked out once from the model.</summary>
internal sealed class Insertion : Statement
{
    private readonly IReadOnlyList<Column> _columns;

    private Insertion(IEntityType table, IReadOnlyList<Column> columns)
        : base(
            $"""
            INSERT INTO {table.GetTableName()} ({string.Join(", ", columns.Select(column => column.Name))})
            VALUES ({string.Join(", ", columns.Select(column => column.Parameter))})
            """) =>
        _columns = columns;

    /// <summary>The table's, which is kept with the model.</summary>
    public static Insertion Into(IEntityType table) => table.GetOrAddRuntimeAnnotationValue(
        "Mooring:Insertion",
        static of => new Insertion(
            of!,
            [
                .. of!.GetProperties()
                    .Where(property => property.ValueGenerated == ValueGenerated.Never)
                    .Select((property, i) => new Column(property, $"@p{i}")),
            ]),
        table);

    public object?[] ValuesIn(object row) => [.. _columns.Select(column => column.ValueIn(row))];

    protected override void AddParameters(DbCommand command)
    {
        foreach (var column in _columns)
        {
            command.Parameters.Add(column.ToParameter(command));
        }
    }

    private sealed class Column(IProperty property, string parameter)
    {
        private readonly IClrPropertyGetter _getter = property.GetGetter();
        private readonly RelationalTypeMapping _mapping = property.GetRelationalTypeMapping();

        // In quotes: "from" and "to" are words of SQL.
        public string Name { get; } = $"\"{property.GetColumnName()}\"";

        public string Parameter => parameter;

        public DbParameter ToParameter(DbCommand command) =>
            _mapping.CreateParameter(command, parameter, null, property.IsNullable);

        public object? ValueIn(object row)
        {
            var value = _getter.GetClrValue(row);
            return value is null || _mapping.Converter is not { } converter
                ? value
                : converter.ConvertToProvider(value);
        }
    }
}
