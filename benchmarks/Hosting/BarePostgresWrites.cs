using Mooring.Benchmarks.Records;
using Mooring.Contract.V1;
using Npgsql;

namespace Mooring.Benchmarks.Hosting;

/// <summary>A transaction per disk: the promise, whose outcome must be seen, and the rows in one message.</summary>
internal sealed class BarePostgresWrites(Engine engine) : IBareWrites
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(engine.Connection);

    public async Task<Disk> CreateAsync(NewDisk disk, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var promise = new NpgsqlCommand(NewDisk.Promise, connection, transaction);
        new DiskStatement(NewDisk.Promise, promise.CreateParameter, promise.Parameters).Fill(disk);
        if (await promise.ExecuteNonQueryAsync(ct) != 1)
        {
            throw new BenchmarkException("There is no room in the pool.");
        }

        await using var rows = new NpgsqlBatch(connection, transaction);
        foreach (var text in (string[])[NewDisk.Row, NewDisk.Event, NewDisk.Span, NewDisk.Entry])
        {
            var command = new NpgsqlBatchCommand(text);
            new DiskStatement(text, () => new NpgsqlParameter(), command.Parameters).Fill(disk);
            rows.BatchCommands.Add(command);
        }

        await rows.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return disk.ToWire();
    }
}
