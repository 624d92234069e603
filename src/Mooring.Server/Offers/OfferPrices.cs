using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Persistence;

namespace Mooring.Server.Offers;

/// <summary>Writes down what disk offers cost, whenever that is something else than before.</summary>
internal sealed class OfferPrices(Database database, TimeProvider time)
{
    // What this process knows to be written down: without a change nothing is read or written.
    private readonly ConcurrentDictionary<(ProviderAccountId Account, string Offer), Money> _written = [];

    /// <summary>Writes down the prices of an account's offers that are new.</summary>
    public async Task NoteAsync(Provider provider, IReadOnlyList<DiskOffer> offers, CancellationToken ct)
    {
        var changed = offers
            .DistinctBy(OfferPrice.KeyOf)
            .Where(offer => !_written.TryGetValue((provider.Id, OfferPrice.KeyOf(offer)), out var price)
                || price != offer.PricePerGiBHour)
            .ToList();
        if (changed.Count == 0)
        {
            return;
        }

        var now = time.Now();
        await database.WriteAsync(
            async (db, token) =>
            {
                var keys = changed.ConvertAll(OfferPrice.KeyOf);
                var last = await db.OfferPrices.AsNoTracking()
                    .Where(price => price.ProviderAccountId == provider.Id && keys.Contains(price.Offer))
                    .GroupBy(price => price.Offer)
                    .Select(prices => prices.OrderByDescending(price => price.Ordinal).First())
                    .ToDictionaryAsync(price => price.Offer, token);
                db.OfferPrices.AddRange(changed
                    .Select(offer => Next(provider, offer, last.GetValueOrDefault(OfferPrice.KeyOf(offer)), now))
                    .OfType<OfferPrice>());
            },
            ct);
        foreach (var offer in changed)
        {
            _written[(provider.Id, OfferPrice.KeyOf(offer))] = offer.PricePerGiBHour;
        }
    }

    private static OfferPrice? Next(Provider provider, DiskOffer offer, OfferPrice? last, DateTimeOffset now) =>
        last?.PricePerGiBHour == offer.PricePerGiBHour
            ? null
            : new OfferPrice
            {
                ProviderAccountId = provider.Id,
                Offer = OfferPrice.KeyOf(offer),
                Ordinal = (last?.Ordinal ?? 0) + 1,
                ProviderType = provider.Type,
                CloudId = offer.CloudId,
                DataCenter = offer.Place.DataCenter,
                Country = offer.Place.Country,
                Region = offer.Place.Region,
                PricePerGiBHour = offer.PricePerGiBHour,
                PriceBefore = last?.PricePerGiBHour,
                SeenAt = now,
            };
}
