namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>
/// What a fact in a resource's history says of its price, per hour, from then on; null where nothing.
/// </summary>
public sealed record PricedEvent(string Resource, long At, long? Rate);

/// <summary>A stretch of time with one price, as it is stored: microseconds of 1970, 1e-12 USD per hour.</summary>
public sealed record Span(string Resource, long From, long? To, long Price);

/// <summary>
/// The stored spans against those that follow from the stored events alone, and the counts against what they count.
/// </summary>
internal static class Bill
{
    public static async Task AssertAgreesAsync(Records records)
    {
        (await records.MiscountedAccountsAsync()).ShouldBeEmpty();
        var events = (await records.PricedEventsAsync()).ToLookup(one => one.Resource);
        var spans = (await records.SpansAsync()).ToLookup(span => span.Resource);
        spans.Select(group => group.Key).Except(events.Select(group => group.Key)).ShouldBeEmpty();
        foreach (var history in events)
        {
            spans[history.Key].ShouldBe(SpansOf(history), $"the bill of {history.Key}");
        }
    }

    private static List<Span> SpansOf(IGrouping<string, PricedEvent> history)
    {
        List<Span> spans = [];
        long? rate = null;
        foreach (var one in history)
        {
            if (one.Rate == rate)
            {
                continue;
            }

            if (rate is not null)
            {
                spans[^1] = spans[^1] with { To = one.At };
            }

            if (one.Rate is { } price)
            {
                spans.Add(new Span(one.Resource, one.At, null, price));
            }

            rate = one.Rate;
        }

        return spans;
    }
}
