using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands;

/// <summary>
/// Six hexadecimal digits that name an offer. A disk's are those of the vendor's command line (contract 14.6), so that
/// what is written down there holds here too; an instance's are our own, made the same way.
/// </summary>
internal static class ShortId
{
    private const int Digits = 6;

    public static string Of(DiskOffer offer) => Of(
        offer.Provider, offer.CloudId, offer.DataCenter, offer.Country, offer.Region, Text(offer.Spec.DefaultCount));

    public static string Of(GpuOffer offer) => Of(
        offer.Provider,
        offer.CloudId,
        offer.GpuType,
        offer.Socket,
        Text(offer.GpuCount),
        offer.DataCenter,
        offer.Country,
        offer.Region,
        offer.Security,
        offer.IsSpot == true ? "spot" : "");

    // A null is written as Python does, and a dash follows every part.
    private static string Of(params IEnumerable<string?> parts)
    {
        var text = string.Concat(parts.Select(part => $"{part ?? "None"}-"));
#pragma warning disable CA5351 // A name, not a protection; the vendor's command line takes MD5 (contract 14.6).
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)))[..Digits];
#pragma warning restore CA5351
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
