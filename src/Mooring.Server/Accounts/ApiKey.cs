using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Mooring.Server.Accounts;

/// <summary>
/// An API key as it is stored: a public prefix to find it by, and the SHA-256 of the whole. The secret has 256 random
/// bits, so that a fast hash is as good as a slow one.
/// </summary>
internal sealed record ApiKey
{
    private const string Scheme = "mrg";
    private const int PrefixLength = 12;

    /// <summary>12 characters, unique.</summary>
    public required string Prefix { get; init; }
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key's text, 32 bytes.</summary>
    public required byte[] Hash { get; init; }
    public required UserId UserId { get; init; }

    /// <summary>The user's own account; or a team's, if the key is for what is that team's alone.</summary>
    public required AccountId AccountId { get; init; }

    /// <summary>The team that it is for alone; null if it sees what its user sees.</summary>
    public TeamId? TeamId { get; init; }

    /// <summary>Two bits a section: read and write, in the order of <see cref="Section"/>.</summary>
    public required int Permissions { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Since when it is refused until it is enabled again; null while it is not.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>When it was last used, to the minute; null if it never was.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The address that it was last used from.</summary>
    public string? LastUsedFrom { get; init; }

    /// <summary>Read and write everywhere.</summary>
    public static int AllPermissions =>
        Permit([.. Enum.GetValues<Section>().Select(section => (section, Access.Read | Access.Write))]);

    public static int Permit(params IReadOnlyList<(Section Section, Access Access)> grants) =>
        grants.Aggregate(0, (sum, grant) => sum | ((int)grant.Access << (2 * (int)grant.Section)));

    public bool Allows(Section section, Access access) => section.AccessIn(Permissions).HasFlag(access);

    public bool IsUsableAt(DateTimeOffset now) =>
        RevokedAt is null && DisabledAt is null && !(ExpiresAt <= now);

    /// <summary>A key that nothing ends, as it is stored for its secret.</summary>
    public static ApiKey Of(
        string secret, string name, UserId user, AccountId account, int permissions, DateTimeOffset createdAt) => new()
        {
            Prefix = PrefixOf(secret)!,
            Name = name,
            Hash = HashOf(secret),
            UserId = user,
            AccountId = account,
            Permissions = permissions,
            CreatedAt = createdAt,
        };

    /// <summary>A new secret, to be shown once: <c>mrg_PREFIX_SECRET</c>.</summary>
    public static string NewSecret()
    {
        var prefix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PrefixLength / 2));
        return $"{Scheme}_{prefix}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
    }

    /// <summary>The prefix to look a key up by; null for text that is no key of ours.</summary>
    public static string? PrefixOf(string secret) =>
        secret.Length is > 20 and < 200
        && secret.StartsWith(Scheme + "_", StringComparison.Ordinal)
        && secret[Scheme.Length + 1 + PrefixLength] == '_'
        && secret.Substring(Scheme.Length + 1, PrefixLength) is var prefix && IsPrefix(prefix)
            ? prefix
            : null;

    /// <summary>Whether text has the form of a key's prefix.</summary>
    public static bool IsPrefix(string text) => text.Length == PrefixLength && text.All(char.IsAsciiHexDigitLower);

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public bool Matches(string secret) => CryptographicOperations.FixedTimeEquals(Hash, HashOf(secret));
}
