using Mooring.Conformance.Tests.Suite;
using Mooring.Simulators.RunPod;

namespace Mooring.Conformance.Tests.RunPod;

/// <summary>The faults that make a circumstance at the simulated RunPod.</summary>
internal static class RunPodFaults
{
    public const string Words = "Not with this account.";
    public const int RetryAfterSeconds = 7;
    public const int FromSeconds = 60;

    // Shorter than a request may take, so that a call which hangs until the end is answered.
    private const int WindowSeconds = 7;

    /// <summary>When a circumstance is over, since the start.</summary>
    public static int UntilSecondsOf(Circumstance circumstance) =>
        circumstance is Circumstance.Storm or Circumstance.Billing ? 100_000 : FromSeconds + WindowSeconds;

    /// <param name="circumstance">What shall go wrong.</param>
    /// <param name="kind">Of what: <c>volumes</c> or <c>pods</c>.</param>
    public static IReadOnlyList<Fault> For(Circumstance circumstance, string kind)
    {
        return circumstance switch
        {
            Circumstance.LostCreateReply => [Once(FaultKind.LostReply, "create")],
            Circumstance.LostCreateRequest => [Once(FaultKind.LostRequest, "create")],
            Circumstance.LostDeleteReply => [Once(FaultKind.LostReply, "delete")],
            Circumstance.LostDeleteRequest => [Once(FaultKind.LostRequest, "delete")],
            Circumstance.LateCreate => [Once(FaultKind.Late, "create") with { Seconds = 20 }],
            Circumstance.Duplicate => [Once(FaultKind.Duplicate, "create")],
            Circumstance.SlowCreate => [Always(FaultKind.Slow, "create")],
            Circumstance.SlowDelete => [Always(FaultKind.Slow, "delete")],
            Circumstance.Refusal => [Always(FaultKind.Refused, "create") with { Words = Words }],
            Circumstance.OutOfStock => [Always(FaultKind.OutOfStock, "create")],
            Circumstance.BadCredentials => [Always(FaultKind.Unauthorized)],
            Circumstance.Throttling => [Always(FaultKind.Throttled) with { RetryAfterSeconds = RetryAfterSeconds }],
            Circumstance.Unreachability => [Always(FaultKind.Unreachable)],
            Circumstance.BrokenList => [Once(FaultKind.Truncated, "list")],
            Circumstance.Vanishing => [Once(FaultKind.Disappears, "list")],
            // Nothing is looked at before: the first look is the one before the change, the second the one after it.
            Circumstance.BlindAfterCreate => [Of(FaultKind.Unreachable, "list") with { Calls = [2] }],
            Circumstance.HangingCreate => [Always(FaultKind.Hang, "create")],
            Circumstance.HangingDelete => [Always(FaultKind.Hang, "delete")],
            Circumstance.HangingLook or Circumstance.HangingList or Circumstance.Overlap =>
                [Always(FaultKind.Hang, "list")],
            Circumstance.EndsByItself => [Always(FaultKind.Ends, "create") with { Seconds = 5 }],
            Circumstance.Storm or Circumstance.Billing => Storm(),
            _ => [],
        };

        Fault Of(FaultKind fault, params string[] verbs) => new()
        {
            Kind = fault,
            On = verbs.Length == 0 ? ["*"] : [.. verbs.Select(verb => $"{kind}.{verb}")],
            Seconds = WindowSeconds,
        };

        Fault Always(FaultKind fault, params string[] verbs) => Of(fault, verbs) with
        {
            FromSeconds = FromSeconds,
            UntilSeconds = UntilSecondsOf(circumstance),
        };

        Fault Once(FaultKind fault, string verb) => Of(fault, verb) with { FromSeconds = FromSeconds, Times = 1 };

        Fault Sometimes(FaultKind fault, double chance, params string[] verbs) =>
            Always(fault, verbs) with { Probability = chance };

        IReadOnlyList<Fault> Storm() =>
        [
            // The first that meets a call is the one: the rarest chance of harm comes first.
            Sometimes(FaultKind.Late, 0.3, "create") with { Seconds = 5, SecondsMost = 30 },
            Sometimes(FaultKind.LostReply, 0.15, "create", "delete"),
            Sometimes(FaultKind.LostRequest, 0.1, "create", "delete"),
            Sometimes(FaultKind.Duplicate, 0.2, "create"),
            Sometimes(FaultKind.Truncated, 0.1, "create"),
            Sometimes(FaultKind.Garbage, 0.1, "create"),
            Sometimes(FaultKind.Slow, 0.3, "create", "delete") with { Seconds = 1, SecondsMost = 20 },
            Sometimes(FaultKind.Unreachable, 0.05),
            Sometimes(FaultKind.Truncated, 0.03, "list"),
            Sometimes(FaultKind.Throttled, 0.05) with { RetryAfterSeconds = 2 },
        ];
    }
}
