namespace Mooring.Cli.Commands.Keys;

/// <summary>A key by what a user calls it.</summary>
internal static class KeyNaming
{
    /// <summary>
    /// The prefix of the key that is called so. A prefix is taken as it is, as an operator may mean another user's key.
    /// </summary>
    /// <exception cref="CommandFailedException">There is no such key, or there are several.</exception>
    public static async Task<string> FindAsync(Call call, string text)
    {
        if (text.Length == 12 && text.All(char.IsAsciiHexDigitLower))
        {
            return text;
        }

        var keys = await call.Client.ListKeysAsync(call.Ct);
        return await Naming.FindAsync(
            text,
            "key",
            keys.Where(key => key.RevokedAt is null).ToAsyncEnumerable(),
            key => key.Prefix,
            key => key.Name,
            call.Ct);
    }
}
