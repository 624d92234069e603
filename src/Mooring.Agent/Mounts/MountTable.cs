using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Mooring.Agent.Mounts;

/// <summary>A block device, as <c>stat</c> and the mount table number it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DeviceNumber(int Major, int Minor)
{
    /// <summary>Reads <c>7:3</c>.</summary>
    public static DeviceNumber Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new(
            int.Parse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture),
            int.Parse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    public override string ToString() => $"{Major}:{Minor}";
}

/// <summary>One mount.</summary>
internal sealed record MountEntry(DeviceNumber Device, string Path, string Options, string FileSystem);

/// <summary>
/// What is mounted, as the kernel says (proc_pid_mountinfo(5)). A raw line:
/// <c>36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue</c>; space, tab, line break and
/// backslash in paths are written as <c>\040</c>, <c>\011</c>, <c>\012</c> and <c>\134</c>.
/// </summary>
internal sealed class MountTable(IReadOnlyList<MountEntry> entries)
{
    /// <summary>The mounts this process sees, in the order in which they were made.</summary>
    public static MountTable Read() => Parse(File.ReadLines("/proc/self/mountinfo"));

    public static MountTable Parse(IEnumerable<string> lines) => new([.. lines.Select(ParseLine)]);

    /// <summary>What one sees at exactly this path; null where nothing is mounted.</summary>
    public MountEntry? At(string path) => entries.LastOrDefault(entry => entry.Path == path);

    /// <summary>Everything mounted below a directory.</summary>
    public IEnumerable<MountEntry> Below(string directory) =>
        entries.Where(entry => entry.Path.StartsWith(directory + "/", StringComparison.Ordinal));

    private static MountEntry ParseLine(string line)
    {
        var fields = line.Split(' ');
        // The number of optional fields before the dash varies.
        var dash = Array.IndexOf(fields, "-", 6);
        return new(DeviceNumber.Parse(fields[2]), Unescape(fields[4]), fields[5], fields[dash + 1]);
    }

    private static string Unescape(string path)
    {
        if (!path.Contains('\\', StringComparison.Ordinal))
        {
            return path;
        }

        var result = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\' && i + 3 < path.Length)
            {
                result.Append((char)Convert.ToInt32(path.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                result.Append(path[i]);
            }
        }

        return result.ToString();
    }
}
