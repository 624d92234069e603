using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Simulated;

/// <summary>What can go wrong at the simulated place. docs/guides/rehearse-failure.md says what each does.</summary>
internal enum FaultKind
{
    /// <summary>It takes longer until the thing is made, or is gone.</summary>
    Slow,

    /// <summary>Done at once, told only after a while.</summary>
    SlowReply,

    Refused,
    OutOfStock,
    Unauthorized,
    Throttled,
    Unreachable,

    /// <summary>Done, but not told.</summary>
    LostReply,

    /// <summary>Neither done nor told.</summary>
    LostRequest,

    /// <summary>Not told, and done only after a while.</summary>
    Late,

    /// <summary>Two are made under one name, and one is told of.</summary>
    Duplicate,

    /// <summary>The disk is accepted, and then fails for good.</summary>
    Fails,

    /// <summary>The instance ends by itself.</summary>
    Ends,

    /// <summary>The instance is gone, and its disks are still held for a while.</summary>
    StuckDetach,

    /// <summary>What is looked at is shown in a state that it isn't in.</summary>
    WrongStatus,

    /// <summary>What is looked at is gone, without anybody's doing.</summary>
    Disappears,

    /// <summary>Offers cost more or less.</summary>
    Price,

    /// <summary>Offers are shown without stock.</summary>
    SoldOut,
}

/// <summary>A fault of a script: what happens, to which calls, and when.</summary>
internal sealed record Fault
{
    public required FaultKind Kind { get; init; }

    public required IReadOnlySet<Verb> On { get; init; }

    /// <summary>Numbers of calls of one verb, from 1; null for any.</summary>
    public IReadOnlySet<long>? Calls { get; init; }

    public double? Probability { get; init; }

    /// <summary>Since the place's first start.</summary>
    public TimeSpan? From { get; init; }

    /// <summary>Since the place's first start; from then on it does not happen any more.</summary>
    public TimeSpan? Until { get; init; }

    /// <summary>How often it happens at the most.</summary>
    public int? Times { get; init; }

    /// <summary>How long what it makes slow or late takes.</summary>
    public Delay Duration { get; init; } = Delay.None;

    public TimeSpan? RetryAfter { get; init; }

    public decimal Factor { get; init; } = 1;

    public RemoteDiskState? DiskState { get; init; }

    public RemoteInstanceState? InstanceState { get; init; }

    public int ExitCode { get; init; }

    /// <summary>What the place says about it.</summary>
    public required string Words { get; init; }

    /// <summary>
    /// Under which the books count how often it happened: the same as long as the script says the same.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>Whether it happens to a call, as far as the script alone can tell.</summary>
    public bool Befalls(Verb verb, long number, TimeSpan sinceStart, Chance chance) =>
        On.Contains(verb)
        && Calls?.Contains(number) is not false
        && !(sinceStart < From)
        && !(sinceStart >= Until)
        && (Probability is not { } probability || chance.Share($"{Key}/{verb.NameOf()}", number) < probability);

    /// <summary>What the call ends with before it has done anything; null where it goes on.</summary>
    public ProviderException? InsteadOfActing() => Kind switch
    {
        FaultKind.Refused => new RefusedException(Words),
        FaultKind.OutOfStock => new OutOfStockException(Words),
        FaultKind.Unauthorized => new UnauthorizedException(Words),
        FaultKind.Throttled => new ThrottledException(Words, RetryAfter),
        FaultKind.Unreachable => new UnreachableException(Words),
        FaultKind.LostRequest => new UnknownOutcomeException(Words),
        _ => null,
    };

    /// <summary>What the call ends with after it has been done or taken up; null where its answer is told.</summary>
    public ProviderException? InsteadOfTelling() =>
        Kind is FaultKind.LostReply or FaultKind.Late ? new UnknownOutcomeException(Words) : null;
}

/// <summary>Which calls a fault can befall, and what is said where the script says nothing.</summary>
internal static class FaultKinds
{
    private static readonly Verb[] Creates = [Verb.DiskCreate, Verb.InstanceCreate];
    private static readonly Verb[] Changes =
        [Verb.DiskCreate, Verb.DiskDelete, Verb.InstanceCreate, Verb.InstanceDelete];
    private static readonly Verb[] Looks = [Verb.DiskLook, Verb.DiskList, Verb.InstanceLook, Verb.InstanceList];
    private static readonly Verb[] Offers = [Verb.DiskOffers, Verb.InstanceOffers];

    public static IReadOnlyList<Verb> CanBefall(FaultKind kind) => kind switch
    {
        FaultKind.Slow or FaultKind.LostReply or FaultKind.LostRequest => Changes,
        FaultKind.OutOfStock or FaultKind.Late or FaultKind.Duplicate => Creates,
        FaultKind.Fails => [Verb.DiskCreate],
        FaultKind.Ends => [Verb.InstanceCreate, Verb.InstanceLook, Verb.InstanceList],
        FaultKind.StuckDetach => [Verb.InstanceDelete],
        FaultKind.WrongStatus or FaultKind.Disappears => Looks,
        FaultKind.Price or FaultKind.SoldOut => Offers,
        _ => Verbs.All,
    };

    public static string WordsOf(FaultKind kind) => kind switch
    {
        FaultKind.Refused => "The simulated provider refuses this.",
        FaultKind.OutOfStock => "The simulated provider has none left now.",
        FaultKind.Unauthorized => "The simulated provider does not accept our credentials.",
        FaultKind.Throttled => "The simulated provider is asked too often.",
        FaultKind.Unreachable => "The simulated provider can't be reached.",
        FaultKind.LostReply or FaultKind.LostRequest or FaultKind.Late =>
            "The connection to the simulated provider broke before it answered.",
        FaultKind.Fails => "The simulated provider could not make it.",
        FaultKind.Ends => "The simulated instance ended by itself.",
        FaultKind.StuckDetach => "The simulated provider is still detaching it.",
        FaultKind.WrongStatus => "The simulated provider shows a wrong status.",
        _ => "",
    };
}
