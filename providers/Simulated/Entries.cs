using Microsoft.Data.Sqlite;
using Mooring.Providers.Disks;

namespace Mooring.Providers.Simulated;

/// <summary>What stands in the books, read and written within one transaction of its owner.</summary>
internal sealed class Entries(SqliteConnection connection, SqliteTransaction? transaction)
{
    private const string DiskColumns = """
        SELECT number, name, size_bytes, cloud_id, data_center, is_multinode, asked_at, appears_at, ready_at, fails_at,
               words, deleted_at, gone_at, duplicate_of
        FROM disks
        """;

    private const string InstanceColumns = """
        SELECT number, name, cloud_id, data_center, image, asked_at, appears_at, ready_at, ends_at, exit_code, words,
               deleted_at, gone_at, duplicate_of
        FROM instances
        """;

    private const string HoldColumns = """
        SELECT holds.disk, disks.name, holds.instance, instances.name, holds.mount_path, holds.since,
               holds.detaches_at, holds.until
        FROM holds
        JOIN disks ON disks.number = holds.disk
        JOIN instances ON instances.number = holds.instance
        """;

    public static string DiskId(long number) => $"disk-{number}";

    public static string InstanceId(long number) => $"instance-{number}";

    /// <summary>The number in an id of this place; 0, which nothing has, for any other text.</summary>
    public static long NumberIn(string id) =>
        long.TryParse(id.AsSpan(id.LastIndexOf('-') + 1), out var number) ? number : 0;

    public DateTimeOffset StartedAt() => Time(Single("SELECT started_at FROM place"));

    /// <summary>Counts a call, and says the how manyth of its verb it is.</summary>
    public long Count(Verb verb) => Single(
        """
        INSERT INTO calls (verb, count) VALUES ($verb, 1)
        ON CONFLICT (verb) DO UPDATE SET count = count + 1 RETURNING count
        """,
        ("$verb", verb.NameOf()));

    public long TimesOf(Fault fault) =>
        Single("SELECT coalesce(max(times), 0) FROM faults WHERE rule = $rule", ("$rule", fault.Key));

    public void Note(Fault fault, Verb verb, long call, string? name, DateTimeOffset now)
    {
        Change(
            """
            INSERT INTO faults (rule, times) VALUES ($rule, 1) ON CONFLICT (rule) DO UPDATE SET times = times + 1
            """,
            ("$rule", fault.Key));
        var kind = FaultReader.Kinds.First(pair => pair.Value == fault.Kind).Key;
        Change(
            "INSERT INTO happened (at, fault, verb, call, name) VALUES ($at, $fault, $verb, $call, $name)",
            ("$at", Micros(now)),
            ("$fault", kind),
            ("$verb", verb.NameOf()),
            ("$call", call),
            ("$name", name));
    }

    /// <summary>Disks under a name that are not gone: those that are there, and those to come.</summary>
    public List<BookedDisk> DisksNamed(string name, DateTimeOffset now) => ReadDisks(
        DiskColumns + " WHERE name = $name AND (gone_at IS NULL OR gone_at > $now) ORDER BY number",
        ("$name", name),
        ("$now", Micros(now)));

    /// <summary>What a disk may be of what is there (<see cref="DiskRef.Among"/>), oldest first.</summary>
    public IReadOnlyList<BookedDisk> DisksThere(DiskRef disk, DateTimeOffset now)
    {
        var named = DisksNamed(disk.Name, now);
        IEnumerable<BookedDisk> known = disk.RemoteId is { } id && Disk(id) is { } one ? [one] : [];
        return disk.Among(
            named.UnionBy(known, other => other.Id).Where(other => other.ExistsAt(now)),
            other => other.Name,
            other => other.Id);
    }

    public BookedDisk? Disk(string id) =>
        ReadDisks(DiskColumns + " WHERE number = $number", ("$number", NumberIn(id))).FirstOrDefault();

    /// <summary>A page of the disks that are there, whose names begin so.</summary>
    public List<BookedDisk> DisksAfter(long number, string prefix, DateTimeOffset now, int limit) => ReadDisks(
        DiskColumns + """
             WHERE number > $number AND substr(name, 1, length($prefix)) = $prefix
               AND appears_at <= $now AND (gone_at IS NULL OR gone_at > $now)
             ORDER BY number LIMIT $limit
            """,
        ("$number", number),
        ("$prefix", prefix),
        ("$now", Micros(now)),
        ("$limit", limit));

    public List<BookedDisk> AllDisks() => ReadDisks(DiskColumns + " ORDER BY number");

