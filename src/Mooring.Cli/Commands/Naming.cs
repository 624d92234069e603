namespace Mooring.Cli.Commands;

/// <summary>
/// What a user calls a thing: its id, with or without dashes, or a name that nothing else of its kind has. A text in
/// the form of an id is an id, whatever names there are.
/// </summary>
internal static class Naming
{
    private const int NamedMax = 10;

    /// <summary>The id in the server's form; null where the text has not the form of one.</summary>
    public static string? IdIn(string text) =>
        Guid.TryParseExact(text, "N", out var id) || Guid.TryParseExact(text, "D", out id) ? id.ToString("N") : null;

    public static Task<string> DiskAsync(Call call, string text) => FindAsync(
        text,
        "disk",
        call.Client.ListDisksAsync(ct: call.Ct),
        disk => disk.Id,
        disk => disk.Name,
        call.Ct,
        "; one that is gone is found by its id, which 'mooring costs' shows");

    public static Task<string> PodAsync(Call call, string text) => FindAsync(
        text,
        "pod",
        call.Client.ListPodsAsync(ct: call.Ct),
        pod => pod.Id,
        pod => pod.Name,
        call.Ct,
        "; one that has ended is found by its id, which 'mooring pods history' shows");

    /// <summary>SSH keys have ids of another form, so those are looked for in the list as well.</summary>
    public static Task<string> SshKeyAsync(Call call, string text) => FindAsync(
        text, "SSH key", call.Client.ListSshKeysAsync(ct: call.Ct), key => key.Id, key => key.Name, call.Ct);

    public static async Task<string> ProviderAccountAsync(Call call, string text) => await FindAsync(
        text,
        "provider account",
        (await call.Client.ListProviderAccountsAsync(call.Ct)).ToAsyncEnumerable(),
        account => account.Id,
        account => account.Name,
        call.Ct);

    /// <exception cref="CommandFailedException">No thing has this id or name, or several have the name.</exception>
    public static async Task<string> FindAsync<T>(
        string text,
        string kind,
        IAsyncEnumerable<T> all,
        Func<T, string> id,
        Func<T, string?> name,
        CancellationToken ct,
        string advice = "")
    {
        if (IdIn(text) is { } given)
        {
            return given;
        }

        List<string> named = [];
        await foreach (var thing in all.WithCancellation(ct))
        {
            if (id(thing) == text)
            {
                return text;
            }

            if (name(thing) == text)
            {
                named.Add(id(thing));
            }
        }

        return named switch
        {
            [var only] => only,
            [] => throw new CommandFailedException($"there is no {kind} with the id or name '{text}'{advice}")
            {
                Code = ExitCode.NotFound,
            },
            _ => throw new CommandFailedException(
                $"{named.Count} {kind}s have the name '{text}': {string.Join(", ", named.Take(NamedMax))}"
                + $"{(named.Count > NamedMax ? ", …" : "")}. Say which by its id")
            {
                Code = ExitCode.Usage,
            },
        };
    }
}
