using Mooring.Server.Disks;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Tests.Histories;

/// <summary>When a call that changes something takes effect.</summary>
internal enum Effect
{
    AtOnce,
    Late,
    Never,
}

/// <summary>How one call to a model provider goes.</summary>
/// <param name="Failure">How it fails; null where it answers with the truth.</param>
/// <param name="RetryAfter">How long it asks us to wait, where it fails.</param>
/// <param name="Effect">When it takes effect if its outcome is unknown; an answer comes of one at once.</param>
/// <param name="Delay">How late a late effect is, as a share of the settling time.</param>
/// <param name="IsSlow">It takes several calls to get there.</param>
internal readonly record struct CallScript(
    FailureKind? Failure, TimeSpan? RetryAfter, Effect Effect, double Delay, bool IsSlow)
{
    public static readonly CallScript Healthy = new(null, null, Effect.AtOnce, 0, false);

    private static readonly TimeSpan?[] RetryAfters =
        [null, null, TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2), TimeSpan.FromHours(1)];

    private const int Kinds = 24;

    /// <summary>Numbers below this stand for every way that a call can go.</summary>
    public static readonly int Ways = Kinds * RetryAfters.Length * 3 * 4;

    /// <summary>One of the ways a call can go, from a number of 0 or more; a third of them fail.</summary>
    public static CallScript From(int number)
    {
        var (rest, kind) = Math.DivRem(number, Kinds);
        (rest, var retry) = Math.DivRem(rest, RetryAfters.Length);
        (rest, var effect) = Math.DivRem(rest, 3);
        var (_, delay) = Math.DivRem(rest, 4);
        FailureKind? failure = kind switch
        {
            9 => FailureKind.Refused,
            10 => FailureKind.OutOfStock,
            11 => FailureKind.Unauthorized,
            12 => FailureKind.Throttled,
            13 => FailureKind.Unreachable,
            14 or 15 => FailureKind.Unknown,
            _ => null,
        };
        return new CallScript(
            failure,
            failure is null ? null : RetryAfters[retry],
            failure is null ? Effect.AtOnce : failure == FailureKind.Unknown ? (Effect)effect : Effect.Never,
            (delay + 1) / 4.0,
            kind is 0 or 1 or 2);
    }
}
