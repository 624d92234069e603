using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Mooring.Cli.Configuration;

namespace Mooring.Cli.Ssh;

/// <summary>A key pair for one run, in a temporary folder that only its owner may enter.</summary>
internal sealed class ThrowawayKey
{
    private ThrowawayKey(string folder, string publicKey)
    {
        Folder = folder;
        PublicKey = publicKey;
    }

    public string Folder { get; }

    public string PrivateKeyFile => Path.Combine(Folder, "id_ed25519");

    /// <summary>One line of the authorized_keys format.</summary>
    public string PublicKey { get; }

    /// <exception cref="CommandFailedException">
    /// There is no ssh-keygen, or it failed; nothing is left behind.
    /// </exception>
    public static async Task<ThrowawayKey> CreateAsync(string comment, CancellationToken ct)
    {
        // 0700 from its creation on, whatever the umask.
        var folder = Directory.CreateTempSubdirectory("mooring-demo-").FullName;
        var made = false;
        try
        {
            var file = Path.Combine(folder, "id_ed25519");
            var result = await CliWrap.Cli.Wrap("ssh-keygen")
                .WithArguments(["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file])
                .WithEnvironmentVariables(variables => variables.Set(Access.KeyVariable, null))
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(ct);
            if (result.ExitCode != 0)
            {
                throw new CommandFailedException($"ssh-keygen failed: {result.StandardError.Trim()}");
            }

            var key = new ThrowawayKey(folder, (await File.ReadAllTextAsync(file + ".pub", ct)).Trim());
            made = true;
            return key;
        }
        catch (Win32Exception e)
        {
            throw new CommandFailedException(
                $"ssh-keygen could not be started ({e.Message}); install OpenSSH's client",
                e);
        }
        finally
        {
            if (!made)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
