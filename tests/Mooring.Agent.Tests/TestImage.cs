using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Mooring.Agent.Tests;

/// <summary>
/// Two tiny images in one archive, made from this machine's own static busybox and its dropbear (an SSH server), with
/// the entry that real images have: it waits for its disks before anything runs.
/// </summary>
internal static class TestImage
{
    /// <summary>Runs the script in the variable <see cref="Script"/>.</summary>
    public const string Plain = "localhost/mooring/plain:latest";

    /// <summary>Runs an SSH server, and says so by its label.</summary>
    public const string Ssh = "localhost/mooring/ssh:latest";

    public const string Script = "SCRIPT";

    /// <summary>Ends at once when asked to, with exit code 0.</summary>
    public const string WaitForTheEnd = "trap 'exit 0' TERM; echo running; sleep 100000 & wait";

    private const string Entry = """
        #!/bin/sh
        shown() {
          top=
          while read -r _ _ dev _ path _; do [ "$path" = "${1%%=*}" ] && top=$dev; done </proc/self/mountinfo
          [ "$top" = "${1##*=}" ]
        }
        for want in $MOORING_MOUNTS; do
          shown "$want" || { echo "$want is not mounted; nothing was started" >&2; exit 78; }
        done
        exec "$@"

        """;

    public static async Task WriteAsync(string path)
    {
        var layer = await LayerAsync();
        var digest = Convert.ToHexStringLower(SHA256.HashData(layer));
        await using var archive = new TarWriter(File.Create(path));
        var manifest = new List<object>();
        foreach (var (reference, command, labels) in Images())
        {
            var config = JsonSerializer.SerializeToUtf8Bytes(new
            {
                architecture = "amd64",
                os = "linux",
                config = new
                {
                    Env = new[] { "PATH=/bin:/usr/sbin" },
                    Entrypoint = new[] { "/entry" },
                    Cmd = command,
                    Labels = labels,
                },
                rootfs = new { type = "layers", diff_ids = new[] { $"sha256:{digest}" } },
            });
            var name = $"{Convert.ToHexStringLower(SHA256.HashData(config))}.json";
            Add(archive, name, config, executable: false);
            manifest.Add(new { Config = name, RepoTags = new[] { reference }, Layers = new[] { $"{digest}.tar" } });
        }

        Add(archive, $"{digest}.tar", layer, executable: false);
        Add(archive, "manifest.json", JsonSerializer.SerializeToUtf8Bytes(manifest), executable: false);
    }

    private static IEnumerable<(string Reference, string[] Command, Dictionary<string, string> Labels)> Images()
    {
        yield return (Plain, ["/bin/sh", "-c", $"eval \"${Script}\""], []);
        yield return (
            Ssh,
            ["/usr/sbin/dropbear", "-F", "-E", "-R", "-s", "-p", "22"],
            new() { ["mooring.ssh"] = "22" });
    }

    private static async Task<byte[]> LayerAsync()
    {
        var buffer = new MemoryStream();
        await using (var tar = new TarWriter(buffer, leaveOpen: true))
        {
            foreach (var directory in (string[])
                ["bin/", "usr/", "usr/sbin/", "etc/", "etc/dropbear/", "root/", "root/.ssh/", "proc/", "sys/", "dev/"])
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, directory) { Mode = Mode(executable: true) });
            }

            Add(tar, "bin/busybox", await File.ReadAllBytesAsync("/bin/busybox"), executable: true);
            foreach (var applet in (string[])
                ["awk", "cat", "chmod", "dd", "grep", "head", "hostname", "ip", "md5sum", "nc", "seq", "sh", "sleep",
                "stat", "sync", "touch", "true"])
            {
                Link(tar, $"bin/{applet}", "busybox");
            }

            Add(tar, "usr/sbin/dropbear", await File.ReadAllBytesAsync("/usr/sbin/dropbear"), executable: true);
            foreach (var library in await LibrariesOfAsync("/usr/sbin/dropbear"))
            {
                Add(tar, library.TrimStart('/'), await File.ReadAllBytesAsync(library), executable: true);
            }

            Add(tar, "entry", Encoding.UTF8.GetBytes(Entry), executable: true);
            Add(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"u8.ToArray(), executable: false);
            Add(tar, "etc/shells", "/bin/sh\n"u8.ToArray(), executable: false);
            Link(tar, "root/.ssh/authorized_keys", "/etc/mooring/authorized_keys");
        }

        return buffer.ToArray();
    }

    private static async Task<IReadOnlyList<string>> LibrariesOfAsync(string program)
    {
        // A line: "	libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f…)", or the loader's path alone.
        var outcome = (await AgentFixture.RunAsync("ldd", program)).OrRefuse("ldd");
        return [.. outcome.Output
            .Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith('/'))];
    }

    private static void Add(TarWriter tar, string name, byte[] content, bool executable) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = Mode(executable),
            DataStream = new MemoryStream(content),
        });

    private static void Link(TarWriter tar, string name, string target) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target });

    private static UnixFileMode Mode(bool executable) =>
        (UnixFileMode)(executable ? 0b111_101_101 : 0b110_100_100);
}
