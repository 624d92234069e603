using Mooring.Cli.Ssh;

namespace Mooring.Cli.Tests.Ssh;

public sealed class ThrowawayKeyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Makes_a_key_pair_that_only_its_owner_can_reach()
    {
        var key = await ThrowawayKey.CreateAsync("mooring-demo-1", Ct);
        try
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.GetUnixFileMode(key.Folder).ShouldBe(owner | UnixFileMode.UserExecute);
            File.GetUnixFileMode(key.PrivateKeyFile).ShouldBe(owner);
            key.PublicKey.ShouldMatch(@"\Assh-ed25519 [A-Za-z0-9+/=]+ mooring-demo-1\z");
        }
        finally
        {
            Directory.Delete(key.Folder, recursive: true);
        }
    }
}
