using System.Collections.Concurrent;
using Mooring.Providers;
using Mooring.Providers.Billing;

namespace Mooring.Server.Tests.Charges;

/// <summary>A provider's bill that a test writes.</summary>
internal sealed class ScriptedBilling : IProviderBilling
{
    public static readonly Charge Any = new(ChargedKind.Disk, "somebody's", null, Money.FromUsd(0.5m));

    /// <summary>The days that were asked for, the last one last.</summary>
    public ConcurrentQueue<DateOnly> Asked { get; } = [];

    public Func<DateOnly, IReadOnlyList<Charge>> Answer { get; set; } = _ => [Any];

    public Task<IReadOnlyList<Charge>> ListChargesAsync(DateOnly day, CancellationToken ct)
    {
        Asked.Enqueue(day);
        return Task.FromResult(Answer(day));
    }
}