    /// <summary>Bytes of all disks of an offer that are not gone.</summary>
    public ByteSize TakenOf(string? cloudId, string? dataCenter, DateTimeOffset now) => new(Single(
        """
        SELECT coalesce(sum(size_bytes), 0) FROM disks
        WHERE cloud_id IS $cloud AND data_center IS $place AND (gone_at IS NULL OR gone_at > $now)
        """,
        ("$cloud", cloudId),
        ("$place", dataCenter),
        ("$now", Micros(now))));

    /// <summary>Writes a new disk; its id is the books' to give.</summary>
    public BookedDisk Add(BookedDisk disk)
    {
        var number = Single(
            """
            INSERT INTO disks (name, size_bytes, cloud_id, data_center, is_multinode, asked_at, appears_at, ready_at,
                               fails_at, words, duplicate_of)
            VALUES ($name, $size, $cloud, $place, $multinode, $asked, $appears, $ready, $fails, $words, $duplicate)
            RETURNING number
            """,
            ("$name", disk.Name),
            ("$size", disk.Size.Bytes),
            ("$cloud", disk.CloudId),
            ("$place", disk.DataCenter),
            ("$multinode", disk.IsMultinode),
            ("$asked", Micros(disk.AskedAt)),
            ("$appears", Micros(disk.AppearsAt)),
            ("$ready", Micros(disk.ReadyAt)),
            ("$fails", Micros(disk.FailsAt)),
            ("$words", disk.Words),
            ("$duplicate", disk.DuplicateOf));
        return disk with { Id = DiskId(number) };
    }

    public void EndDisk(string id, DateTimeOffset? deletedAt, DateTimeOffset goneAt) => Change(
        "UPDATE disks SET deleted_at = $deleted, gone_at = $gone WHERE number = $number",
        ("$deleted", Micros(deletedAt)),
        ("$gone", Micros(goneAt)),
        ("$number", NumberIn(id)));

    public List<BookedInstance> InstancesNamed(string name, DateTimeOffset now) => ReadInstances(
        InstanceColumns + " WHERE name = $name AND (gone_at IS NULL OR gone_at > $now) ORDER BY number",
        ("$name", name),
        ("$now", Micros(now)));

    public BookedInstance? Instance(string id) =>
        ReadInstances(InstanceColumns + " WHERE number = $number", ("$number", NumberIn(id))).FirstOrDefault();

    public List<BookedInstance> InstancesAfter(long number, string prefix, DateTimeOffset now, int limit) =>
        ReadInstances(
            InstanceColumns + """
                 WHERE number > $number AND substr(name, 1, length($prefix)) = $prefix
                   AND appears_at <= $now AND (gone_at IS NULL OR gone_at > $now)
                 ORDER BY number LIMIT $limit
                """,
            ("$number", number),
            ("$prefix", prefix),
            ("$now", Micros(now)),
            ("$limit", limit));

    public List<BookedInstance> AllInstances() => ReadInstances(InstanceColumns + " ORDER BY number");

    /// <summary>How many instances of an offer are not gone.</summary>
    public long CountOf(string cloudId, string? dataCenter, DateTimeOffset now) => Single(
        """
        SELECT count(*) FROM instances
        WHERE cloud_id = $cloud AND data_center IS $place AND (gone_at IS NULL OR gone_at > $now)
        """,
        ("$cloud", cloudId),
        ("$place", dataCenter),
        ("$now", Micros(now)));

    /// <summary>Writes a new instance and its holds; their ids are the books' to give.</summary>
    public BookedInstance Add(BookedInstance instance)
    {
        var number = Single(
            """
            INSERT INTO instances (name, cloud_id, data_center, image, asked_at, appears_at, ready_at, ends_at,
                                   exit_code, words, duplicate_of)
            VALUES ($name, $cloud, $place, $image, $asked, $appears, $ready, $ends, $code, $words, $duplicate)
            RETURNING number
            """,
            ("$name", instance.Name),
            ("$cloud", instance.CloudId),
            ("$place", instance.DataCenter),
            ("$image", instance.Image),
            ("$asked", Micros(instance.AskedAt)),
            ("$appears", Micros(instance.AppearsAt)),
            ("$ready", Micros(instance.ReadyAt)),
            ("$ends", Micros(instance.EndsAt)),
            ("$code", instance.ExitCode),
            ("$words", instance.Words),
            ("$duplicate", instance.DuplicateOf));
        foreach (var hold in instance.Holds)
        {
            Change(
                """
                INSERT INTO holds (disk, instance, mount_path, since) VALUES ($disk, $instance, $path, $since)
                """,
                ("$disk", NumberIn(hold.DiskId)),
                ("$instance", number),
                ("$path", hold.MountPath),
                ("$since", Micros(hold.Since)));
        }

        var id = InstanceId(number);
        return instance with { Id = id, Holds = [.. instance.Holds.Select(hold => hold with { InstanceId = id })] };
    }

