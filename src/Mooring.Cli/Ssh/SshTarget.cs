using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Mooring.Cli.Ssh;

/// <summary>
/// Where an instance is logged in to, from its <c>sshConnection</c>: <c>root@203.0.113.7 -p 22022</c> (contract 14.3).
/// It is data from a server and goes into an argument list, so only what can't be an option or more than one argument
/// passes.
/// </summary>
/// <param name="User">
/// A login name: a letter or underscore, then letters, digits, dots, underscores, dashes; 32 at most.
/// </param>
/// <param name="Host">A DNS name or an IP address, without brackets.</param>
/// <param name="Port">1 to 65535.</param>
internal sealed partial record SshTarget(string User, string Host, int Port)
{
    private const int HostLengthMax = 253;

    /// <summary>The target, or null for any other text.</summary>
    public static SshTarget? Parse(string? connection)
    {
        var match = Connection().Match(connection ?? "");
        if (!match.Success
            || !int.TryParse(match.Groups["port"].ValueSpan, out var port)
            || port > IPEndPoint.MaxPort)
        {
            return null;
        }

        var host = match.Groups["host"].Value;
        return host.Length <= HostLengthMax && (Name().IsMatch(host) || IsIPv6(host))
            ? new SshTarget(match.Groups["user"].Value, host, port)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{User}@{Host} -p {Port}";

    // A scope (fe80::1%eth0) names an interface of the server's machine and is refused by the pattern.
    private static bool IsIPv6(string host) =>
        host.Contains(':')
        && IPAddress.TryParse(host, out var address)
        && address.AddressFamily == AddressFamily.InterNetworkV6;

    [GeneratedRegex(
        @"\A(?<user>[A-Za-z_][A-Za-z0-9._-]{0,31})@(?<host>[A-Za-z0-9:.-]+) -p (?<port>[1-9][0-9]{0,4})\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Connection();

    [GeneratedRegex(
        @"\A[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
