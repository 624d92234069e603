namespace Mooring.Server;

/// <summary>
/// Ids as clients write them: 32 hexadecimal digits, dashed or not, in either case (contract 13, D15).
/// </summary>
internal static class ResourceIds
{
    public static DiskId? ParseDisk(string text) => Normalize(text) is { } id ? new DiskId(id) : null;

    public static PodId? ParsePod(string text) => Normalize(text) is { } id ? new PodId(id) : null;

    /// <summary>An SSH key's id: c and 24 lower-case letters or digits.</summary>
    public static SshKeyId? ParseSshKey(string text) => IsCuid(text) ? new SshKeyId(text) : null;

    /// <summary>A user's id, of the same form.</summary>
    public static UserId? ParseUser(string text) => IsCuid(text) ? new UserId(text) : null;

    /// <summary>A team's id, of the same form.</summary>
    public static TeamId? ParseTeam(string text) => IsCuid(text) ? new TeamId(text) : null;

    /// <summary>A wallet's id, of the same form.</summary>
    public static WalletId? ParseWallet(string text) => IsCuid(text) ? new WalletId(text) : null;

    private static bool IsCuid(string text) => text.Length == 25 && text[0] == 'c'
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter));

    private static string? Normalize(string text) => Guid.TryParseExact(text, text.Length == 36 ? "D" : "N", out var id)
        ? id.ToString("N")
        : null;
}
