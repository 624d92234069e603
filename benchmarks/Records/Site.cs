namespace Mooring.Benchmarks.Records;

/// <summary>An installation's data directory with its records, and how many ACTIVE disks are in them.</summary>
internal sealed record Site(Engine Engine, string Data, int Disks);
