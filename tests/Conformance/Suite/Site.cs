using Mooring.Providers;
using Mooring.Providers.Billing;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>
/// One account at a place, made for one case, with nothing in it. What a case can't do through the provider is here:
/// letting something go wrong, letting time pass, and knowing what is truly there.
/// </summary>
public abstract class Site : IAsyncDisposable
{
    /// <summary>The installation id that the place's providers are set up with.</summary>
    public const string Installation = "k3p9x2mq";

    /// <summary>Another installation that uses the same account.</summary>
    public const string OtherInstallation = "zzzzzzzz";

    /// <summary>The providers of the first process.</summary>
    public abstract OneProcess Providers { get; }

    /// <summary>The place's clock.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>What the place says when it refuses.</summary>
    public virtual string Words => "It does not do this.";

    /// <summary>How long the place asks to be left alone when it throttles.</summary>
    public virtual TimeSpan RetryAfter => TimeSpan.FromSeconds(7);

    /// <summary>Whether the place gives each thing an id of its own.</summary>
    public abstract bool GivesRemoteIds { get; }

    /// <summary>The exit code of an instance that ended by itself; null where the place tells none.</summary>
    public virtual int? ExitCode => 3;

    /// <summary>Calls that have reached the place; null where nobody counts them.</summary>
    public virtual long? CallsMade => null;

    /// <summary>Two sizes of which a disk may be.</summary>
    public abstract (ByteSize One, ByteSize Other) Sizes { get; }

    /// <summary>The providers of another process, which knows nothing of the first, at the same place.</summary>
    public abstract OneProcess OpenAnother();

    /// <summary>Lets time pass there; on a real clock, a moment.</summary>
    public abstract Task PassAsync(TimeSpan time);

    /// <summary>From here on the circumstance holds that the place was opened for.</summary>
    public abstract Task BeginAsync();

    /// <summary>It holds no longer, and calls that hang go on.</summary>
    public abstract Task EndAsync();

    /// <summary>Waits until so many calls hang, or are taken up by the place and not done.</summary>
    public abstract Task UntilUnderWayAsync(int calls);

    /// <summary>A disk as the provider's own offer allows it.</summary>
    public abstract DiskSpec Disk(string name);

    /// <summary>A disk that several instances may hold.</summary>
    public virtual DiskSpec SharedDisk(string name) => throw new NotSupportedException("It has no instances.");

    /// <summary>An instance as the provider's own offer allows it.</summary>
    public virtual InstanceSpec Instance(string name, params IReadOnlyList<DiskSpec> disks) =>
        throw new NotSupportedException("It has no instances.");

    /// <summary>Every disk there, whoever's it is; those that are still going too, those still to come not.</summary>
    public abstract Task<IReadOnlyList<TrueDisk>> DisksThereAsync();

    /// <summary>Every instance there, likewise.</summary>
    public virtual Task<IReadOnlyList<TrueInstance>> InstancesThereAsync() =>
        throw new NotSupportedException("It has no instances.");

    /// <summary>What each thing that is or was there has cost so far, by the place's own books.</summary>
    public virtual Task<IReadOnlyList<TrueCharge>> ChargesAsync() =>
        throw new NotSupportedException("It charges nothing.");

    /// <summary>Makes a disk there, under any name, without the provider.</summary>
    public abstract Task PlantDiskAsync(string name);

    /// <summary>Gives a disk there another name without the provider, as somebody does in a console.</summary>
    public virtual Task RenameDiskAsync(string from, string to) =>
        throw new NotSupportedException("Its disks have no id but their name.");

    /// <summary>Makes an instance there, likewise.</summary>
    public virtual Task PlantInstanceAsync(string name) => throw new NotSupportedException("It has no instances.");

    public abstract ValueTask DisposeAsync();
}

/// <summary>What one process has of a place.</summary>
/// <param name="Disks">Its disks.</param>
/// <param name="Instances">Its instances; null where the place has none.</param>
/// <param name="Billing">What it says that it charges; null where it says nothing.</param>
public sealed record OneProcess(
    IDiskProvider Disks, IInstanceProvider? Instances, IProviderBilling? Billing = null);

/// <summary>A disk as it truly is.</summary>
public sealed record TrueDisk(string Name, ByteSize Size, bool IsReady);

/// <summary>An instance as it truly is.</summary>
public sealed record TrueInstance(string Name, bool IsReady);

/// <summary>What a thing has truly cost.</summary>
public sealed record TrueCharge(ChargedKind Kind, string RemoteId, decimal Usd);
