using System.Collections.Concurrent;
using System.Data.Common;

namespace Mooring.Server.Persistence;

/// <summary>
/// A statement that asks for what some accounts have: one text for each number of accounts, made when it is first
/// needed. A user is in few teams.
/// </summary>
/// <param name="sql">The text, from the parameters that stand for the accounts.</param>
/// <param name="parameters">The other parameters' names, which come first.</param>
/// <param name="read">Reads a row.</param>
internal sealed class ForAccounts<T>(
    Func<IReadOnlyList<string>, string> sql, IReadOnlyList<string> parameters, Func<DbDataReader, T> read)
{
    private readonly ConcurrentDictionary<int, Statement<T>> _statements = [];

    /// <summary>Runs it.</summary>
    /// <param name="database">Where.</param>
    /// <param name="values">The other parameters' values, in their order.</param>
    /// <param name="accounts">The accounts, one or more.</param>
    /// <param name="ct">Cancellation.</param>
    public Task<List<T>> QueryAsync(
        Database database, IReadOnlyList<object?> values, IReadOnlyList<AccountId> accounts, CancellationToken ct) =>
        database.QueryAsync(
            _statements.GetOrAdd(accounts.Count, Make),
            [.. values, .. accounts.Select(account => account.Value)],
            ct);

    private Statement<T> Make(int count)
    {
        List<string> accounts = [.. Enumerable.Range(0, count).Select(n => $"@account{n}")];
        return new Statement<T>(sql(accounts), [.. parameters, .. accounts], read);
    }
}
