using System.Text.Json.Nodes;
using CsCheck;

namespace Mooring.Server.Tests.Http;

/// <summary>
/// Values that nobody should send. Those that are known to break things come each time; between them come random ones,
/// the same in every run.
/// </summary>
internal sealed class HostileValues(uint stream)
{
    /// <summary>In place of a value: the member is left out.</summary>
    public const string Absent = "{\"absent\":true}";

    private const int RandomOnes = 6;
    private static readonly string[] Texts =
    [
        " ", "\0", "a\0b", "\n", "'", "\"", "' OR 1=1 --", "'; DROP TABLE disks; --", "%", "_", "\\",
        "../../etc/passwd",
        "..", "{}", "null", "true", "0", "-1", "1e309", "\u202e\u0000\uffff", "💾💾", "\ufffd", "<script>",
        "${jndi:ldap://x}", "$(reboot)", "`reboot`", "; reboot", "a\tb", "ACTIVE", "TERMINATED", "%00", "%s%n",
        "ssh-rsa A", "fdb5205fd9b14c9d804d3f70b4c96da0", "clvb0itli0000oxevorvgrpfn", "0123456789ab", new('x', 256),
        new('é', 4_000),
    ];

    private static readonly string[] Values =
    [
        Absent, "null", "true", "false", "[]", "{}", "[null]", "[[]]", "{\"a\":1}", "{\"a\":1,\"a\":2}",
        "[{\"key\":null}]", "\"\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
        "[" + string.Join(',', Enumerable.Repeat("1", 300)) + "]", new('[', 100),
        new string('[', 100) + new string(']', 100), "nul", "1,", "\"", "0", "-0", "-1", "1", "1.5", "500.0", "1e2",
        "1e400", "-1e400", "1e-400", "2147483647", "2147483648", "-2147483649", "9223372036854775808",
        "79228162514264337593543950336", "00", "0x1", "NaN", "\"9999-12-31T23:59:59.9999999Z\"",
        "\"0001-01-01T00:00:00+14:00\"", "\"2025-02-30T00:00:00Z\"",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char, 0, 40].Select(OnlyWholeCharacters),
        Gen.Int[200, 4_000].Select(length => new string('x', length)),
        Gen.String[Gen.Char.AlphaNumeric, 1, 40]);

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.Int.Select(number => number.ToString()),
        Gen.Double.Where(double.IsFinite).Select(number => number.ToString("R")),
        Text.Select(ToJson));

    private readonly PCG _random = new(stream, 2025_11_07);

    /// <summary>For a query parameter or a part of a path.</summary>
    public IReadOnlyList<string> ForAddresses() => [.. Texts, .. Next(Text).Where(text => text.Length > 0)];

    /// <summary>For a member of a body, as the text that stands in its place; it need not be JSON.</summary>
    public IReadOnlyList<string> ForBodies() => [.. Values, .. Texts.Select(ToJson), .. Next(Value)];

    private IEnumerable<string> Next(Gen<string> gen) =>
        [.. Enumerable.Range(0, RandomOnes).Select(_ => gen.Generate(_random, null, out var _))];

    private static string ToJson(string text) => JsonValue.Create(text).ToJsonString();

    // A lone half of a pair can't be sent as UTF-8; as an escape in JSON it is among the values above.
    private static string OnlyWholeCharacters(string text) => string.Concat(text.EnumerateRunes());
}
