using Mooring.Conformance.Tests.Simulated;
using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Simulated;

namespace Mooring.Conformance.Tests.Mutants;

/// <summary>
/// An adapter to the simulated cloud with one fault: the real adapter, save for a verb or two that are done as somebody
/// in a hurry might have done them.
/// </summary>
internal abstract class Mutant(IDiskProvider real, DiskCalls cloud) : IDiskProvider, IForeignDisks
{
    public TimeSpan SettlingTime => Real.SettlingTime;

    public Uri? IdScope => ((IForeignDisks)Real).IdScope;

    protected static string OwnPrefix => RemoteName.Prefix(Site.Installation);

    protected IDiskProvider Real { get; } = real;

    protected DiskCalls Cloud { get; } = cloud;

    public Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct) => Real.ListOffersAsync(ct);

    public virtual Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct) =>
        Real.EnsureCreatedAsync(spec, ct);

    public virtual Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) =>
        Real.ObserveAsync(disk, ct);

    public virtual Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct) =>
        Real.EnsureDeletedAsync(disk, ct);

    public virtual IAsyncEnumerable<RemoteDisk> ListAsync(CancellationToken ct) => Real.ListAsync(ct);

    public virtual IAsyncEnumerable<RemoteDisk> ListAllAsync(CancellationToken ct) =>
        ((IForeignDisks)Real).ListAllAsync(ct);

    protected static DiskObservation Of(SeenDisk seen) => new(seen.State, seen.Id, seen.Words);

    protected static DiskObservation OfFirst(IReadOnlyList<SeenDisk> seen) =>
        seen is [var first, ..] ? Of(first) : DiskObservation.Absent;

    protected static RemoteDisk Remote(SeenDisk disk) => new(disk.Name, disk.Id, disk.Size, disk.State);
}

/// <summary>The disk suite over a mutant. Not public, so that the test framework leaves it to the meta-test.</summary>
internal sealed class MutantDiskConformance(Adapter adapter, CallerRules rules) : DiskConformance
{
    public override string Provider => "simulated";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable =>
        new SimulatedDiskConformance().NotApplicable;

    private protected override CallerRules Rules => rules;

    protected override Task<Site> OpenAsync(Circumstance circumstance) =>
        Task.FromResult<Site>(new SimulatedSite(circumstance, "disk", adapter));
}

/// <summary>The instance suite over a mutant; not public for the same reason.</summary>
internal sealed class MutantInstanceConformance(Adapter adapter, CallerRules rules) : InstanceConformance
{
    public override string Provider => "simulated";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable =>
        new SimulatedInstanceConformance().NotApplicable;

    private protected override CallerRules Rules => rules;

    protected override Task<Site> OpenAsync(Circumstance circumstance) =>
        Task.FromResult<Site>(new SimulatedSite(circumstance, "instance", adapter));
}
