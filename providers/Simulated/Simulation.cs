using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Simulated;

/// <summary>
/// One account at a simulated place, as a script describes it: what it offers, how long things take there, and what
/// goes wrong. The script's form is documented in docs/guides/rehearse-failure.md.
/// </summary>
public sealed record Simulation
{
    internal Simulation() { }

    /// <summary>The provider's type as clients see it, for example <c>hyperstack</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The account's name among those of its type.</summary>
    public required string Account { get; init; }

    /// <summary>How long after a create call of unknown outcome the thing may still appear; 0 to 15 minutes.</summary>
    public required TimeSpan SettlingTime { get; init; }

    /// <summary>Name of the books' file within their directory.</summary>
    public string BooksFile => $"{Provider}@{Account}.db";

    internal Chance Chance { get; init; } = new(1);

    internal int PageSize { get; init; } = 100;

    internal Delays Delays { get; init; } = Delays.None;

    internal IReadOnlyList<SimulatedDiskOffer> Disks { get; init; } = [];

    internal IReadOnlyList<SimulatedInstanceOffer> Instances { get; init; } = [];

    internal IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Reads a script.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ScriptException">It can't be read, is no JSON, or says what no script can say.</exception>
    public static Simulation Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ScriptException($"{path} can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a script from its text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="ScriptException">It is no JSON, or says what no script can say.</exception>
    public static Simulation Parse(string json, string source = "script") => ScriptReader.Read(json, source);
}

/// <summary>How long things take when nothing goes wrong.</summary>
internal sealed record Delays(
    Delay DiskCreate, Delay DiskDelete, Delay InstanceCreate, Delay InstanceDelete, Delay Detach)
{
    public static readonly Delays None = new(Delay.None, Delay.None, Delay.None, Delay.None, Delay.None);
}

/// <summary>A disk offer, and how much there is in all; null where it is without end.</summary>
internal sealed record SimulatedDiskOffer(DiskOffer Offer, ByteSize? Capacity);

/// <summary>An instance offer, and how many there are in all; null where it is without end.</summary>
internal sealed record SimulatedInstanceOffer(InstanceOffer Offer, int? Count);
