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

    // How many fields follow the type in the key's blob: RFC 4253, section 6.6 (rsa: exponent, modulus); RFC 5656,
    // section 3.1 (ecdsa: curve, point); RFC 8709, section 4 (ed25519: key); OpenSSH's PROTOCOL.u2f (sk-: one more).
    private static readonly Dictionary<string, int> KnownTypes = new()
    {
        ["ssh-ed25519"] = 1,
        ["ssh-rsa"] = 2,
        ["ecdsa-sha2-nistp256"] = 2,
        ["ecdsa-sha2-nistp384"] = 2,
        ["ecdsa-sha2-nistp521"] = 2,
        ["sk-ssh-ed25519@openssh.com"] = 2,
        ["sk-ecdsa-sha2-nistp256@openssh.com"] = 3,
    };

    /// <summary>
    /// What is wrong with a line that should be a public key; null if nothing is. It is put into an authorized_keys
    /// file (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"), where options before the type could run commands: so the type
    /// comes first.
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
        if (parts.Length < 2 || !KnownTypes.TryGetValue(parts[0], out var fields))
        {
            return $"must be one line that starts with a key type ({string.Join(", ", KnownTypes.Keys)}), "
                + "then the key in base64; options are not accepted";
        }

        return IsWhole(parts[0], parts[1], fields)
            ? null
            : $"is not a whole {parts[0]} key: copy the .pub file's line again";
    }

    // The blob is its type, then its fields, each with its length in four bytes before it, and nothing else.
    private static bool IsWhole(string type, string base64, int fields)
    {
        var blob = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, blob, out var length))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = blob.AsSpan(0, length);
        if (!TakeField(ref rest, out var name) || Encoding.ASCII.GetString(name) != type)
        {
            return false;
        }

        for (var i = 0; i < fields; i++)
        {
            if (!TakeField(ref rest, out _))
            {
                return false;
            }
        }

        return rest.IsEmpty;
    }

    private static bool TakeField(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        field = [];
        var length = rest.Length < 4 ? 0 : BinaryPrimitives.ReadInt32BigEndian(rest);
        if (length <= 0 || length > rest.Length - 4)
        {
            return false;
        }

        field = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return true;
    }
}
