using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mooring.Providers;
using Mooring.Providers.Disks;

namespace Mooring.Server.Offers;

/// <summary>
/// What a disk offer has cost from some moment on: a row for its first price and for each change since. Never changed;
/// disks that exist keep the price that they were made at.
/// </summary>
internal sealed record OfferPrice
{
    public required ProviderAccountId ProviderAccountId { get; init; }

    /// <summary>What a request can tell offers of an account apart by, as one text.</summary>
    public required string Offer { get; init; }

    /// <summary>1 for its first price. Two servers that see one change write one row, as both give it this.</summary>
    public required int Ordinal { get; init; }
    public required string ProviderType { get; init; }
    public string? CloudId { get; init; }
    public string? DataCenter { get; init; }
    public string? Country { get; init; }
    public string? Region { get; init; }

    /// <summary>USD per GB (2^30 bytes) and hour.</summary>
    public required Money PricePerGiBHour { get; init; }

    /// <summary>The same before; null for its first price.</summary>
    public Money? PriceBefore { get; init; }

    /// <summary>When a server first saw it, by its own clock.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    public static string KeyOf(DiskOffer offer) => string.Join(
        '/',
        new[] { offer.CloudId, offer.Place.DataCenter, offer.Place.Country, offer.Place.Region }
            .Select(part => Uri.EscapeDataString(part ?? "")));
}

internal sealed class OfferPriceTable : IEntityTypeConfiguration<OfferPrice>
{
    public void Configure(EntityTypeBuilder<OfferPrice> builder)
    {
        builder.ToTable("offer_prices");
        builder.HasKey(price => new { price.ProviderAccountId, price.Offer, price.Ordinal });
        builder.HasIndex(price => new { price.SeenAt, price.ProviderAccountId, price.Offer, price.Ordinal })
            .IsDescending();
    }
}
