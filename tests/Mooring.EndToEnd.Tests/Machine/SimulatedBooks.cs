using Microsoft.Data.Sqlite;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>What exists at a simulated place, from its books: the truth, past the server.</summary>
public sealed class SimulatedBooks(string data, string provider, string account)
{
    private readonly string _path = Path.Combine(data, "simulated", $"{provider}@{account}.db");

    /// <summary>Names of the disks that are there, one as often as there are disks of it.</summary>
    public IReadOnlyList<string> Disks => Living("SELECT name FROM disks WHERE appears_at <= $now AND gone_at IS NULL");

    /// <summary>Names of the instances that are there.</summary>
    public IReadOnlyList<string> Instances =>
        Living("SELECT name FROM instances WHERE appears_at <= $now AND gone_at IS NULL");

    /// <summary>The faults that happened, by their names in scripts.</summary>
    public IReadOnlyList<string> Faults => Living("SELECT fault FROM happened WHERE at <= $now");

    private List<string> Living(string query)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        command.Parameters.AddWithValue(
            "$now", (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        using var rows = command.ExecuteReader();
        List<string> names = [];
        while (rows.Read())
        {
            names.Add(rows.GetString(0));
        }

        return names;
    }
}
