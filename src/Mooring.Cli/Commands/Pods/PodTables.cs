using Mooring.Cli.Output;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.Pods;

/// <summary>How pods are shown.</summary>
internal static class PodTables
{
    public static Table<Pod> List(TimeProvider time) => new(
        new Column<Pod>("ID", pod => pod.Id),
        new Column<Pod>("NAME", pod => pod.Name) { WidthMin = 8 },
        new Column<Pod>("STATUS", pod => pod.Status) { Colour = Colours.OfStatus },
        new Column<Pod>("GPUS", pod => Gpus(pod.GpuName, pod.GpuCount)) { WidthMin = 8, LeftOut = 5 },
        new Column<Pod>("SSH", pod => pod.SshConnection) { WidthMin = 16, LeftOut = 2 },
        new Column<Pod>("DISKS", pod => $"{pod.AttachedResources.Count}") { IsRight = true, LeftOut = 4 },
        new Column<Pod>("USD/H", pod => Words.Price(pod.PriceHr)) { IsRight = true, LeftOut = 1 },
        new Column<Pod>("AGE", pod => Words.Age(pod.CreatedAt, time)) { IsRight = true, LeftOut = 3 });

    public static Table<PodHistoryEntry> History { get; } = new(
        new Column<PodHistoryEntry>("ID", pod => pod.Id),
        new Column<PodHistoryEntry>("NAME", pod => pod.Name) { WidthMin = 8 },
        new Column<PodHistoryEntry>("GPUS", pod => Gpus(pod.GpuName, pod.GpuCount)) { WidthMin = 8, LeftOut = 2 },
        new Column<PodHistoryEntry>("CREATED", pod => Words.Instant(pod.CreatedAt)) { LeftOut = 3 },
        new Column<PodHistoryEntry>("ENDED", pod => pod.TerminatedAt is { } end ? Words.Instant(end) : null)
        {
            LeftOut = 4,
        },
        new Column<PodHistoryEntry>("USD/H", pod => Words.Price(pod.PriceHr)) { IsRight = true, LeftOut = 1 },
        new Column<PodHistoryEntry>("USD", pod => Words.Price(pod.TotalBilledPrice)) { IsRight = true });

    public static IReadOnlyList<(string Name, string? Value)> Details(Pod pod, TimeProvider time) =>
    [
        ("id", pod.Id),
        ("name", pod.Name),
        ("status", pod.Status),
        ("failure", pod.InstallationFailure),
        ("ssh", pod.SshConnection),
        ("gpus", Gpus(pod.GpuName, pod.GpuCount)),
        ("resources", pod.Resources is { } has ? $"{has.Vcpus} vCPUs, {has.Memory} GB memory" : null),
        ("image", pod.CustomTemplateId is { } template ? $"template {template}" : pod.EnvironmentType),
        ("provider", pod.ProviderType),
        .. pod.AttachedResources.Select(disk =>
            ("disk", (string?)$"{disk.Id} at {disk.MountPath}, {disk.Size} GB, {disk.Status}")),
        .. pod.PrimePortMapping.Select(port => ("port", (string?)Port(pod, port))),
        ("auto-restart", pod.AutoRestart == true ? "yes" : null),
        ("price", $"{Words.Price(pod.PriceHr)} USD/h"),
        ("created", $"{Words.Instant(pod.CreatedAt)} ({Words.Age(pod.CreatedAt, time)} ago)"),
        ("terminated", pod.TerminatedAt is { } gone ? Words.Instant(gone) : null),
        ("team", pod.TeamId),
    ];

    private static string Port(Pod pod, PortMapping port) =>
        $"{pod.Ip}:{port.External} → {port.Internal}/{port.Protocol}{(port.UsedBy is { } by ? $" ({by})" : "")}";

    private static string Gpus(string type, int count) => type == "CPU_NODE" ? "none" : $"{count}x {type}";
}
