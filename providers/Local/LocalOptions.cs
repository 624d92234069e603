namespace Mooring.Providers.Local;

/// <summary>Where this machine's disks lie, what they cost, and how much room there is for them.</summary>
public sealed record LocalOptions
{
    /// <summary>The installation's id: 8 letters or digits (<see cref="RemoteName"/>).</summary>
    public required string InstallationId { get; init; }

    /// <summary>
    /// The directory that holds the image files and nothing else; <c>DATA/disks</c>. It is on a file system with
    /// sparse files and hard links (ext4, xfs, btrfs).
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>The provider's name in offers; <c>local</c>.</summary>
    public string ProviderType { get; init; } = "local";

    /// <summary>The data center in offers; by default this machine's name.</summary>
    public string DataCenter { get; init; } = Environment.MachineName;

    /// <summary>ISO 3166-1 alpha-2 code.</summary>
    public string Country { get; init; } = "US";

    /// <summary>One of the contract's regions (section 12).</summary>
    public string Region { get; init; } = "united_states";

    /// <summary>USD per GB (2^30 bytes) and hour; 0.00015.</summary>
    public Money PricePerGiBHour { get; init; } = Money.FromUsd(0.00015m);

    /// <summary>
    /// What all disks together may take. Null, the default: what the file system has for them, less
    /// <see cref="Reserve"/>.
    /// </summary>
    public ByteSize? Capacity { get; init; }

    /// <summary>
    /// What is left free on the file system when every disk is full. Null, the default: 5 % of the file system, 2 GiB
    /// at least. Without a meaning where <see cref="Capacity"/> is given.
    /// </summary>
    public ByteSize? Reserve { get; init; }

    /// <summary>Stops options that make no sense.</summary>
    /// <exception cref="ArgumentException">They don't; the message says which and why.</exception>
    internal static void Check(LocalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.InstallationId.Length != 8 || !options.InstallationId.All(char.IsAsciiLetterOrDigit))
        {
            throw new ArgumentException(
                $"'{options.InstallationId}' is not an installation id: 8 letters or digits.", nameof(options));
        }

        if (!Path.IsPathFullyQualified(options.Directory))
        {
            throw new ArgumentException(
                $"The disk directory '{options.Directory}' is not an absolute path.", nameof(options));
        }

        if (options.PricePerGiBHour < Money.Zero || options.Capacity < ByteSize.Zero || options.Reserve < ByteSize.Zero)
        {
            throw new ArgumentException("Price, capacity and reserve are zero or more.", nameof(options));
        }
    }
}
