using Mooring.Providers.Disks;

namespace Mooring.Providers.Hyperstack;

/// <summary>What a volume is up to.</summary>
internal enum VolumePhase
{
    Making,
    Free,
    Held,
    Detaching,
    Deleting,
    Failed,
    Unknown,
}

/// <summary>The calls about volumes.</summary>
internal sealed class Volumes(HyperstackClient client, int pageSize)
{
    /// <summary>
    /// Volumes of exactly this name, the first made first. The cloud's search is by part of a name (assumed), so that
    /// what it finds is held against the name again.
    /// </summary>
    public async Task<IReadOnlyList<WireVolume>> FindAsync(string name, CancellationToken ct) =>
        Named(name, await Listing($"search={Uri.EscapeDataString(name)}&", ct).ReadOnceAsync());

    /// <summary>The volumes of the disk's name that it may be.</summary>
    public async Task<IReadOnlyList<WireVolume>> FindAsync(DiskRef disk, CancellationToken ct) =>
        Among(disk, await FindAsync(disk.Name, ct));

    /// <summary>
    /// All volumes that the disk may be (<see cref="DiskRef.Among"/>), the first made first. If it seems that it is
    /// not there, by reading the whole list: only that proves an absence.
    /// </summary>
    public async Task<IReadOnlyList<WireVolume>> FindCertainlyAsync(DiskRef disk, CancellationToken ct) =>
        await FindAsync(disk, ct) is [var first, ..] found && disk.MayHave(Told.IdOf(first.Id))
            ? found
            : Among(disk, await ListAsync(ct));

    /// <summary>Every volume of the account that is there, whoever's it is.</summary>
    public async Task<IReadOnlyList<WireVolume>> ListAsync(CancellationToken ct) =>
        [.. (await Listing("", ct).ReadTwiceAsync()).Where(IsThere)];

    /// <summary>Makes one; the name is given once.</summary>
    public Task<Outcome<VolumeAnswer>> CreateAsync(NewVolume volume, CancellationToken ct) => client.ChangeAsync(
        HttpMethod.Post,
        "core/volumes",
        HyperstackClient.Json(volume, WireJson.Default.NewVolume),
        WireJson.Default.VolumeAnswer,
        ct);

    /// <summary>Removes one, for good.</summary>
    public Task<Outcome<Envelope>> DeleteAsync(long id, CancellationToken ct) => client.ChangeAsync(
        HttpMethod.Delete, FormattableString.Invariant($"core/volumes/{id}"), null, WireJson.Default.Envelope, ct);

    /// <summary>
    /// What its status says. Values from the vendor's docs and clients; reserved, attaching, detaching and the longer
    /// errors are OpenStack's words (assumed). Compared without case.
    /// </summary>
    public static VolumePhase PhaseOf(WireVolume volume) => volume.Status?.ToUpperInvariant() switch
    {
        "CREATING" or "DOWNLOADING" => VolumePhase.Making,
        "AVAILABLE" => Holds(volume).Any() ? VolumePhase.Detaching : VolumePhase.Free,
        "RESERVED" or "ATTACHING" or "IN-USE" => IsBeingLetGo(volume) ? VolumePhase.Detaching : VolumePhase.Held,
        "DETACHING" => VolumePhase.Detaching,
        "DELETING" => VolumePhase.Deleting,
        "ERROR" or "ERROR_DELETING" or "ERROR_EXTENDING" or "ERROR_RESTORING" => VolumePhase.Failed,
        _ => VolumePhase.Unknown,
    };

    /// <summary>Attachments that are in force. Those that ended may stay in the list (vendor's driver).</summary>
    public static IEnumerable<WireVolumeAttachment> Holds(WireVolume volume) =>
        (volume.Attachments ?? []).Where(hold => Attachments.IsInForce(hold.Status));

    // We attach with protection, and take that away as the first step of detaching.
    private static bool IsBeingLetGo(WireVolume volume) =>
        Holds(volume).ToList() is { Count: > 0 } holds && holds.TrueForAll(hold => hold.Protected == false);

    private static IReadOnlyList<WireVolume> Among(DiskRef disk, IEnumerable<WireVolume> volumes) =>
        disk.Among(volumes, volume => volume.Name ?? "", volume => Told.IdOf(volume.Id));

    private static List<WireVolume> Named(string name, IEnumerable<WireVolume> volumes) =>
        [.. volumes.Where(volume => volume.Name == name && IsThere(volume))];

    // "deleteed" is what the vendor's Terraform provider waits for, beside "deleted".
    private static bool IsThere(WireVolume volume) =>
        volume.Status?.ToUpperInvariant() is not ("DELETED" or "DELETEED");

    private Listing<WireVolume> Listing(string filter, CancellationToken ct) => new(
        async page => await client.ReadAsync(
            FormattableString.Invariant($"core/volumes?{filter}page={page}&pageSize={pageSize}"),
            WireJson.Default.VolumePage,
            ct),
        volume => Attachments.AreWhole(volume.Attachments)
            ? volume.Id
            : throw HyperstackErrors.OfNonsense(changes: false),
        pageSize);
}

/// <summary>The states of an attachment.</summary>
internal static class Attachments
{
    /// <summary>
    /// Whether it binds volume and machine. What has ended may be shown for long, in words that nobody lists; that a
    /// volume is held nevertheless, its own status says.
    /// </summary>
    public static bool IsInForce(string? status) =>
        status?.ToUpperInvariant() is "ATTACHING" or "ATTACHED" or "DETACHING";

    /// <summary>Whether an answer tells each of them: one that is null might be the one that binds.</summary>
    public static bool AreWhole<T>(IReadOnlyList<T>? told)
        where T : class => told?.Contains(null!) != true;

    public static bool IsAttached(string? status) => Is(status, "ATTACHED");

    public static bool IsDetaching(string? status) => Is(status, "DETACHING");

    private static bool Is(string? status, string value) =>
        string.Equals(status, value, StringComparison.OrdinalIgnoreCase);
}
