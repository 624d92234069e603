using System.Net;
using System.Text;
using Mooring.Benchmarks.Records;

namespace Mooring.Benchmarks.Load;

/// <summary>Requests as bytes, made before they are timed.</summary>
internal static class Requests
{
    private const int Different = 4096;

    /// <summary>GET of disks drawn from all that are there.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Disks(Serving server, int disks, Random random) =>
    [
        .. Enumerable.Range(0, Different)
            .Select(_ => Get(server, $"/api/v1/disks/{Seed.DiskId(random.Next(disks))}")),
    ];

    /// <summary>GET of pages of 50.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Pages(Serving server, IEnumerable<int> pages) =>
        [.. pages.Select(page => Get(server, PagePath(page)))];

    public static string PagePath(int page) => $"/api/v1/disks/?limit=50&offset={50L * page}";

    /// <summary>POST of a disk.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Creation(Serving server) => [Post(server, CreationBody)];

    public static string CreationBody => """{"disk":{"size":10,"name":"data"},"provider":{"type":"bench"}}""";

    public static ReadOnlyMemory<byte> Get(Serving server, string path) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\n{Head(server)}\r\n");

    public static ReadOnlyMemory<byte> Post(Serving server, string body) => Encoding.UTF8.GetBytes(
        $"POST /api/v1/disks/ HTTP/1.1\r\n{Head(server)}Content-Type: application/json\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    private static string Head(Serving server) =>
        $"Host: {server.Address}\r\nAuthorization: Bearer {server.Key}\r\n";
}

/// <summary>A server that answers, and a key that it takes.</summary>
internal sealed record Serving(IPEndPoint Address, string Key);
