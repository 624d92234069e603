using System.Runtime.InteropServices;
using CsCheck;

namespace Mooring.Server.Tests.Histories;

/// <summary>Something that happens in a history.</summary>
internal enum ActKind
{
    /// <summary>A user creates a disk.</summary>
    CreateDisk,

    /// <summary>A user creates a pod with up to two of the disks.</summary>
    CreatePod,
    RenameDisk,
    DeleteDisk,
    DeletePod,

    /// <summary>A user forbids the deletion of a disk.</summary>
    ForbidDeletion,

    /// <summary>A user lifts that.</summary>
    AllowDeletion,

    /// <summary>An operator lets a disk rest.</summary>
    SuspendDisk,
    ResumeDisk,

    /// <summary>An operator has what waits or failed tried again.</summary>
    RetryDisk,
    RetryPod,

    /// <summary>An operator ends whatever holds a disk.</summary>
    ForceDetach,

    /// <summary>Time passes.</summary>
    Pass,

    /// <summary>The wall clock is set back.</summary>
    StepBack,

    /// <summary>The inventory compares what is there with what should be, and makes rows due.</summary>
    Sweep,

    /// <summary>A signal says that something changed, truly or not, and makes a row due.</summary>
    Nudge,

    /// <summary>A worker claims a due row.</summary>
    Claim,

    /// <summary>A worker decides what is next for its row and makes the call.</summary>
    Ask,

    /// <summary>The answer is written.</summary>
    Answer,

    /// <summary>A worker does all that is to be done for a row, undisturbed.</summary>
    Work,

    /// <summary>A worker dies in whatever it is doing.</summary>
    Lose,

    /// <summary>The process dies and starts again.</summary>
    Crash,

    /// <summary>What is on its way at the providers arrives.</summary>
    Progress,

    /// <summary>A disk at the provider fails, is deleted by somebody, or comes back after it was gone.</summary>
    DiskMishap,

    /// <summary>An instance ends by itself, is removed by somebody, or comes back after it was gone.</summary>
    PodMishap,

    /// <summary>The host starts again.</summary>
    Reboot,
}

/// <summary>
/// One act of a history: what it is about and how it goes are numbers, so that any list of acts can be played.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Act(ActKind Kind, int Which, int How)
{
    private static readonly Gen<ActKind> Kinds = Gen.Frequency(
        (4, ActKind.CreateDisk),
        (6, ActKind.CreatePod),
        (1, ActKind.RenameDisk),
        (3, ActKind.DeleteDisk),
        (3, ActKind.DeletePod),
        (1, ActKind.ForbidDeletion),
        (1, ActKind.AllowDeletion),
        (2, ActKind.SuspendDisk),
        (2, ActKind.ResumeDisk),
        (3, ActKind.RetryDisk),
        (2, ActKind.RetryPod),
        (1, ActKind.ForceDetach),
        (9, ActKind.Pass),
        (1, ActKind.StepBack),
        (2, ActKind.Sweep),
        (2, ActKind.Nudge),
        (12, ActKind.Claim),
        (16, ActKind.Ask),
        (14, ActKind.Answer),
        (12, ActKind.Work),
        (2, ActKind.Lose),
        (1, ActKind.Crash),
        (4, ActKind.Progress),
        (2, ActKind.DiskMishap),
        (3, ActKind.PodMishap),
        (1, ActKind.Reboot));

    // A number that stands for a call which succeeds at once.
    private const int Well = 8;

    private static readonly Act[] DisksReady =
    [
        new(ActKind.CreateDisk, 0, 1), new(ActKind.Work, 0, Well),
        new(ActKind.CreateDisk, 0, 0), new(ActKind.Work, 0, Well),
    ];

    // Histories begin with nothing, with a single-holder disk and a shared one, or with a pod that holds both.
    private static readonly Gen<Act[]> Openings =
        Gen.OneOf<Act[]>(
            [],
            DisksReady,
            [.. DisksReady, .. PodReady(autoRestart: 0)],
            [.. DisksReady, .. PodReady(autoRestart: 1)]);

    private static readonly Gen<Act> One = Gen.Select(
        Kinds, Gen.Int[0, 7], Gen.Int[0, CallScript.Ways - 1], (kind, which, how) => new Act(kind, which, how));

    /// <summary>Histories of up to so many acts, after an opening.</summary>
    public static Gen<Act[]> Histories(int most) => Gen.Select(
        Openings,
        One.Array[1, most],
        (opening, acts) => (Act[])[.. opening, .. acts]);

    private static Act[] PodReady(int autoRestart) =>
    [
        new(ActKind.CreatePod, 2, autoRestart), new(ActKind.Work, 0, Well), new(ActKind.Pass, 0, 3),
        new(ActKind.Work, 0, Well), new(ActKind.Pass, 0, 3), new(ActKind.Work, 0, Well),
    ];

    public override string ToString() => $"new(ActKind.{Kind}, {Which}, {How})";
}