    public void EndByItself(string id, DateTimeOffset endsAt, int exitCode, string words) => Change(
        "UPDATE instances SET ends_at = $ends, exit_code = $code, words = $words WHERE number = $number",
        ("$ends", Micros(endsAt)),
        ("$code", exitCode),
        ("$words", words),
        ("$number", NumberIn(id)));

    /// <summary>An instance goes, and its disks are let go when that is done with.</summary>
    public void EndInstance(
        string id, DateTimeOffset? deletedAt, DateTimeOffset detachesAt, DateTimeOffset goneAt, DateTimeOffset freeAt)
    {
        var number = NumberIn(id);
        Change(
            "UPDATE instances SET deleted_at = $deleted, gone_at = $gone WHERE number = $number",
            ("$deleted", Micros(deletedAt)),
            ("$gone", Micros(goneAt)),
            ("$number", number));
        Change(
            "UPDATE holds SET detaches_at = $detaches, until = $until WHERE instance = $number AND until IS NULL",
            ("$detaches", Micros(detachesAt)),
            ("$until", Micros(freeAt)),
            ("$number", number));
    }

    public Dictionary<string, long> Calls() =>
        Read("SELECT verb, count FROM calls", row => (row.GetString(0), row.GetInt64(1)))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);

    public List<BookedFault> Happened() => Read(
        "SELECT at, fault, verb, call, name FROM happened ORDER BY number",
        row => new BookedFault(
            Time(row.GetInt64(0)), row.GetString(1), row.GetString(2), row.GetInt64(3), Text(row, 4)));

    private List<BookedDisk> ReadDisks(string sql, params (string Name, object? Value)[] values) =>
    [
        .. Read(
            sql,
            row => new BookedDisk(
                DiskId(row.GetInt64(0)),
                row.GetString(1),
                new ByteSize(row.GetInt64(2)),
                Text(row, 3),
                Text(row, 4),
                row.GetBoolean(5),
                Time(row.GetInt64(6)),
                Time(row.GetInt64(7)),
                Time(row.GetInt64(8)),
                OptionalTime(row, 9),
                Text(row, 10),
                OptionalTime(row, 11),
                OptionalTime(row, 12),
                Text(row, 13),
                []),
            values)
            .Select(disk => disk with
            {
                Holds = ReadHolds(
                    HoldColumns + " WHERE holds.disk = $number ORDER BY holds.instance", NumberIn(disk.Id)),
            }),
    ];

    private List<BookedInstance> ReadInstances(string sql, params (string Name, object? Value)[] values) =>
    [
        .. Read(
            sql,
            row => new BookedInstance(
                InstanceId(row.GetInt64(0)),
                row.GetString(1),
                row.GetString(2),
                Text(row, 3),
                row.GetString(4),
                Time(row.GetInt64(5)),
                Time(row.GetInt64(6)),
                Time(row.GetInt64(7)),
                OptionalTime(row, 8),
                row.IsDBNull(9) ? null : row.GetInt32(9),
                Text(row, 10),
                OptionalTime(row, 11),
                OptionalTime(row, 12),
                Text(row, 13),
                []),
            values)
            .Select(instance => instance with
            {
                Holds = ReadHolds(
                    HoldColumns + " WHERE holds.instance = $number ORDER BY holds.mount_path", NumberIn(instance.Id)),
            }),
    ];

    private List<BookedHold> ReadHolds(string sql, long number) => Read(
        sql,
        row => new BookedHold(
            DiskId(row.GetInt64(0)),
            row.GetString(1),
            InstanceId(row.GetInt64(2)),
            row.GetString(3),
            row.GetString(4),
            Time(row.GetInt64(5)),
            OptionalTime(row, 6),
            OptionalTime(row, 7)),
        ("$number", number));

    private long Single(string sql, params (string Name, object? Value)[] values) =>
        Read(sql, row => row.GetInt64(0), values).Single();

    private void Change(string sql, params (string Name, object? Value)[] values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] values)
    {
        using var command = Command(sql, values);
        using var rows = command.ExecuteReader();
        List<T> all = [];
        while (rows.Read())
        {
            all.Add(read(rows));
        }

        return all;
    }

    private SqliteCommand Command(string sql, (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private static string? Text(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? OptionalTime(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : Time(row.GetInt64(column));

    private static DateTimeOffset Time(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * 10);

    private static long? Micros(DateTimeOffset? time) => time is { } known ? Micros(known) : null;

    public static long Micros(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / 10;
}
