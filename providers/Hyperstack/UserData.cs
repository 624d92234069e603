using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Hyperstack;

/// <summary>
/// What a virtual machine is told at its first start (cloud-init, <c>#cloud-config</c>): who may log in, the
/// environment, and where its disk belongs. It is written as JSON, which is YAML too, so that no text of a user's can
/// be anything but a text; and what the script needs to know lies in files beside it, not in the script.
/// </summary>
internal static partial class UserData
{
    public const string MountScriptPath = "/usr/local/sbin/mooring-mount";
    public const string MountPathFile = "/etc/mooring/mount-path";

    // 65,535 in base64, as OpenStack's limit is (assumed to be this cloud's).
    private const int BytesMax = 49_000;

    private const string EnvironmentFile = "/etc/profile.d/mooring.sh";
    private const string UnitFile = "/etc/systemd/system/mooring-mount.service";

    private const string Unit = """
        [Unit]
        Description=Bring Mooring's disk to its mount path
        After=local-fs.target

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        TimeoutStartSec=infinity
        ExecStart=/usr/local/sbin/mooring-mount

        [Install]
        WantedBy=multi-user.target

        """;

    private static readonly Lazy<string> Script = new(ReadScript);

    /// <summary>The script that makes a file system where there is none, and mounts the disk.</summary>
    public static string MountScript => Script.Value;

    /// <summary>The user data for an instance.</summary>
    public static string For(InstanceSpec spec)
    {
        var files = new JsonArray();
        var commands = new JsonArray();
        if (spec.Environment.Count > 0)
        {
            files.Add(FileOf(EnvironmentFile, "0600", Exports(spec.Environment)));
        }

        if (spec.Attachments is [var disk, ..])
        {
            files.Add(FileOf(MountScriptPath, "0755", MountScript));
            files.Add(FileOf(MountPathFile, "0600", disk.MountPath + "\n"));
            files.Add(FileOf(UnitFile, "0644", Unit));
            commands.Add(Command("systemctl", "daemon-reload"));
            commands.Add(Command("systemctl", "enable", "--now", "--no-block", "mooring-mount.service"));
        }

        var root = new JsonObject { ["name"] = "root", ["ssh_authorized_keys"] = Texts(spec.AuthorizedKeys) };
        var config = new JsonObject
        {
            ["disable_root"] = false,
            ["ssh_pwauth"] = false,
            ["users"] = new JsonArray("default", root),
            ["write_files"] = files,
            ["runcmd"] = commands,
        };
        if (HostName().IsMatch(spec.ShownName))
        {
            config["hostname"] = spec.ShownName.ToLowerInvariant();
        }

        return "#cloud-config\n" + config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    /// <summary>Refuses what a machine can't be told as it is.</summary>
    /// <exception cref="RefusedException">With what it is.</exception>
    public static void Check(InstanceSpec spec)
    {
        if (spec.AuthorizedKeys.Any(key => !IsKey(key)))
        {
            throw new RefusedException("An SSH key is not one line of OpenSSH's form.");
        }

        foreach (var (name, value) in spec.Environment)
        {
            if (!VariableName().IsMatch(name) || value.Any(char.IsControl))
            {
                throw new RefusedException(
                    "An environment variable's name is letters, digits and underscores, and its value one line.");
            }
        }

        if (spec.Attachments.Any(disk => !IsMountPath(disk.MountPath)))
        {
            throw new RefusedException("A mount path is absolute, without '..' and control characters.");
        }

        if (Encoding.UTF8.GetByteCount(For(spec)) > BytesMax)
        {
            throw new RefusedException("SSH keys and environment together are too long for a virtual machine.");
        }
    }

    /// <summary>Whether it is a public key as <c>authorized_keys</c> has it: one line.</summary>
    public static bool IsKey(string key) => key.Length is > 20 and < 16_384 && !key.Any(char.IsControl);

    private static bool IsMountPath(string path) =>
        path.Length is > 1 and <= 255 && path[0] == '/' && !path.Any(char.IsControl)
        && !path.Split('/').Any(part => part is ".." or ".");

    private static string Exports(IReadOnlyDictionary<string, string> environment)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            // Within single quotes a shell takes everything as it is, save the single quote itself.
            text.Append($"export {name}='{value.Replace("'", "'\\''", StringComparison.Ordinal)}'\n");
        }

        return text.ToString();
    }

    private static JsonObject FileOf(string path, string permissions, string content) => new()
    {
        ["path"] = path,
        ["owner"] = "root:root",
        ["permissions"] = permissions,
        ["content"] = content,
    };

    private static JsonArray Command(params ReadOnlySpan<string> words) => Texts([.. words]);

    private static JsonArray Texts(IEnumerable<string> texts) =>
        new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);

    private static string ReadScript()
    {
        using var stream = typeof(UserData).Assembly.GetManifestResourceStream("mooring-mount.sh")
            ?? throw new InvalidOperationException("The assembly lacks its mooring-mount.sh.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,255}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariableName();

    [GeneratedRegex(
        "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostName();
}
