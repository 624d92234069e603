using Mooring.Providers;

namespace Mooring.Server.Wallets;

/// <summary>What prepaid wallets go by.</summary>
internal sealed record WalletLimits
{
    /// <summary>Warnings before disks are deleted.</summary>
    public const int Warnings = 3;

    // Of the grace time: a half, three fourteenths and one fourteenth are left. Of two weeks: 7 days, 3 days, 1 day.
    private static readonly int[] Fourteenths = [7, 11, 13, 14];

    /// <summary>From this downwards a balance is low.</summary>
    public Money Low { get; init; } = Money.FromUsd(10);

    /// <summary>How long an empty wallet's disks are kept.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(14);

    /// <summary>
    /// When an empty wallet comes to its next stage: never before its time, nor sooner after the one before than was
    /// planned. Where nobody could be warned, as no server ran, all of it comes later.
    /// </summary>
    /// <param name="graceFrom">From when its grace time counts.</param>
    /// <param name="stage">The stage that it is at, 0 to 3.</param>
    /// <param name="stageAt">When it came there; null for stage 0.</param>
    public DateTimeOffset NextStageAt(DateTimeOffset graceFrom, int stage, DateTimeOffset? stageAt)
    {
        var planned = graceFrom + Part(stage);
        return stageAt is { } last ? Clock.Later(planned, last + (Part(stage) - Part(stage - 1))) : planned;
    }

    /// <summary>When its grace time ends if all goes on as planned from the stage that it is at.</summary>
    public DateTimeOffset EndOf(DateTimeOffset graceFrom, int stage, DateTimeOffset? stageAt)
    {
        var next = NextStageAt(graceFrom, Math.Min(stage, Warnings), stageAt);
        return stage > Warnings ? stageAt!.Value : next + (Part(Warnings) - Part(Math.Min(stage, Warnings)));
    }

    private TimeSpan Part(int stage) =>
        TimeSpan.FromMicroseconds((long)Grace.TotalMicroseconds * Fourteenths[stage] / Fourteenths[^1]);
}
