using Mooring.Providers.Instances;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Pods;

/// <summary>What can be asked of an instance's provider.</summary>
internal enum PodCall
{
    Attach,
    EnsureCreated,
    Observe,
    EnsureDeleted,
    Detach,
}

/// <summary>What to do next for a pod.</summary>
internal abstract record PodStep
{
    private PodStep() { }

    public sealed record Nothing : PodStep;

    public sealed record TimePasses : PodStep;

    /// <summary>One call about the instance.</summary>
    public sealed record Ask(PodCall Call) : PodStep;

    /// <summary>One call about one of its attachments.</summary>
    public sealed record AskAbout(PodCall Call, int Ordinal) : PodStep;

    public static readonly PodStep Rest = new Nothing();
    public static readonly PodStep LetTimePass = new TimePasses();
    public static readonly PodStep EnsureCreated = new Ask(PodCall.EnsureCreated);
    public static readonly PodStep Observe = new Ask(PodCall.Observe);
    public static readonly PodStep EnsureDeleted = new Ask(PodCall.EnsureDeleted);
}

/// <summary>What came of a step.</summary>
internal abstract record PodAnswer
{
    private PodAnswer() { }

    /// <summary>No call was made; a deadline has passed, or nothing is left to be asked.</summary>
    public sealed record TimePassed : PodAnswer;

    /// <summary>The provider answered about the instance.</summary>
    public sealed record Saw(PodCall Asked, InstanceObservation Seen) : PodAnswer;

    /// <summary>The host answered about an attachment.</summary>
    public sealed record SawAttachment(PodCall Asked, int Ordinal, AttachmentObservation Seen) : PodAnswer;

    /// <summary>It was not done, or we don't know.</summary>
    public sealed record Failed(
        PodCall Asked, FailureKind Kind, string Words, TimeSpan? RetryAfter, TimeSpan SettlingTime) : PodAnswer;
}
