namespace Mooring.Providers.Hyperstack;

/// <summary>
/// The cloud's price book, USD per hour after discount. The row of a volume type is a price per GB, that of a GPU per
/// GPU; that rows bear these names is assumed, so they are matched without case.
/// <c>{"id": 44, "name": "Cloud-SSD", "value": 0.000096774, "original_value": 0.000096774, …}</c>
/// </summary>
internal sealed class PriceBook(IEnumerable<WirePrice> rows)
{
    private const int Digits = 12;

    private readonly Dictionary<string, Money> _prices = rows
        .Where(row => row is { Name: not null, Value: >= 0 and < 10_000 })
        .GroupBy(row => row.Name!.Trim(), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(
            group => group.Key, group => Rounded(group.Last().Value!.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>The price under a name; null where there is none.</summary>
    public Money? Find(string name) => _prices.TryGetValue(name.Trim(), out var price) ? price : null;

    /// <summary>The price that was configured for a name.</summary>
    public static Money? InOptions(IReadOnlyDictionary<string, decimal> prices, string name)
    {
        var found = prices.FirstOrDefault(price => string.Equals(price.Key, name, StringComparison.OrdinalIgnoreCase));
        return found.Key is null ? null : Rounded(found.Value);
    }

    // Money is in units of 1e-12 USD; of what the cloud says beyond that, nothing would ever be seen.
    private static Money Rounded(decimal usd) => Money.FromUsd(decimal.Round(usd, Digits, MidpointRounding.ToEven));
}

/// <summary>
/// How many machines there could be now, by region, GPU and GPUs each.
/// <c>{"model": "H100-80G-PCIe", "available": "200+", "configurations": {"1x": 396, "8x": 45, "10x": 0}}</c>
/// </summary>
internal sealed class StockBook(IEnumerable<WireStock> stocks)
{
    private const int Few = 5;
    private const int Some = 20;

    private readonly Dictionary<(string Region, string Model), IReadOnlyDictionary<string, int?>> _models = (
        from stock in stocks
        from model in stock?.Models ?? []
        where stock?.Region is not null && model is { Model: not null, Configurations: not null }
        group model.Configurations by (stock.Region!, model.Model!.ToUpperInvariant()) into same
        select same).ToDictionary(same => same.Key, same => same.Last());

    /// <summary>How much there is; <see cref="Stock.Available"/> where the cloud does not say.</summary>
    public Stock Of(string region, string model, int count) =>
        _models.TryGetValue((region, model.ToUpperInvariant()), out var configurations)
        && configurations.TryGetValue(FormattableString.Invariant($"{count}x"), out var number)
            ? number switch
            {
                null => Stock.Available,
                <= 0 => Stock.Unavailable,
                < Few => Stock.Low,
                < Some => Stock.Medium,
                _ => Stock.High,
            }
            : Stock.Available;
}
