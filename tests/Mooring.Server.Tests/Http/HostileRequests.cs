using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Mooring.Server.Tests.Http;

/// <summary>A request as bytes.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Method">Its method; empty where it is no HTTP.</param>
/// <param name="IsHttp">Whether it is well-formed HTTP, and so gets an answer with words.</param>
internal sealed record HostileRequest(byte[] Bytes, string Method, bool IsHttp)
{
    public override string ToString()
    {
        var text = Encoding.Latin1.GetString(Bytes);
        return text.Length <= 2_000 ? text : $"{text[..1_500]}… ({text.Length} bytes)";
    }
}

/// <summary>
/// Requests that nobody should send, to the routes that the server says it has, by the samples of their bodies: wrong
/// types, sizes, encodings, injections, nesting, doubled names, huge numbers, strange methods and headers, and what is
/// no HTTP at all. One number makes one request, whoever asks and when; only the ids in it are the server's.
/// </summary>
internal sealed class HostileRequests
{
    private static readonly string[] Methods =
        ["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get", "X"];

    private static readonly string[] Types =
    [
        "application/json", "application/json; charset=utf-8", "application/json; charset=utf-16",
        "application/json; charset=nonsense", "application/problem+json", "text/plain", "text/json", "application/xml",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "garbage", ";",
        "application/json;;;", "APPLICATION/JSON",
    ];

    private static readonly string[] Headers =
    [
        "X-Request-Id: ../../etc/passwd", "X-Request-Id: " + new string('a', 64), "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-For: ' OR 1=1, ::, 999.1.1.1", "X-HTTP-Method-Override: DELETE", "Content-Encoding: gzip",
        "Accept: application/xml", "Accept: ;;q=x", "Accept-Encoding: br;q=9, *", "Range: bytes=0-0,5-",
        "If-None-Match: *", "If-Modified-Since: yesterday", "Expect: 100-continue", "Origin: null",
        "Upgrade: websocket", "Cookie: " + new string('c', 4_000), "Forwarded: for=\"[::1]\"", "Te: trailers",
        "Referer: javascript:alert(1)", "User-Agent: ${jndi:ldap://x}", "Via: 1.1 x", "X-Empty:",
    ];

    private static readonly string[] Odd =
    [
        "GARBAGE\r\n\r\n", "\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\nHost: h\r\n\r\n", "GET /\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n", "GET / HTTP/1.1\nHost: h\n\n",
        "GET /api/v1/disks/%00 HTTP/1.1\r\nHost: h\r\n\r\n", "GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET http:// HTTP/1.1\r\nHost: h\r\n\r\n", "GET http://a b/ HTTP/1.1\r\nHost: h\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX : y\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n: none\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nX\0: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nX: \u00ff\u00fe\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: ' OR 1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u0016\u0003\u0001\u0002\0\u0001",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1e3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    ];

    private static readonly string[] Chunks =
    [
        "ZZ\r\n{}\r\n0\r\n\r\n", "2\r\n{}", "2\r\n{}x\r\n0\r\n\r\n", "-1\r\n\r\n", "FFFFFFFFFF\r\n{}",
        "2;a=\"\0\"\r\n{}\r\n0\r\n\r\n",
    ];

    private readonly IReadOnlyList<ServedRoute> _routes = ServedRoutes.All;
    private readonly IReadOnlyList<string> _texts = new HostileValues(0).ForAddresses();
    private readonly IReadOnlyList<string> _values = new HostileValues(0).ForBodies();
    private readonly int _seed;
    private readonly IReadOnlyList<string> _keys;
    private readonly Func<Random, string> _idOf;

    /// <param name="seed">Where it begins.</param>
    /// <param name="keys">API keys, that of the administrator first.</param>
    /// <param name="idOf">An id that there is, or was.</param>
    public HostileRequests(int seed, IReadOnlyList<string> keys, Func<Random, string> idOf)
    {
        _seed = seed;
        _keys = keys;
        _idOf = idOf;
    }

    public HostileRequest Make(int number)
    {
        var random = new Random(HashOf(_seed, number));
        return random.Next(12) == 0 ? NoHttp(random) : Http(random);
    }

