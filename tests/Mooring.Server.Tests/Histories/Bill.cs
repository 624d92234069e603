using Mooring.Providers;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Pods;

namespace Mooring.Server.Tests.Histories;

/// <summary>
/// What a resource costs, computed a second time: from the statuses it went through and the prices fixed at its
/// creation, by the table of the architecture's section 3, without a look at <see cref="Disk.Rate"/>.
/// </summary>
internal sealed class Bill
{
    private readonly Dictionary<string, List<(DateTimeOffset At, Money? Price)>> _prices = [];

    public void Note(Disk disk, DateTimeOffset at) => Note(disk.Id.Value, at, disk.Status switch
    {
        DiskStatus.Provisioning => disk.ProvisioningPriceHr,
        DiskStatus.Pending => disk.PriceHr,
        DiskStatus.Active => disk.PriceHr,
        DiskStatus.Stopped => disk.StoppedPriceHr,
        DiskStatus.Error when disk.IsAtProvider => disk.PriceHr,
        DiskStatus.Error or DiskStatus.Deleting or DiskStatus.Terminated => null,
        _ => throw new InvalidOperationException($"{disk.Status} has no price."),
    });

    public void Note(Pod pod, DateTimeOffset at) =>
        Note(pod.Id.Value, at, pod.Status == PodStatus.Active ? pod.PriceHr : null);

    /// <summary>Fails unless the spans are those that the statuses ask for.</summary>
    public void ShouldEqual(IReadOnlyList<UsageSpan> spans)
    {
        foreach (var (id, _) in _prices)
        {
            spans.Where(span => span.ResourceId == id)
                .Select(span => (span.From, span.To, span.PriceHr))
                .ShouldBe(SpansOf(id), $"the usage spans of {id}");
        }
    }

    private void Note(string id, DateTimeOffset at, Money? price)
    {
        if (!_prices.TryGetValue(id, out var prices))
        {
            _prices[id] = prices = [];
        }

        if (prices.Count == 0 ? price is not null : prices[^1].Price != price)
        {
            prices.Add((at, price));
        }
    }

    private IEnumerable<(DateTimeOffset From, DateTimeOffset? To, Money PriceHr)> SpansOf(string id)
    {
        var prices = _prices[id];
        for (var i = 0; i < prices.Count; i++)
        {
            if (prices[i].Price is { } price)
            {
                yield return (prices[i].At, i + 1 < prices.Count ? prices[i + 1].At : null, price);
            }
        }
    }
}
