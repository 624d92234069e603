namespace Mooring.Simulators.Hyperstack;

/// <summary>What the account has and had, what it cost, and what was asked. Reading it is no call.</summary>
/// <param name="Volumes">Every volume there ever was, the first first.</param>
/// <param name="Machines">Every virtual machine.</param>
/// <param name="Calls">Requests by route.</param>
/// <param name="Faults">What went wrong.</param>
public sealed record Books(
    IReadOnlyList<BookedVolume> Volumes,
    IReadOnlyList<BookedMachine> Machines,
    IReadOnlyDictionary<string, long> Calls,
    IReadOnlyList<MetFault> Faults);

/// <summary>A volume.</summary>
/// <param name="Id">The cloud's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Environment">Where it is.</param>
/// <param name="SizeGb">Its size.</param>
/// <param name="Status">Its true status now; <c>gone</c> for one that is not there.</param>
/// <param name="IsThere">Whether it is there, in whatever status.</param>
/// <param name="Since">From when on.</param>
/// <param name="Until">When it was deleted or vanished; null for one that stays.</param>
/// <param name="CostUsd">What it has cost: every minute begun, from its creation to its deletion.</param>
public sealed record BookedVolume(
    long Id,
    string Name,
    string Environment,
    long SizeGb,
    string Status,
    bool IsThere,
    DateTimeOffset Since,
    DateTimeOffset? Until,
    decimal CostUsd);

/// <summary>A virtual machine.</summary>
/// <param name="Id">The cloud's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Flavor">What it is.</param>
/// <param name="Status">Its true status now; <c>gone</c> for one that is not there.</param>
/// <param name="IsThere">Whether it is there.</param>
/// <param name="Since">From when on.</param>
/// <param name="Until">When it was deleted or vanished; null for one that stays.</param>
/// <param name="VolumeIds">Volumes that it holds now.</param>
/// <param name="CostUsd">What it has cost: every minute begun in which it was ACTIVE or SHUTOFF.</param>
public sealed record BookedMachine(
    long Id,
    string Name,
    string Flavor,
    string Status,
    bool IsThere,
    DateTimeOffset Since,
    DateTimeOffset? Until,
    IReadOnlyList<long> VolumeIds,
    decimal CostUsd);

/// <summary>A fault that happened.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Route">To which call.</param>
public sealed record MetFault(DateTimeOffset At, FaultKind Kind, string Route);
