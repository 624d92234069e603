using Mooring.Conformance.Tests.Suite;
using Mooring.Simulators.Hyperstack;

namespace Mooring.Conformance.Tests.Hyperstack;

/// <summary>The faults of the simulator that make a circumstance.</summary>
internal static class HyperstackFaults
{
    /// <summary>The routes of volumes in the simulator's scripts.</summary>
    public const string Volumes = "volumes";

    /// <summary>The routes of virtual machines.</summary>
    public const string Machines = "vms";

    public const string Words = "Not with this account.";

    /// <summary>How long a circumstance lasts from its beginning.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(60);

    private static readonly double Long = Lasts.TotalSeconds;

    /// <param name="circumstance">What shall go wrong.</param>
    /// <param name="of">Of what: <see cref="Volumes"/> or <see cref="Machines"/>.</param>
    public static IReadOnlyList<Fault> For(Circumstance circumstance, string of)
    {
        string[] create = [$"{of}.create"];
        string[] delete = [$"{of}.delete"];
        string[] list = [$"{of}.list"];
        return circumstance switch
        {
            Circumstance.LostCreateReply => [Once(FaultKind.LostReply, create)],
            Circumstance.LostCreateRequest => [Once(FaultKind.LostRequest, create)],
            Circumstance.LostDeleteReply => [Once(FaultKind.LostReply, delete)],
            Circumstance.LostDeleteRequest => [Once(FaultKind.LostRequest, delete)],
            Circumstance.LateCreate => [Once(FaultKind.Late, create) with { Seconds = 20 }],
            Circumstance.Duplicate => [Once(FaultKind.Duplicate, create)],
            Circumstance.SlowCreate => [Always(FaultKind.Slow, create) with { Seconds = Long }],
            Circumstance.SlowDelete => [Always(FaultKind.Slow, delete) with { Seconds = Long }],
            Circumstance.Refusal => [Always(FaultKind.Refused, create) with { Words = Words }],
            Circumstance.OutOfStock => [Always(FaultKind.OutOfStock, create)],
            Circumstance.BadCredentials => [Always(FaultKind.Unauthorized, "*")],
            Circumstance.Throttling => [Always(FaultKind.Throttled, "*")],
            Circumstance.Unreachability => [Always(FaultKind.Unreachable, "*")],
            Circumstance.BrokenList => [Always(FaultKind.Unreachable, list) with { Calls = [2] }],
            Circumstance.EmptyPage or Circumstance.Vanishing => [Once(FaultKind.Disappears, list)],
            // Nothing is looked at before: the first look is the one before the change, the second the one after it.
            Circumstance.BlindAfterCreate => [Always(FaultKind.Unreachable, list) with { Calls = [2] }],
            Circumstance.HangingCreate => [Always(FaultKind.SlowReply, create) with { Seconds = Long }],
            Circumstance.HangingDelete => [Always(FaultKind.SlowReply, delete) with { Seconds = Long }],
            Circumstance.HangingLook or Circumstance.HangingList or Circumstance.Overlap =>
                [Always(FaultKind.SlowReply, list) with { Seconds = Long }],
            Circumstance.StuckDetach => [Always(FaultKind.StuckDetach, "vms.detach") with { Seconds = Long }],
            Circumstance.Storm or Circumstance.Billing => Storm(of),
            _ => [],
        };
    }

    /// <summary>Whether calls are held up, and not only befallen.</summary>
    public static bool Holds(Circumstance circumstance) => circumstance is Circumstance.HangingCreate
        or Circumstance.HangingDelete or Circumstance.HangingLook or Circumstance.HangingList or Circumstance.Overlap;

    private static Fault[] Storm(string of)
    {
        string[] changes = [$"{of}.create", $"{of}.delete"];
        string[] create = [changes[0]];
        return
        [
            // The first that meets a call is the one: the rarest chance of harm comes first.
            Always(FaultKind.Late, create) with { Probability = 0.35, Seconds = 5, SecondsMost = 30 },
            Always(FaultKind.LostReply, changes) with { Probability = 0.15 },
            Always(FaultKind.LostRequest, changes) with { Probability = 0.1 },
            Always(FaultKind.ServerError, changes) with { Probability = 0.05 },
            Always(FaultKind.Duplicate, create) with { Probability = 0.2 },
            Always(FaultKind.OutOfStock, create) with { Probability = 0.1 },
            Always(FaultKind.Slow, changes) with { Probability = 0.3, Seconds = 1, SecondsMost = 20 },
            Always(FaultKind.Unreachable, "*") with { Probability = 0.04 },
            Always(FaultKind.LostRequest, $"{of}.list") with { Probability = 0.02 },
            Always(FaultKind.Throttled, "*") with { Probability = 0.04 },
        ];
    }

    private static Fault Always(FaultKind kind, params IReadOnlyList<string> on) => new() { Kind = kind, On = on };

    private static Fault Once(FaultKind kind, IReadOnlyList<string> on) => Always(kind, on) with { Times = 1 };
}
