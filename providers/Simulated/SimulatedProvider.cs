using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Simulated;

/// <summary>
/// One account at a place that exists in a book only: for rehearsals of what goes wrong at clouds, and for tests. What
/// exists there, and how often it was called, is on the disk before a call is answered.
/// </summary>
public sealed class SimulatedProvider : IDisposable
{
    private readonly BookFile _books;

    private SimulatedProvider(
        Simulation simulation, string booksPath, BookFile books, string installationId, TimeProvider time)
    {
        _books = books;
        BooksPath = booksPath;
        var calls = new Calls(simulation, books, time);
        Disks = new SimulatedDisks(new DiskCalls(simulation, calls), simulation, installationId);
        Instances = new SimulatedInstances(new InstanceCalls(simulation, calls), simulation, installationId);
    }

    /// <summary>Its disks.</summary>
    public IDiskProvider Disks { get; }

    /// <summary>
    /// Its instances, which also have a log (<see cref="IInstanceLog"/>). Their disks are named in the creating call.
    /// </summary>
    public IInstanceProvider Instances { get; }

    /// <summary>The file that <see cref="Books.Read"/> reads.</summary>
    public string BooksPath { get; }

    /// <summary>Goes on where the place stood, or starts it for the first time.</summary>
    /// <param name="simulation">The script.</param>
    /// <param name="directory">Where the books are; made if it is not there. One process at a time.</param>
    /// <param name="installationId">The 8 characters in this installation's names.</param>
    /// <param name="time">The place's clock.</param>
    /// <exception cref="IOException">The books can't be opened.</exception>
    public static SimulatedProvider Open(
        Simulation simulation, string directory, string installationId, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        ArgumentNullException.ThrowIfNull(time);
        var path = Path.Combine(directory, simulation.BooksFile);
        var books = BookFile.Open(path, time.GetUtcNow());
        return new SimulatedProvider(simulation, path, books, installationId, time);
    }

    /// <inheritdoc/>
    public void Dispose() => _books.Dispose();
}
