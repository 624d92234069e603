using Mooring.Providers.Disks;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Disks;

/// <summary>What can be asked of a disk's provider.</summary>
internal enum DiskCall
{
    EnsureCreated,
    Observe,
    EnsureDeleted,
}

/// <summary>What to do next for a disk.</summary>
internal abstract record DiskStep
{
    private DiskStep() { }

    /// <summary>Nothing, until somebody wishes something.</summary>
    public sealed record Nothing : DiskStep;

    /// <summary>Nothing before a point in time.</summary>
    public sealed record WaitUntil(DateTimeOffset Time) : DiskStep;

    /// <summary>No call: a deadline has passed, and <see cref="DiskAnswer.TimePassed"/> says what that means.</summary>
    public sealed record TimePasses : DiskStep;

    /// <summary>One call to the provider.</summary>
    public sealed record Ask(DiskCall Call) : DiskStep;

    public static readonly DiskStep Rest = new Nothing();
    public static readonly DiskStep LetTimePass = new TimePasses();
    public static readonly DiskStep EnsureCreated = new Ask(DiskCall.EnsureCreated);
    public static readonly DiskStep Observe = new Ask(DiskCall.Observe);
    public static readonly DiskStep EnsureDeleted = new Ask(DiskCall.EnsureDeleted);
}

/// <summary>What came of a step.</summary>
internal abstract record DiskAnswer
{
    private DiskAnswer() { }

    /// <summary>No call was made; a deadline has passed.</summary>
    public sealed record TimePassed : DiskAnswer;

    /// <summary>The provider answered.</summary>
    public sealed record Saw(DiskCall Asked, DiskObservation Seen) : DiskAnswer
    {
        /// <summary>The disk of ours that has the id of what was seen, by the records; null if that is none.</summary>
        public DiskId? Other { get; init; }
    }

    /// <summary>The provider did not do it, or we don't know.</summary>
    /// <param name="Asked">What it was asked.</param>
    /// <param name="Kind">How it failed.</param>
    /// <param name="Words">In the provider's words.</param>
    /// <param name="RetryAfter">How long it asks us to wait, where it does.</param>
    /// <param name="SettlingTime">How long a create call of unknown outcome may still take effect there.</param>
    public sealed record Failed(
        DiskCall Asked, FailureKind Kind, string Words, TimeSpan? RetryAfter, TimeSpan SettlingTime) : DiskAnswer;
}
