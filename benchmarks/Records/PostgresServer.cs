using System.Globalization;
using Mooring.Benchmarks.Machine;
using Npgsql;

namespace Mooring.Benchmarks.Records;

/// <summary>
/// A PostgreSQL server of this run's own, as Debian ships it: a data directory, a unix socket in it, no network port.
/// Its commits wait for the disk, as they do by default.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Account = "postgres";
    private readonly string _bin;
    private readonly string _directory;
    private int _made;

    private PostgresServer(string bin, string directory) => (_bin, _directory) = (bin, directory);

    /// <exception cref="BenchmarkException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresServer> StartAsync(string directory, CancellationToken ct)
    {
        var server = new PostgresServer(FindBinaries(), directory);
        if (Environment.IsPrivilegedProcess)
        {
            await Tool.RunAsync("install", ["-d", "-o", Account, "-m", "700", directory], ct);
        }

        await server.RunAsync(
            "initdb", ["-D", directory, "-U", Account, "-A", "trust", "-E", "UTF8", "--locale=C"], ct);
        await server.RunAsync(
            "pg_ctl",
            [
                "start", "-w", "-D", directory, "-l", Path.Combine(directory, "log"),
                "-o", $"-k {directory} -h '' -c max_connections=300",
            ],
            ct);
        return server;
    }

    /// <summary>A new database; a copy of another one where that is given.</summary>
    public async Task<Engine> MakeAsync(Engine? template, CancellationToken ct)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bench{++_made}");
        var from = "template0";
        if (template is not null)
        {
            await using var known = new NpgsqlConnection(template.Connection);
            from = known.Database;
        }

        await using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        await connection.OpenAsync(ct);
        // Names of databases can't be parameters; these are our own.
        await using var command = connection.Command($"CREATE DATABASE {name} TEMPLATE {from}");
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
        return new Engine(Engine.PostgreSql, ConnectionTo(name));
    }

    public async ValueTask DisposeAsync() =>
        await RunAsync("pg_ctl", ["stop", "-w", "-m", "fast", "-D", _directory], CancellationToken.None);

    private string ConnectionTo(string database) =>
        $"Host={_directory};Username={Account};Database={database};Maximum Pool Size=100;Timeout=30";

    private Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var path = Path.Combine(_bin, program);
        // PostgreSQL refuses root.
        return Environment.IsPrivilegedProcess
            ? Tool.RunAsync(
                "setpriv",
                ["--reuid", Account, "--regid", Account, "--clear-groups", path, .. arguments],
                ct)
            : Tool.RunAsync(path, arguments, ct);
    }

    private static string FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return versions
            .Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
            .Order(StringComparer.Ordinal)
            .LastOrDefault()
            ?? throw new BenchmarkException($"PostgreSQL is missing: there is no initdb below {Debian}.");
    }
}
