using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Local;

namespace Mooring.Conformance.Tests.Local;

/// <summary>
/// A process that is killed in the middle of a call: what it leaves in the directory is what SIGKILL leaves there, and
/// whoever comes after it knows as much as after an unknown outcome. mkfs is not run to its end where the process ends
/// before it; a locked draft can't be left, as the kernel takes the lock from a process that ends.
/// </summary>
internal sealed class DyingProcess(LocalDisks disks, string directory, DyingProcess.Plan plan)
    : IDiskProvider, IHostAttachable
{
    private int _drafts;

    /// <summary>Where processes die; shared by all of one place.</summary>
    internal sealed class Plan(Circumstance circumstance)
    {
        private readonly Random _random = new(20260302);

        public bool IsOn { get; set; }

        /// <summary>Whether anybody dies here at all.</summary>
        public bool IsForDying => circumstance is Circumstance.Storm
            or Circumstance.LostCreateReply or Circumstance.LostCreateRequest
            or Circumstance.LostDeleteReply or Circumstance.LostDeleteRequest;

        /// <summary>Whether the process dies at this point: always the first time, or in a storm at random.</summary>
        public bool Dies(Circumstance point)
        {
            if (!IsOn)
            {
                return false;
            }

            if (circumstance == Circumstance.Storm)
            {
                return _random.Next(4) == 0;
            }

            IsOn = circumstance != point;
            return circumstance == point;
        }
    }

    public TimeSpan SettlingTime => disks.SettlingTime;

    public Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct) => disks.ListOffersAsync(ct);

    public async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        if (plan.Dies(Circumstance.LostCreateRequest))
        {
            await File.WriteAllTextAsync(NewDraft(spec.Name), "half an image", ct);
            throw Died();
        }

        var answer = await disks.EnsureCreatedAsync(spec, ct);
        if (!plan.Dies(Circumstance.LostCreateReply))
        {
            return answer;
        }

        // Linked to its true name, and not yet unlinked from the temporary one.
        Posix.Link(Path.Join(directory, spec.Name + ".img"), NewDraft(spec.Name));
        throw Died();
    }

    public Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) => disks.ObserveAsync(disk, ct);

    public async Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        if (plan.Dies(Circumstance.LostDeleteRequest))
        {
            throw Died();
        }

        var answer = await disks.EnsureDeletedAsync(disk, ct);
        return plan.Dies(Circumstance.LostDeleteReply) ? throw Died() : answer;
    }

    public IAsyncEnumerable<RemoteDisk> ListAsync(CancellationToken ct) => disks.ListAsync(ct);

    public Task<HostAttachSource> DescribeAttachAsync(DiskRef disk, CancellationToken ct) =>
        disks.DescribeAttachAsync(disk, ct);

    public HostAttachSource Identify(DiskRef disk) => disks.Identify(disk);

    private static UnknownOutcomeException Died() => new("The process was killed; what it did is not known.");

    private string NewDraft(string name) =>
        Path.Join(directory, $".creating-{name}-{Interlocked.Increment(ref _drafts):x16}");
}
