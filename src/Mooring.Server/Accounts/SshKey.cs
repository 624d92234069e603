using System.Buffers.Binary;
using System.Text;

namespace Mooring.Server.Accounts;

/// <summary>A public key that may log in to its user's instances.</summary>
internal sealed record SshKey
{
    public required SshKeyId Id { get; init; }
    public required UserId UserId { get; init; }
    public required AccountId AccountId { get; init; }
    public required string Name { get; init; }

    /// <summary>One line: type, base64, and maybe a comment. No options.</summary>
    public required string PublicKey { get; init; }
    public required bool IsPrimary { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public long Version { get; init; }

    private static readonly string[] KnownTypes =
    [
        "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ];

    /// <summary>
    /// What is wrong with a line that should be a public key; null if nothing is. It is put into an authorized_keys file
    /// (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"), where options before the type could run commands: so the type comes first.
    /// </summary>
    public static string? FaultOf(string line)
    {
        if (line.Length > 16_384)
        {
            return "is longer than 16384 characters";
        }

        if (line.Any(char.IsControl))
        {
            return "must be one line without control characters";
        }

        var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !KnownTypes.Contains(parts[0]))
        {
            return $"must be one line that starts with a key type ({string.Join(", ", KnownTypes)}), "
                + "then the key in base64; options are not accepted";
        }

        return TypeInside(parts[1]) == parts[0] ? null : $"is not a whole {parts[0]} key: copy the .pub file's line again";
    }

    // RFC 4253, section 6.6: the blob starts with its type as a length-prefixed string.
    private static string? TypeInside(string base64)
    {
        var blob = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, blob, out var length) || length < 8)
        {
            return null;
        }

        var typeLength = BinaryPrimitives.ReadInt32BigEndian(blob);
        return typeLength is > 0 and < 64 && typeLength + 4 < length ? Encoding.ASCII.GetString(blob, 4, typeLength) : null;
    }
}
