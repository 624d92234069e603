using Mooring.Server.Persistence;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Accounts;

/// <summary>A database that counts its statements, and lets something happen between a read and its answer.</summary>
internal sealed class CountingDatabase(Store store) : Database(store.Contexts)
{
    public int Queries { get; private set; }

    public Func<Task>? AfterQuery { get; set; }

    public override Dialect Dialect => store.Database.Dialect;

    public override async Task<List<T>> QueryAsync<T>(
        Statement<T> statement, IReadOnlyList<object?> values, CancellationToken ct)
    {
        Queries++;
        var rows = await store.Database.QueryAsync(statement, values, ct);
        if (AfterQuery is { } after)
        {
            await after();
        }

        return rows;
    }

    public override Task<T> WriteAsync<T>(Func<MooringDb, CancellationToken, Task<T>> work, CancellationToken ct) =>
        store.Database.WriteAsync(work, ct);
}
