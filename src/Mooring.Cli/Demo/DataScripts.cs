using System.Text.RegularExpressions;

namespace Mooring.Cli.Demo;

/// <summary>
/// What runs inside the instances: POSIX shell with coreutils, nothing else. <c>$1</c> is the mount path.
/// </summary>
internal static partial class DataScripts
{
    /// <summary>Shows the file system.</summary>
    public const string Show = """
        exec df -h "$1"
        """;

    /// <summary>
    /// Writes <c>$2</c> MiB of random data and prints its checksum, taken from the stream on its way to the disk, so
    /// that it tells what was meant to be written. The path must be a file system of its own: data in the instance's
    /// own root would prove nothing.
    /// </summary>
    public const string Write = """
        set -eu
        if [ "$(stat -c %d "$1")" = "$(stat -c %d /)" ]; then
            echo "$1 is no file system of its own: no disk is mounted there" >&2
            exit 1
        fi
        head -c "$(($2 * 1048576))" /dev/urandom | tee "$1/mooring-demo.data" \
            | sha256sum | cut -d ' ' -f 1 > "$1/mooring-demo.sha256"
        written=$(stat -c %s "$1/mooring-demo.data")
        if [ "$written" -ne "$(($2 * 1048576))" ]; then
            echo "only $written bytes were written" >&2
            exit 1
        fi
        sync -f "$1/mooring-demo.data"
        cat "$1/mooring-demo.sha256"
        """;

    /// <summary>Reads the data and prints its checksum, computed anew, and the one that was stored beside it.</summary>
    public const string Read = """
        set -eu
        sha256sum < "$1/mooring-demo.data" | cut -d ' ' -f 1
        cat "$1/mooring-demo.sha256"
        """;

    /// <summary>The checksums that a script printed, one a line; null if it printed anything else.</summary>
    public static IReadOnlyList<string>? Checksums(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.All(line => Sha256().IsMatch(line)) ? lines : null;
    }

    /// <summary>Whether a mount path, as the server tells it, can be passed to a script.</summary>
    public static bool IsMountPath(string path) => MountPath().IsMatch(path);

    [GeneratedRegex(@"\A[0-9a-f]{64}\z", RegexOptions.None, 1000)]
    private static partial Regex Sha256();

    // Absolute, and no component begins with a dot or a dash.
    [GeneratedRegex(@"\A(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}){1,8}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MountPath();
}
