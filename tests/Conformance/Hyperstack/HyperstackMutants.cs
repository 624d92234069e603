using System.Runtime.CompilerServices;
using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Hyperstack;

namespace Mooring.Conformance.Tests.Hyperstack;

/// <summary>The adapter with one fault: a verb is done as somebody in a hurry might do it.</summary>
internal abstract class HyperstackMutant(IDiskProvider real, HyperstackClient client) : IDiskProvider
{
    private const int PageSize = 2;

    public TimeSpan SettlingTime => Real.SettlingTime;

    protected IDiskProvider Real { get; } = real;

    protected HyperstackClient Client { get; } = client;

    protected Volumes Volumes { get; } = new(client, PageSize);

    public Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct) => Real.ListOffersAsync(ct);

    public virtual Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct) =>
        Real.EnsureCreatedAsync(spec, ct);

    public virtual Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) =>
        Real.ObserveAsync(disk, ct);

    public virtual Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct) =>
        Real.EnsureDeletedAsync(disk, ct);

    public virtual IAsyncEnumerable<RemoteDisk> ListAsync(CancellationToken ct) => Real.ListAsync(ct);
}

/// <summary>Creates without a look, and takes the collision of names for a no.</summary>
internal sealed class PostsWithoutALook(IDiskProvider real, HyperstackClient client) : HyperstackMutant(real, client)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        await Real.ObserveAsync(new DiskRef(spec.Name, null), ct);
        var made = await Volumes.CreateAsync(
            new NewVolume(spec.Name, Regions.EnvironmentOf(spec.DataCenter!), spec.Size.WholeGiB, spec.CloudId!, ""),
            ct);
        return made.Verdict == Verdict.Done
            ? await Real.ObserveAsync(new DiskRef(spec.Name, null), ct)
            : throw new RefusedException(made.Words);
    }
}

/// <summary>Takes a volume for the disk if its name contains the disk's, as the vendor's own driver does.</summary>
internal sealed class MatchesPartOfAName(IDiskProvider real, HyperstackClient client) : HyperstackMutant(real, client)
{
    public override async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        var seen = await Real.ObserveAsync(disk, ct);
        var part = (await Volumes.ListAsync(ct)).FirstOrDefault(
            volume => volume.Name!.Contains(disk.Name, StringComparison.Ordinal));
        return seen.State != RemoteDiskState.Absent || part is null
            ? seen
            : new DiskObservation(RemoteDiskState.Ready, Told.IdOf(part.Id));
    }
}

/// <summary>Reads a list once, and believes it where its first page is empty or short.</summary>
internal sealed class BelievesAShortPage(IDiskProvider real, HyperstackClient client) : HyperstackMutant(real, client)
{
    public override async IAsyncEnumerable<RemoteDisk> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var listing = new Listing<WireVolume>(
            async page => await Client.ReadAsync(
                $"core/volumes?page={page}&pageSize=1", WireJson.Default.VolumePage, ct),
            volume => volume.Id,
            pageSize: 1);
        foreach (var volume in await listing.ReadOnceAsync())
        {
            if (RemoteName.IdIn(Site.Installation, volume.Name!) is not null)
            {
                yield return new RemoteDisk(
                    volume.Name!,
                    Told.IdOf(volume.Id),
                    ByteSize.FromGiB(volume.Size),
                    volume.Status == "available" ? RemoteDiskState.Ready : RemoteDiskState.Creating);
            }
        }
    }
}

/// <summary>Reads the first page only.</summary>
internal sealed class ReadsOnePage(IDiskProvider real, HyperstackClient client) : HyperstackMutant(real, client)
{
    public override async IAsyncEnumerable<RemoteDisk> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var page = await Client.ReadAsync("core/volumes?page=1&pageSize=2", WireJson.Default.VolumePage, ct);
        foreach (var volume in page.Volumes!)
        {
            if (RemoteName.IdIn(Site.Installation, volume.Name!) is not null)
            {
                yield return new RemoteDisk(
                    volume.Name!, Told.IdOf(volume.Id), ByteSize.FromGiB(volume.Size), RemoteDiskState.Ready);
            }
        }
    }
}

/// <summary>Knows a volume by its name only, as the vendor's own driver does.</summary>
internal sealed class TakesARenamedDiskForGone(IDiskProvider real, HyperstackClient client)
    : HyperstackMutant(real, client)
{
    public override Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) =>
        base.ObserveAsync(disk with { RemoteId = null }, ct);
}

/// <summary>Sends a GET again whose answer was lost, whatever it does at the cloud.</summary>
internal sealed class SendsGetsAgain(HttpMessageHandler network) : DelegatingHandler(network)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException) when (request.Method == HttpMethod.Get)
        {
            using var again = new HttpRequestMessage(HttpMethod.Get, request.RequestUri);
            again.Headers.Add("api_key", request.Headers.GetValues("api_key"));
            return await base.SendAsync(again, cancellationToken);
        }
    }
}

/// <summary>The disk suite with a set-up. Not public, so that the test framework leaves it to the meta-tests.</summary>
internal sealed class VariedDiskConformance(HyperstackSetUp setUp) : DiskConformance
{
    public override string Provider => "hyperstack";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable =>
        new HyperstackDiskConformance().NotApplicable;

    protected override async Task<Site> OpenAsync(Circumstance circumstance) =>
        await HyperstackSite.OpenAsync(circumstance, HyperstackFaults.Volumes, Ct, setUp);
}

/// <summary>The instance suite with a set-up; not public for the same reason.</summary>
internal sealed class VariedInstanceConformance(HyperstackSetUp setUp) : InstanceConformance
{
    public override string Provider => "hyperstack";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable =>
        new HyperstackInstanceConformance().NotApplicable;

    protected override async Task<Site> OpenAsync(Circumstance circumstance) =>
        await HyperstackSite.OpenAsync(circumstance, HyperstackFaults.Machines, Ct, setUp);
}
