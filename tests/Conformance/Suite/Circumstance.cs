namespace Mooring.Conformance.Tests.Suite;

/// <summary>
/// What a case needs of a place: something that goes wrong there from <see cref="Site.BeginAsync"/> on, or a
/// capability. Where a place can't have it, its set-up says why (<see cref="VerbConformance.NotApplicable"/>), and
/// docs/providers.md repeats it.
/// </summary>
public enum Circumstance
{
    /// <summary>A place where nothing goes wrong.</summary>
    None,

    /// <summary>The next create is done, and whoever asked is not told.</summary>
    LostCreateReply,

    /// <summary>The next create is neither done nor told.</summary>
    LostCreateRequest,

    /// <summary>The next delete is done, and whoever asked is not told.</summary>
    LostDeleteReply,

    /// <summary>The next delete is neither done nor told.</summary>
    LostDeleteRequest,

    /// <summary>The next create is not told, and done only later, within the settling time.</summary>
    LateCreate,

    /// <summary>The next create makes two under one name.</summary>
    Duplicate,

    /// <summary>What is created takes until <see cref="Site.EndAsync"/> to be ready.</summary>
    SlowCreate,

    /// <summary>What is deleted takes until <see cref="Site.EndAsync"/> to be gone.</summary>
    SlowDelete,

    /// <summary>Until the end creates are refused, with <see cref="Site.Words"/>.</summary>
    Refusal,

    /// <summary>Until the end there is no room for anything new.</summary>
    OutOfStock,

    /// <summary>Until the end our credentials are not accepted.</summary>
    BadCredentials,

    /// <summary>Until the end every call is throttled, with <see cref="Site.RetryAfter"/>.</summary>
    Throttling,

    /// <summary>Until the end the place can't be read or reached.</summary>
    Unreachability,

    /// <summary>A list of five comes in several pages, and the second page of the next one can't be read.</summary>
    BrokenList,

    /// <summary>The first page of the next list is empty, because what was on it has just vanished.</summary>
    EmptyPage,

    /// <summary>The look that follows the next create can't be made.</summary>
    BlindAfterCreate,

    /// <summary>What is there vanishes without anybody's call.</summary>
    Vanishing,

    /// <summary>Until the end create calls hang in their middle.</summary>
    HangingCreate,

    /// <summary>Until the end delete calls hang in their middle.</summary>
    HangingDelete,

    /// <summary>Until the end looks hang in their middle.</summary>
    HangingLook,

    /// <summary>Until the end lists hang in their middle.</summary>
    HangingList,

    /// <summary>Until the end create calls hang between their look and their change.</summary>
    Overlap,

    /// <summary>Until the end any call may go wrong in any of these ways, by a fixed seed.</summary>
    Storm,

    /// <summary>
    /// The place says what it charges; until the end any call may go wrong, as in a <see cref="Storm"/>.
    /// </summary>
    Billing,

    /// <summary>The place gives disks ids of its own, by which one that was renamed is still known.</summary>
    KnownById,

    /// <summary>Disks can be attached by an agent to a host of ours.</summary>
    AttachableByHost,

    /// <summary>What an instance writes can be read.</summary>
    Log,

    /// <summary>Disks are named in the call that creates an instance.</summary>
    DisksNamedAtCreation,

    /// <summary>A disk is held by one instance at a time.</summary>
    OneHolder,

    /// <summary>A disk can be held by several instances at once.</summary>
    SharedDisks,

    /// <summary>The disks of an instance that is gone stay held until the end.</summary>
    StuckDetach,

    /// <summary>The next instance ends by itself, with <see cref="Site.ExitCode"/>.</summary>
    EndsByItself,
}

/// <summary>Says which circumstance a case needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsAttribute(Circumstance circumstance) : Attribute
{
    public Circumstance Circumstance { get; } = circumstance;
}
