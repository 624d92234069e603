using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Mooring.Benchmarks.Records;
using Mooring.Contract.V1;

namespace Mooring.Benchmarks.Hosting;

/// <summary>
/// One connection with prepared statements that commits what has gathered at once, a savepoint each, and answers after
/// the commit: the group commit of the architecture's section 7, and no more.
/// </summary>
internal sealed class BareSqliteWrites : IBareWrites
{
    private const int DisksPerCommit = 256;
    private readonly Channel<(NewDisk Disk, TaskCompletionSource Done)> _queue =
        Channel.CreateUnbounded<(NewDisk, TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _writer;

    public BareSqliteWrites(Engine engine) => _writer = Task.Factory.StartNew(
        () => RunAsync(engine),
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default).Unwrap();

    public async Task<Disk> CreateAsync(NewDisk disk, CancellationToken ct)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync((disk, done), ct);
        // Whichever ends first: a writer that has failed answers nobody.
        await await Task.WhenAny(done.Task, _writer);
        return disk.ToWire();
    }

    private async Task RunAsync(Engine engine)
    {
        await using var connection = (SqliteConnection)await engine.Opener()(CancellationToken.None);
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, "PRAGMA synchronous = FULL");
        Execute(connection, "PRAGMA temp_store = MEMORY");
        List<(DbCommand Command, DiskStatement Statement)> statements =
        [
            .. new[] { NewDisk.Promise, NewDisk.Row, NewDisk.Event, NewDisk.Span, NewDisk.Entry }.Select(text =>
            {
                var command = connection.Command(text);
                return ((DbCommand)command, new DiskStatement(text, command.CreateParameter, command.Parameters));
            }),
        ];
        using var savepoint = connection.Command("SAVEPOINT disk");
        using var release = connection.Command("RELEASE disk");
        List<(NewDisk Disk, TaskCompletionSource Done)> batch = [];
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < DisksPerCommit && _queue.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            using (var transaction = connection.BeginTransaction(deferred: false))
            {
                savepoint.Transaction = release.Transaction = transaction;
                statements.ForEach(one => one.Command.Transaction = transaction);
                foreach (var (disk, _) in batch)
                {
                    savepoint.ExecuteNonQuery();
                    foreach (var (command, statement) in statements)
                    {
                        statement.Fill(disk);
                        if (command.ExecuteNonQuery() != 1)
                        {
                            throw new BenchmarkException("A disk was not written.");
                        }
                    }

                    release.ExecuteNonQuery();
                }

                transaction.Commit();
            }

            batch.ForEach(one => one.Done.SetResult());
        }
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.Command(text);
        command.ExecuteNonQuery();
    }
}
