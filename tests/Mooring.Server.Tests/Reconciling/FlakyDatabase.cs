using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Reconciling;

/// <summary>A database that does not answer for a while.</summary>
internal sealed class FlakyDatabase(Store store) : Database(store.Contexts)
{
    private int _failures;

    public int Failures { get => _failures; init => _failures = value; }

    public override Dialect Dialect => store.Database.Dialect;

    public override Task<List<T>> QueryAsync<T>(
        Statement<T> statement, IReadOnlyList<object?> values, CancellationToken ct) =>
        store.Database.QueryAsync(statement, values, ct);

    public override Task<T> WriteAsync<T>(Func<MooringDb, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        if (_failures == 0)
        {
            return store.Database.WriteAsync(work, ct);
        }

        _failures--;
        return Task.FromException<T>(new DbUpdateException("The database is gone."));
    }
}