    private HostileRequest Http(Random random)
    {
        var route = Pick(random, _routes);
        var method = random.Next(12) == 0 ? Pick(random, Methods) : route.Method;
        var body = route.Body is null
            ? random.Next(8) == 0 ? BytesOf(Pick(random, _values)) : null
            : random.Next(40) == 0 ? null : BodyOf(random, HostileValueTests.Good[route.Body]);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{method} {Target(random, route)} HTTP/1.1\r\nHost: localhost\r\n");
        AddHeaders(random, head, body is not null);
        var isChunked = body is not null && random.Next(10) == 0;
        head.Append(isChunked ? "Transfer-Encoding: chunked\r\n"
            : body is not null ? $"Content-Length: {body.Length}\r\n" : "");
        head.Append("\r\n");
        using var bytes = new MemoryStream();
        bytes.Write(BytesOf(head.ToString()));
        bytes.Write(isChunked ? Chunked(random, body!) : body ?? []);
        return new HostileRequest(bytes.ToArray(), method, IsHttp: true);
    }

    // The request line is one that Kestrel takes: what it refuses is among what is no HTTP.
    private string Target(Random random, ServedRoute route)
    {
        var path = route.PathParameters.Aggregate(route.Pattern, (path, name) => path.Replace(
            $"{{{name}}}",
            random.Next(3) > 0 ? _idOf(random) : Escaped(TextOf(random)),
            StringComparison.Ordinal));
        path = random.Next(30) switch
        {
            0 => path + "/",
            1 => path.TrimEnd('/'),
            2 => path.ToUpperInvariant(),
            3 => path + "/..%2f..%2f",
            4 => "/" + path,
            5 => path + "%ff%fe",
            6 => path + "/./../",
            7 => path + ";a=b",
            8 => path + Escaped(TextOf(random)),
            _ => path,
        };
        List<string> query = [];
        foreach (var parameter in route.Query.Where(_ => random.Next(2) == 0))
        {
            for (var times = random.Next(6) == 0 ? random.Next(200) : 1; times > 0; times--)
            {
                query.Add($"{parameter.Name}={Escaped(TextOf(random))}");
            }
        }

        if (random.Next(15) == 0)
        {
            query.Add(Pick(
                random, ["&&&", "=", "a", "limit", "limit=", "limit=1=2", "%", "offset=9223372036854775808"]));
        }

        var target = query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
        return target.Length <= 7_000 ? target : path.Length <= 7_000 ? path : route.Pattern;
    }

    private void AddHeaders(Random random, StringBuilder head, bool hasBody)
    {
        var key = random.Next(12) == 0 ? _keys[random.Next(_keys.Count)] : _keys[0];
        head.Append(random.Next(40) switch
        {
            0 => "",
            1 => $"Authorization: {key}\r\n",
            2 => $"Authorization: Basic {key}\r\n",
            3 => $"Authorization: Bearer {key[..^1]}\r\n",
            4 => $"Authorization: Bearer mrg_{new string('0', random.Next(300))}_\r\n",
            5 => $"Authorization: Bearer {key}\r\nAuthorization: Bearer {key}\r\n",
            _ => $"Authorization: Bearer {key}\r\n",
        });
        if (hasBody && random.Next(40) > 0)
        {
            head.Append("Content-Type: ")
                .Append(random.Next(8) == 0 ? Pick(random, Types) : Types[0]).Append("\r\n");
        }

        if (random.Next(5) == 0)
        {
            // Few, so that they come again.
            head.Append(random.Next(5) == 0
                ? $"Idempotency-Key: {new string('k', random.Next(400))}\r\n"
                : $"Idempotency-Key: k{random.Next(200)}\r\n");
        }

        for (var more = random.Next(4) == 0 ? random.Next(1, 6) : 0; more > 0; more--)
        {
            head.Append(Pick(random, Headers)).Append("\r\n");
        }
    }

    private byte[] BodyOf(Random random, string good)
    {
        var body = JsonNode.Parse(good)!;
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            Change(random, body);
        }

        // Values that are no JSON are put in as they are, in place of a mark.
        var text = body.ToJsonString();
        while (text.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at)
        {
            text = text[..at] + ValueOf(random) + text[(at + Mark.Length)..];
        }

