using System.Globalization;
using System.Text.RegularExpressions;
using Mooring.Providers;
using Mooring.Providers.Hosts;

namespace Mooring.Agent.Hosts;

/// <summary>NVIDIA's GPUs, as <c>nvidia-smi</c> lists them, and their names as CDI devices.</summary>
internal static partial class NvidiaGpus
{
    private const double MiBPerGiB = 1024;

    /// <summary>Where CDI specifications lie (container-device-interface, SPEC.md, "CDI JSON Specification").</summary>
    public static readonly IReadOnlyList<string> CdiDirectories = ["/etc/cdi", "/var/run/cdi"];

    /// <summary>The GPUs of this host in the order of their indices; none where there is no driver.</summary>
    public static async Task<IReadOnlyList<HostGpu>> ListAsync(CancellationToken ct)
    {
        try
        {
            var outcome = await HostCommand.RunAsync(
                "nvidia-smi", ["--query-gpu=uuid,name,memory.total", "--format=csv,noheader,nounits"], ct);
            return outcome.Succeeded ? Parse(outcome.Output) : [];
        }
        catch (RefusedException)
        {
            return [];
        }
    }

    /// <summary>
    /// Reads what it prints. A line: <c>GPU-5fd4f087-86f3-7a43-b711-4771313afc50, NVIDIA H100 80GB HBM3, 81559</c>.
    /// </summary>
    public static IReadOnlyList<HostGpu> Parse(string output)
    {
        var gpus = new List<HostGpu>();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var fields = line.Split(',', StringSplitOptions.TrimEntries);
            if (fields.Length >= 3 && fields[0].StartsWith("GPU-", StringComparison.Ordinal)
                && int.TryParse(fields[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var mib))
            {
                gpus.Add(new HostGpu(fields[0], string.Join(", ", fields[1..^1]), (int)Math.Ceiling(mib / MiBPerGiB)));
            }
        }

        return gpus;
    }

    /// <summary>
    /// The CDI devices for GPUs: by UUID where the host's specification names them so, else by index, as
    /// <c>nvidia-ctk cdi generate</c> writes by default.
    /// </summary>
    /// <exception cref="RefusedException">The host has no specification, or none for one of the GPUs.</exception>
    public static async Task<IReadOnlyList<string>> CdiDevicesAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        var named = CdiDeviceNames(CdiDirectories);
        if (named.Count == 0)
        {
            throw new RefusedException(
                "the host has no CDI specification for its GPUs, without which the engine can't pass them; an operator "
                + "makes one with: nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml");
        }

        IReadOnlyList<HostGpu>? present = null;
        var devices = new List<string>();
        foreach (var id in ids)
        {
            if (named.Contains(id))
            {
                devices.Add($"nvidia.com/gpu={id}");
                continue;
            }

            present ??= await ListAsync(ct);
            var index = present.Select(gpu => gpu.Id).ToList().IndexOf(id).ToString(CultureInfo.InvariantCulture);
            devices.Add(named.Contains(index)
                ? $"nvidia.com/gpu={index}"
                : throw new RefusedException($"the host's CDI specification does not name the GPU {id}"));
        }

        return devices;
    }

    /// <summary>
    /// Names of the devices of the kind <c>nvidia.com/gpu</c> in the specifications in some directories.
    /// </summary>
    public static IReadOnlySet<string> CdiDeviceNames(IEnumerable<string> directories)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in directories.Where(Directory.Exists).SelectMany(Directory.EnumerateFiles))
        {
            if (Path.GetExtension(file) is not (".json" or ".yaml" or ".yml"))
            {
                continue;
            }

            // Only devices have a member "name" of their own; kind and names are all that is read, so that YAML as
            // nvidia-ctk writes it and JSON need no parser of their own.
            var text = File.ReadAllText(file);
            if (KindPattern().IsMatch(text))
            {
                names.UnionWith(NamePattern().Matches(text).Select(match => match.Groups["name"].Value));
            }
        }

        return names;
    }

    [GeneratedRegex("""(?m)(^|[\s{,])"?kind"?\s*:\s*"?nvidia\.com/gpu"?""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KindPattern();

    [GeneratedRegex(
        """(?m)(^|[\s{,"-])"?name"?\s*:\s*"?(?<name>[A-Za-z0-9_.:-]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();
}
