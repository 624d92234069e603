using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Keys;

/// <summary>A key that a user has named.</summary>
/// <param name="Prefix">What the server knows it by.</param>
/// <param name="Known">The key; null where it is none of the user's own, so that only an operator may mean it.</param>
internal sealed record NamedKey(string Prefix, Key? Known);

/// <summary>A key by what a user calls it.</summary>
internal static class KeyNaming
{
    /// <summary>Characters of a key's public prefix.</summary>
    public const int PrefixLength = 12;

    /// <summary>
    /// The prefix of the key that is called so. A prefix is taken as it is, as an operator may mean another user's key.
    /// </summary>
    /// <exception cref="CommandFailedException">There is no such key, or there are several.</exception>
    public static async Task<string> FindAsync(Call call, string text) =>
        IsPrefix(text) ? text : (await LookUpAsync(call, text)).Prefix;

    /// <summary>The same, with what is known of the key.</summary>
    /// <exception cref="CommandFailedException">There is no such key, or there are several.</exception>
    public static async Task<NamedKey> LookUpAsync(Call call, string text)
    {
        var keys = await call.Client.ListKeysAsync(call.Ct);
        var prefix = IsPrefix(text) ? text : await Naming.FindAsync(
            text,
            "key",
            keys.Where(key => key.RevokedAt is null).ToAsyncEnumerable(),
            key => key.Prefix,
            key => key.Name,
            call.Ct);
        return new NamedKey(prefix, keys.FirstOrDefault(key => key.Prefix == prefix));
    }

    private static bool IsPrefix(string text) => text.Length == PrefixLength && text.All(char.IsAsciiHexDigitLower);
}