        return random.Next(24) switch
        {
            0 => BytesOf(text[..random.Next(text.Length)]),
            1 => BytesOf(text + text),
            2 => [0xef, 0xbb, 0xbf, .. BytesOf(text)],
            3 => Encoding.Unicode.GetBytes(text),
            4 => [.. BytesOf(text).Select(one => random.Next(30) == 0 ? (byte)random.Next(256) : one)],
            5 => Noise(random, random.Next(2_000)),
            6 => BytesOf(text.Replace("{", "{\"name\":\"a\",\"name\":\"b\",", StringComparison.Ordinal)),
            7 => BytesOf(string.Concat(Enumerable.Repeat("{\"disk\":", random.Next(1, 2_000)))),
            8 => BytesOf(text.Replace(":", ":/*c*/", StringComparison.Ordinal)),
            9 when random.Next(4) == 0 => BytesOf($"{{\"name\":\"{new string('n', random.Next(1_400_000))}\"}}"),
            10 => BytesOf($"[{string.Join(',', Enumerable.Repeat(text, random.Next(1, 50)))}]"),
            11 => BytesOf(new string('[', random.Next(1, 5_000))),
            _ => BytesOf(text),
        };
    }

    private const string Mark = "\"the place of a value\"";

    private static void Change(Random random, JsonNode body)
    {
        List<(JsonObject Of, string Name)> members = [];
        Collect(body, members);
        if (members.Count == 0)
        {
            return;
        }

        var (of, name) = Pick(random, members);
        switch (random.Next(6))
        {
            case 0:
                of.Remove(name);
                break;
            case 1:
                of[Pick(random, ["unknown", "__proto__", "$type", "$ref", "id", "NAME", ""])] = JsonNode.Parse(Mark);
                break;
            default:
                of[name] = random.Next(3) == 0 ? new JsonArray(JsonNode.Parse(Mark)) : JsonNode.Parse(Mark);
                break;
        }
    }

    private static void Collect(JsonNode? node, List<(JsonObject Of, string Name)> into)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                into.Add((members, name));
                Collect(value, into);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Collect(item, into);
            }
        }
    }

    private string ValueOf(Random random) => random.Next(10) switch
    {
        0 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        1 => $"{random.Next()}e{random.Next(-400, 400)}",
        2 => "0." + new string('9', random.Next(1, 400)),
        3 => $"\"{_idOf(random)}\"",
        4 => JsonValue.Create(TextOf(random)).ToJsonString(),
        5 => $"[{string.Join(',', Enumerable.Repeat($"\"{_idOf(random)}\"", random.Next(1, 300)))}]",
        6 => $"{{{string.Join(',', Enumerable.Range(0, random.Next(1, 300)).Select(i => $"\"m{i}\":\"v\""))}}}",
        _ => Pick(random, _values) is var value && value == HostileValues.Absent ? "null" : value,
    };

    private string TextOf(Random random) => random.Next(4) switch
    {
        0 => _idOf(random),
        1 => random.NextInt64(-10, 2_000).ToString(CultureInfo.InvariantCulture),
        _ => Pick(random, _texts),
    };

    private HostileRequest NoHttp(Random random)
    {
        var start = $"POST /api/v1/disks/ HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {_keys[0]}\r\n"
            + "Content-Type: application/json\r\n";
        var bytes = random.Next(8) switch
        {
            0 => Noise(random, random.Next(1, 4_000)),
            1 => BytesOf($"GET /{new string('a', random.Next(8_000, 20_000))} HTTP/1.1\r\nHost: h\r\n\r\n"),
            2 => BytesOf($"{start}X-Long: {new string('a', random.Next(30_000, 60_000))}\r\n\r\n"),
            3 => BytesOf(start + string.Concat(Enumerable.Range(0, random.Next(90, 300)).Select(i => $"X-{i}: 1\r\n"))
                + "\r\n"),
            4 => BytesOf($"{start}Transfer-Encoding: chunked\r\n\r\n{Pick(random, Chunks)}"),
            5 => BytesOf($"{start}Content-Length: {random.Next(10, 1_000)}\r\n\r\n{{}}"),
            6 => BytesOf(string.Concat(Enumerable.Repeat(Pick(random, Odd), random.Next(1, 5)))),
            _ => BytesOf(Pick(random, Odd)),
        };
        return new HostileRequest(bytes, "", IsHttp: false);
    }

    private static byte[] Chunked(Random random, byte[] body)
    {
        using var bytes = new MemoryStream();
        for (var at = 0; at < body.Length;)
        {
            var size = Math.Min(body.Length - at, random.Next(1, 4_000));
            bytes.Write(BytesOf($"{size:x}\r\n"));
            bytes.Write(body, at, size);
            bytes.Write("\r\n"u8);
            at += size;
        }

        bytes.Write("0\r\n\r\n"u8);
        return bytes.ToArray();
    }

    // A NUL in a path is refused by Kestrel.
    private static string Escaped(string text) =>
        Uri.EscapeDataString(text.Replace("\0", "", StringComparison.Ordinal));

    private static byte[] BytesOf(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];

    // The same in every process, which HashCode is not.
    private static int HashOf(int seed, int number) => unchecked((seed * 397) ^ (number * -1_640_531_527));
}
