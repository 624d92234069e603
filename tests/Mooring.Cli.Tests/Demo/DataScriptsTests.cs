using CsCheck;
using Mooring.Cli.Demo;
using Mooring.Cli.Ssh;

namespace Mooring.Cli.Tests.Demo;

public sealed class DataScriptsTests
{
    private static readonly SshTarget Anywhere = new("root", "host", 22);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/workspace", true)]
    [InlineData("/workspace-2", true)]
    [InlineData("/mnt/my_disk.1", true)]
    [InlineData("", false)]
    [InlineData("/", false)]
    [InlineData("workspace", false)]
    [InlineData("/a//b", false)]
    [InlineData("/a/", false)]
    [InlineData("/a/../etc", false)]
    [InlineData("/.ssh", false)]
    [InlineData("/-rf", false)]
    [InlineData("/a b", false)]
    [InlineData("/a$(id)", false)]
    [InlineData("/a\n", false)]
    public void Accepts_only_plain_mount_paths(string path, bool accepted) =>
        DataScripts.IsMountPath(path).ShouldBe(accepted);

    [Fact]
    public void Every_accepted_mount_path_can_be_passed_through_ssh() =>
        Gen.String[Gen.Char["/ab.-_;$ "], 0, 8].Select(path => $"/{path}").Where(DataScripts.IsMountPath)
            .Sample(path => OpenSsh.Arguments(Anywhere, "key", [path])[^1].ShouldBe(path));

    [Fact]
    public void Reads_checksums_and_nothing_else()
    {
        var one = new string('0', 64);
        var two = new string('f', 64);

        DataScripts.Checksums($"{one}\n{two}\n").ShouldBe([one, two]);
        DataScripts.Checksums("").ShouldBe([]);
        DataScripts.Checksums($"Welcome!\n{one}\n").ShouldBeNull();
        DataScripts.Checksums(one[1..]).ShouldBeNull();
        DataScripts.Checksums(new string('F', 64)).ShouldBeNull();
    }

    [Fact]
    public async Task Writing_refuses_a_path_on_the_instances_own_root()
    {
        var outcome = await new LocalShell().RunAsync(Anywhere, "key", DataScripts.Write, ["/", "1"], Ct);

        outcome.ExitCode.ShouldBe(1);
        outcome.Error.ShouldContain("/ is no file system of its own");
        File.Exists("/mooring-demo.data").ShouldBeFalse();
    }

    [Fact]
    public async Task Writing_tells_a_disk_that_is_full()
    {
        using var disk = MemoryDisk.Create();
        File.CreateSymbolicLink(Path.Combine(disk.Path, "mooring-demo.data"), "/dev/full");

        var outcome = await new LocalShell().RunAsync(Anywhere, "key", DataScripts.Write, [disk.Path, "1"], Ct);

        outcome.ExitCode.ShouldBe(1);
        outcome.Error.ShouldContain("bytes were written");
    }
}
