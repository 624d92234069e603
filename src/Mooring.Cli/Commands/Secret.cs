namespace Mooring.Cli.Commands;

/// <summary>
/// A secret that a user is asked for, or that standard input has: never an argument, as every user of a machine can
/// read those.
/// </summary>
internal static class Secret
{
    /// <exception cref="CommandFailedException">What was given can't be one.</exception>
    public static async Task<string> ReadAsync(Surroundings around, string what, CancellationToken ct)
    {
        var keyboard = around.Keyboard;
        if (keyboard.IsTerminal)
        {
            await around.Error.WriteAsync($"{what} (it is not shown): ");
        }

        var secret = (await keyboard.ReadSecretAsync(ct))?.Trim();
        if (keyboard.IsTerminal)
        {
            await around.Error.WriteLineAsync();
        }

        return secret is { Length: > 0 } && secret.All(character => character is >= '!' and <= '~')
            ? secret
            : throw new CommandFailedException($"that is no {what}: it has visible ASCII characters only")
            {
                Code = ExitCode.Usage,
            };
    }
}
