namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>An SSH key pair in files.</summary>
/// <param name="PrivateKeyFile">Path of the private key.</param>
/// <param name="PublicKey">The public key, one line.</param>
public sealed record KeyPair(string PrivateKeyFile, string PublicKey)
{
    public static async Task<KeyPair> MakeAsync(string directory, string name)
    {
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, name);
        (await Tool.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file))
            .OrFail("no key pair can be made");
        return new KeyPair(file, (await File.ReadAllTextAsync(file + ".pub")).Trim());
    }
}
