using System.Globalization;
using Mooring.Providers;
using Mooring.Providers.Billing;
using Mooring.Providers.Disks;
using Mooring.Providers.Hyperstack;
using Mooring.Providers.Instances;

namespace Mooring.Conformance.Tests.Mutants;

/// <summary>The real adapter's billing, read as somebody in a hurry might read it.</summary>
internal abstract class BillingMutant(IProviderBilling real) : IProviderBilling
{
    public virtual Task<IReadOnlyList<Charge>> ListChargesAsync(DateOnly day, CancellationToken ct) =>
        real.ListChargesAsync(day, ct);
}

/// <summary>Takes a bill that can't be read for one on which nothing stands.</summary>
internal sealed class TakesAFailureForNoCharges(IProviderBilling real) : BillingMutant(real)
{
    public override async Task<IReadOnlyList<Charge>> ListChargesAsync(DateOnly day, CancellationToken ct)
    {
        try
        {
            return await base.ListChargesAsync(day, ct);
        }
        catch (UnreachableException)
        {
            return [];
        }
    }
}

/// <summary>Charges for what is there and ours, and for nothing that is gone or somebody else's.</summary>
internal sealed class ChargesForWhatIsListed(
    IProviderBilling real, IDiskProvider disks, IInstanceProvider instances) : BillingMutant(real)
{
    public override async Task<IReadOnlyList<Charge>> ListChargesAsync(DateOnly day, CancellationToken ct)
    {
        var charges = await base.ListChargesAsync(day, ct);
        var ids = await disks.ListAsync(ct).Select(disk => disk.RemoteId)
            .Concat(instances.ListAsync(ct).Select(instance => instance.RemoteId)).ToListAsync(ct);
        return [.. charges.Where(charge => ids.Contains(charge.RemoteId))];
    }
}

/// <summary>Takes a day for another: the one before.</summary>
internal sealed class BillsTheDayBefore(IProviderBilling real) : BillingMutant(real)
{
    public override Task<IReadOnlyList<Charge>> ListChargesAsync(DateOnly day, CancellationToken ct) =>
        base.ListChargesAsync(day.AddDays(-1), ct);
}

/// <summary>Rounds to cents.</summary>
internal sealed class RoundsToCents(IProviderBilling real) : BillingMutant(real)
{
    public override async Task<IReadOnlyList<Charge>> ListChargesAsync(DateOnly day, CancellationToken ct) =>
    [
        .. (await base.ListChargesAsync(day, ct)).Select(
            charge => charge with { Amount = Money.FromUsd(decimal.Round(charge.Amount.Usd, 2)) }),
    ];
}

/// <summary>Reads the first page of Hyperstack's bill, and knows no second one.</summary>
internal sealed class ReadsOnePageOfABill(IProviderBilling real, HyperstackClient client) : BillingMutant(real)
{
    public override async Task<IReadOnlyList<Charge>> ListChargesAsync(DateOnly day, CancellationToken ct)
    {
        await base.ListChargesAsync(day, ct);
        var times = string.Create(
            CultureInfo.InvariantCulture,
            $"start_date={day:yyyy-MM-dd}T00:00:00&end_date={day.AddDays(1):yyyy-MM-dd}T00:00:00&per_page=2");
        var volumes = await client.ReadAsync(
            $"billing/billing/history/volume?{times}", WireJson.Default.VolumeBillAnswer, ct);
        var machines = await client.ReadAsync(
            $"billing/billing/history/virtual-machine?{times}", WireJson.Default.MachineBillAnswer, ct);
        return
        [
            .. Of(ChargedKind.Disk, volumes.BillingHistoryVolume),
            .. Of(ChargedKind.Instance, machines.BillingHistoryVm),
        ];
    }

    private static IEnumerable<Charge> Of(ChargedKind kind, WireBill? bill) =>
        from line in bill!.BillingHistory!
        select Charge.Sum(
            kind,
            Told.IdOf(line.Attributes!.InfrahubId!.Value),
            line.Attributes.ResourceName,
            [line.Metrics!.IncurredBill!.Value]);
}
