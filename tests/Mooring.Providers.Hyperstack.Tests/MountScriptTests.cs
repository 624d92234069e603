using System.Security.Cryptography;
using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>
/// The script that runs inside a machine, with stand-ins for the programs that need a disk: a file system is made on an
/// empty disk, and on nothing else.
/// </summary>
public sealed class MountScriptTests : IDisposable
{
    private const string Device = "virtio-a66fd1a8-e198-4eb4-a";

    private readonly string _folder = Directory.CreateTempSubdirectory("mooring-mount-").FullName;

    public MountScriptTests()
    {
        foreach (var name in (string[])["bin", "etc", "by-id"])
        {
            Directory.CreateDirectory(Path.Join(_folder, name));
        }

        MountPath = Path.Join(_folder, "a b'$(reboot)");
        File.WriteAllText(Path.Join(_folder, "etc", "mount-path"), MountPath + "\n");
        File.WriteAllText(Path.Join(_folder, "script"), UserData.MountScript);
        StandIn("lsblk", "exit 0");
        StandIn("mountpoint", "exit 1");
        StandIn("dd", "exit 0");
        StandIn("blkid", "exit 2");
        StandIn("wipefs", "exit 0");
        StandIn("mkfs.ext4", "exit 0");
        StandIn("mount", "exit 0");
        StandIn("sleep", $"touch {Path.Join(_folder, "by-id", Device)}");
    }

    private string MountPath { get; }

    [Fact]
    public async Task An_empty_disk_gets_a_file_system_and_is_mounted()
    {
        Plug(Device);
        (await RunAsync()).ExitCode.ShouldBe(0);
        Calls("mkfs.ext4").ShouldBe([$"-q -m 0 {DevicePath}"]);
        Calls("mount").ShouldBe([$"-- {DevicePath} {MountPath}"]);
        Directory.Exists(MountPath).ShouldBeTrue();
    }

    [Fact]
    public async Task A_disk_with_a_file_system_is_mounted_as_it_is()
    {
        Plug(Device);
        StandIn("blkid", "exit 0");
        (await RunAsync()).ExitCode.ShouldBe(0);
        Calls("mkfs.ext4").ShouldBeEmpty();
        Calls("mount").Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("blkid", "exit 8")]
    [InlineData("blkid", "exit 4")]
    [InlineData("dd", "exit 1")]
    [InlineData("wipefs", "echo 0x438 crypto_LUKS")]
    [InlineData("wipefs", "exit 1")]
    [InlineData("mkfs.ext4", "exit 1")]
    public async Task A_disk_of_which_that_is_not_certain_is_left_as_it_is(string program, string does)
    {
        Plug(Device);
        StandIn(program, does);
        (await RunAsync()).ExitCode.ShouldNotBe(0);
        if (program != "mkfs.ext4")
        {
            Calls("mkfs.ext4").ShouldBeEmpty();
        }

        Calls("mount").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_comes_later_is_waited_for()
    {
        Plug("virtio-not-a-volume", "virtio-A66FD1A8-E198-4EB4-A", "ata-a66fd1a8-e198-4eb4-a");
        (await RunAsync()).ExitCode.ShouldBe(0);
        Calls("sleep").ShouldNotBeEmpty();
        Calls("mount").ShouldBe([$"-- {DevicePath} {MountPath}"]);
    }

    [Fact]
    public async Task The_machines_own_disk_is_none_of_ours()
    {
        const string Own = "virtio-00000000-0000-0000-0";
        Plug(Device, Own);
        StandIn("lsblk", $"case \"$*\" in *{Own}) echo /;; esac");
        (await RunAsync()).ExitCode.ShouldBe(0);
        Calls("mount").ShouldBe([$"-- {DevicePath} {MountPath}"]);
    }

    [Fact]
    public async Task What_is_mounted_already_is_left_alone()
    {
        Plug(Device);
        StandIn("mountpoint", "exit 0");
        (await RunAsync()).ExitCode.ShouldBe(0);
        Calls("mkfs.ext4").ShouldBeEmpty();
        Calls("mount").ShouldBeEmpty();
    }

    [Fact]
    public async Task With_the_real_programs_what_was_written_is_still_there_the_next_time()
    {
        UseTheRealPrograms();
        PlugImage();
        (await RunAsync()).ExitCode.ShouldBe(0);
        // The magic number of ext4, at its place in the superblock.
        File.ReadAllBytes(DevicePath)[0x438..0x43A].ShouldBe([0x53, 0xEF]);
        var made = Content();

        (await RunAsync()).ExitCode.ShouldBe(0);
        Content().ShouldBe(made);
        Calls("mount").Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("LUKS\u00ba\u00be", 0)]
    [InlineData("_BHRfS_M", 0x10040)]
    [InlineData("\u0055\u00aa", 0x1FE)]
    public async Task With_the_real_programs_a_disk_with_something_on_it_is_left_as_it_is(string magic, int offset)
    {
        UseTheRealPrograms();
        PlugImage();
        await using (var image = File.OpenWrite(DevicePath))
        {
            image.Position = offset;
            image.Write(Encoding.Latin1.GetBytes(magic));
        }

        var before = Content();
        var ended = await RunAsync();
        Content().ShouldBe(before, ended.StandardError);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string DevicePath => Path.Join(_folder, "by-id", Device);

    private void Plug(params IReadOnlyList<string> devices)
    {
        foreach (var device in devices)
        {
            File.WriteAllText(Path.Join(_folder, "by-id", device), "");
        }
    }

    // On an image instead of a disk; mounting alone is still played.
    private void UseTheRealPrograms()
    {
        foreach (var program in (string[])["lsblk", "dd", "blkid", "wipefs", "mkfs.ext4"])
        {
            File.Delete(Path.Join(_folder, "bin", program));
        }

        Assert.SkipUnless(
            File.Exists("/usr/sbin/mkfs.ext4") && File.Exists("/usr/sbin/wipefs") && File.Exists("/usr/sbin/blkid"),
            "missing programs: blkid, wipefs, mkfs.ext4");
    }

    private string Content() => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(DevicePath)));

    private void PlugImage()
    {
        using var image = File.Create(DevicePath);
        image.SetLength(16 << 20);
    }

    private void StandIn(string program, string does)
    {
        var path = Path.Join(_folder, "bin", program);
        File.WriteAllText(path, $"#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{_folder}/{program}.calls'\n{does}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string[] Calls(string program)
    {
        var path = Path.Join(_folder, program + ".calls");
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }

    private async Task<BufferedCommandResult> RunAsync() => await Cli.Wrap("sh")
        .WithArguments(["-eu", Path.Join(_folder, "script")])
        .WithEnvironmentVariables(environment => environment
            .Set("PATH", $"{Path.Join(_folder, "bin")}:/usr/sbin:/usr/bin:/bin")
            .Set("MOORING_ETC", Path.Join(_folder, "etc"))
            .Set("MOORING_BY_ID", Path.Join(_folder, "by-id")))
        .WithValidation(CommandResultValidation.None)
        .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
}
