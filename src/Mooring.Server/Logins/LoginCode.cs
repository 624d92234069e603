using System.Security.Cryptography;
using System.Text;

namespace Mooring.Server.Logins;

/// <summary>
/// The code of a login request: nine characters in threes, fit to be read aloud. 28 to the power of 9 are 43 bits:
/// within the ten minutes that it lasts nobody guesses one, and who did would still lack the token. Only its hash is
/// stored.
/// </summary>
internal static class LoginCode
{
    // Without vowels, which would make words, and without what is taken for something else: 0 1 I L O U.
    private const string Alphabet = "BCDFGHJKMNPQRSTVWXYZ23456789";
    private const int Length = 9;
    private const int Group = 3;

    /// <summary>A new one, for example <c>KTM-4WX-9QF</c>.</summary>
    public static string New()
    {
        var text = RandomNumberGenerator.GetString(Alphabet, Length);
        return string.Join('-', text.Chunk(Group).Select(part => new string(part)));
    }

    /// <summary>What it is found by; null for text that is no code. Case, dashes and blanks are no matter.</summary>
    public static byte[]? HashOf(string text)
    {
        var code = new string([.. text.Take(100).Where(character => character is not ('-' or ' '))]).ToUpperInvariant();
        return code.Length == Length && code.All(Alphabet.Contains) ? Hash(code) : null;
    }

    /// <summary>SHA-256 of text: codes and tokens as they are stored.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
