using System.Net;
using System.Net.Sockets;

namespace Mooring.Server.Http;

/// <summary>What an address says of who is behind it.</summary>
internal static class ClientAddress
{
    // Of IPv6 a customer has a network of 64 bits and more, of which it takes what addresses it likes.
    private const int Ipv6NetworkBytes = 8;

    /// <summary>An IPv4 address as such, also where a socket for both kinds tells it within IPv6.</summary>
    public static IPAddress Plain(this IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The bytes of an address that are one customer's: all of IPv4, the network of IPv6.</summary>
    public static ReadOnlySpan<byte> CustomersPart(this IPAddress address)
    {
        var plain = address.Plain();
        var bytes = plain.GetAddressBytes();
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? bytes.AsSpan(0, Ipv6NetworkBytes) : bytes;
    }

    /// <summary>The network that an address counts as, in words: an IPv4 address, or 64 bits of IPv6.</summary>
    public static string Network(this IPAddress address) => address.Plain() is var plain
        && plain.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(plain.CustomersPart()) + "/64"
            : plain.ToString();
}
