using Microsoft.Data.Sqlite;

namespace Mooring.Providers.Simulated;

/// <summary>
/// What exists at a simulated place, and what happened there: read from its books, without a call to the place, so that
/// nothing is counted and no fault befalls it. May be read while a server writes, and after one was killed.
/// </summary>
/// <param name="StartedAt">When the place was first started; a script's windows of time count from then.</param>
/// <param name="Disks">Every disk that there is, was or is about to be, oldest first.</param>
/// <param name="Instances">Every instance, likewise.</param>
/// <param name="Calls">How often each verb was called, by its name in scripts.</param>
/// <param name="Faults">Every fault that happened, oldest first.</param>
public sealed record Books(
    DateTimeOffset StartedAt,
    IReadOnlyList<BookedDisk> Disks,
    IReadOnlyList<BookedInstance> Instances,
    IReadOnlyDictionary<string, long> Calls,
    IReadOnlyList<BookedFault> Faults)
{
    /// <summary>Reads the books as they stand, all of them at one point in time.</summary>
    /// <param name="path">The file, <see cref="SimulatedProvider.BooksPath"/>.</param>
    /// <exception cref="IOException">There is no such file, or it is none of a simulated provider's.</exception>
    public static Books Read(string path)
    {
        try
        {
            using var connection = BookFile.Connect(path, SqliteOpenMode.ReadWrite);
            using var transaction = connection.BeginTransaction(deferred: true);
            var entries = new Entries(connection, transaction);
            return new Books(
                entries.StartedAt(),
                entries.AllDisks(),
                entries.AllInstances(),
                entries.Calls(),
                entries.Happened());
        }
        catch (SqliteException exception)
        {
            throw new IOException($"The books {path} can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>The disks that are there at a time.</summary>
    public IEnumerable<BookedDisk> DisksAt(DateTimeOffset time) => Disks.Where(disk => disk.ExistsAt(time));

    /// <summary>The instances that are there at a time.</summary>
    public IEnumerable<BookedInstance> InstancesAt(DateTimeOffset time) =>
        Instances.Where(instance => instance.ExistsAt(time));

    /// <summary>The instances that hold a disk at a time, one being detached included.</summary>
    public IEnumerable<BookedHold> HoldsAt(DateTimeOffset time) =>
        Disks.SelectMany(disk => disk.Holds).Where(hold => hold.HoldsAt(time));
}
