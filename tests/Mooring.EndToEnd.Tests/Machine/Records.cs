using Microsoft.Data.Sqlite;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>One fact in a resource's history, as it is stored.</summary>
public sealed record Recorded(long Number, string What, string Status, string? Words);

/// <summary>
/// The installation's database, read beside the server that writes it: for what no route tells yet, such as events.
/// </summary>
public sealed class Records(string path)
{
    public Task<IReadOnlyList<Recorded>> EventsAsync(string resource) => ReadAsync(
        "SELECT number, what, status, words FROM events WHERE resource_id = $resource ORDER BY number",
        ReadEvent,
        resource);

    public Task<IReadOnlyList<Recorded>> AllEventsAsync() =>
        ReadAsync("SELECT number, what, status, words FROM events ORDER BY number", ReadEvent);

    /// <summary>The installation's 8 characters.</summary>
    public string Installation()
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM installation";
        return (string)command.ExecuteScalar()!;
    }

    /// <summary>Every resource's history, oldest first.</summary>
    public Task<IReadOnlyList<PricedEvent>> PricedEventsAsync() => ReadAsync(
        "SELECT resource_id, at, rate FROM events ORDER BY number",
        row => new PricedEvent(row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2)));

    public Task<IReadOnlyList<Span>> SpansAsync() => ReadAsync(
        "SELECT resource_id, \"from\", \"to\", price_hr FROM usage_spans ORDER BY number",
        row => new Span(row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetInt64(3)));

    /// <summary>Rows of disks or pods, gone ones too, of this name.</summary>
    public async Task<int> CountAsync(string name) => (await ReadAsync(
        "SELECT (SELECT count(*) FROM disks WHERE name = $resource)"
        + " + (SELECT count(*) FROM pods WHERE name = $resource)",
        row => row.GetInt32(0),
        name)).Single();

    public Task<IReadOnlyList<string>> AccountsAsync() => ReadAsync("SELECT id FROM accounts", row => row.GetString(0));

    /// <summary>The provider account that each disk is at, gone ones too, by the disk's name there.</summary>
    public async Task<IReadOnlyDictionary<string, string>> DiskAccountsAsync() => (await ReadAsync(
        "SELECT remote_name, provider_account_id FROM disks",
        row => KeyValuePair.Create(row.GetString(0), row.GetString(1)))).ToDictionary();

    /// <summary>Accounts whose stored number of disks is not how many they have.</summary>
    public Task<IReadOnlyList<string>> MiscountedAccountsAsync() => ReadAsync(
        """
        SELECT id FROM accounts WHERE current_disks <>
            (SELECT count(*) FROM disks WHERE account_id = accounts.id AND terminated_at IS NULL)
        """,
        row => row.GetString(0));

    /// <summary>Virtual CPUs of this host that are reserved for pods.</summary>
    public async Task<int> ReservedVcpusAsync() =>
        (await ReadAsync("SELECT vcpus_used FROM hosts", row => row.GetInt32(0))).Sum();

    /// <summary>GB of disks that are promised.</summary>
    public async Task<int> PromisedGbAsync() =>
        (await ReadAsync("SELECT promised_gib FROM capacity_pools", row => row.GetInt32(0))).Sum();

    /// <summary>Since when the disks' provider can't be read, in microseconds of 1970; null if it can.</summary>
    public async Task<long?> UnreadableSinceAsync() => (await ReadAsync<long?>(
        "SELECT unreadable_since FROM provider_accounts", row => row.IsDBNull(0) ? null : row.GetInt64(0))).Single();

    /// <summary>Moves that point back, as if the time had passed already. Only while no server runs.</summary>
    public async Task AgeUnreadabilityAsync(TimeSpan by)
    {
        await using var connection = await OpenAsync(SqliteOpenMode.ReadWrite);
        await using var command = connection.CreateCommand();
        command.CommandText =
            "UPDATE provider_accounts SET unreadable_since = unreadable_since - $by WHERE unreadable_since IS NOT NULL";
        command.Parameters.AddWithValue("$by", (long)by.TotalMicroseconds);
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    private static Recorded ReadEvent(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3));

    private async Task<IReadOnlyList<T>> ReadAsync<T>(
        string query, Func<SqliteDataReader, T> read, string? resource = null)
    {
        await using var connection = await OpenAsync(SqliteOpenMode.ReadOnly);
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        if (resource is not null)
        {
            command.Parameters.AddWithValue("$resource", resource);
        }

        await using var rows = await command.ExecuteReaderAsync();
        List<T> found = [];
        while (await rows.ReadAsync())
        {
            found.Add(read(rows));
        }

        return found;
    }

    private async Task<SqliteConnection> OpenAsync(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
        }.ToString());
        await connection.OpenAsync();
        return connection;
    }
}
