namespace Mooring.Simulators.RunPod;

/// <summary>
/// What something cost, as pieces of time at one price each, so that the cost up to any time is known.
/// </summary>
internal sealed class Meter
{
    private readonly List<(DateTimeOffset From, DateTimeOffset Until, decimal UsdPerHour)> _pieces = [];

    /// <summary>What a time costs; one that ends before it begins, nothing.</summary>
    public static decimal Cost(DateTimeOffset from, DateTimeOffset until, decimal usdPerHour) => until > from
        ? (decimal)(until - from).Ticks / TimeSpan.TicksPerHour * usdPerHour
        : 0;

    public void Add(DateTimeOffset from, DateTimeOffset until, decimal usdPerHour)
    {
        if (until > from)
        {
            _pieces.Add((from, until, usdPerHour));
        }
    }

    /// <summary>What was added, as far as it lies before a time.</summary>
    public decimal CostUntil(DateTimeOffset time) => _pieces.Sum(
        piece => Cost(piece.From, piece.Until < time ? piece.Until : time, piece.UsdPerHour));
}
