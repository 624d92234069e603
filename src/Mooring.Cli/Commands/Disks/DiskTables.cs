using Mooring.Cli.Output;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.Disks;

/// <summary>How disks are shown.</summary>
internal static class DiskTables
{
    public static Table<Disk> List(TimeProvider time) => new(
        new Column<Disk>("ID", disk => disk.Id),
        new Column<Disk>("NAME", disk => disk.Name) { WidthMin = 8 },
        new Column<Disk>("STATUS", disk => disk.Status) { Colour = Colours.OfStatus },
        new Column<Disk>("SIZE", disk => $"{disk.Size} GB") { IsRight = true },
        new Column<Disk>("PLACE", Place) { WidthMin = 10, LeftOut = 2 },
        new Column<Disk>("USD/H", disk => Words.Price(disk.PriceHr)) { IsRight = true, LeftOut = 1 },
        new Column<Disk>("HELD BY", HeldBy) { LeftOut = 3 },
        new Column<Disk>("AGE", disk => Words.Age(disk.CreatedAt, time)) { IsRight = true, LeftOut = 4 });

    public static IReadOnlyList<(string Name, string? Value)> Details(Disk disk, TimeProvider time) =>
    [
        ("id", disk.Id),
        ("name", disk.Name),
        ("status", disk.Status),
        ("see why", disk.Status is Statuses.Stopped or Statuses.Error or Statuses.Unknown
            ? $"mooring disks explain {disk.Id}"
            : null),
        ("size", $"{disk.Size} GB"),
        ("place", Place(disk)),
        ("holders", disk.Info?.IsMultinode == true ? "several instances at once" : "one instance at a time"),
        ("held by", Holders(disk)),
        ("price", Price(disk)),
        ("created", $"{Words.Instant(disk.CreatedAt)} ({Words.Age(disk.CreatedAt, time)} ago)"),
        ("updated", Words.Instant(disk.UpdatedAt)),
        ("terminated", disk.TerminatedAt is { } gone ? Words.Instant(gone) : null),
        ("team", disk.TeamId),
        ("wallet", disk.WalletId),
    ];

    public static string Place(Disk disk) => Place(disk.ProviderType, disk.Info?.CloudId, disk.Info?.DataCenterId);

    public static string Place(string provider, string? cloudId, string? dataCenter) =>
        string.Join(" · ", new[] { provider, cloudId, dataCenter }.OfType<string>());

    /// <summary>Who holds it, by id.</summary>
    public static string Holders(Disk disk) => disk.Pods.Count + disk.Clusters.Count == 0
        ? "nobody"
        : string.Join(
            ", ",
            disk.Pods.Select(pod => $"pod {pod}").Concat(disk.Clusters.Select(cluster => $"cluster {cluster}")));

    private static string Price(Disk disk)
    {
        var price = $"{Words.Price(disk.PriceHr)} USD/h";
        return disk.StoppedPriceHr is not { } stopped ? price
            : stopped == disk.PriceHr ? $"{price}, also while STOPPED"
            : $"{price}, {Words.Price(stopped)} USD/h while STOPPED";
    }

    private static string HeldBy(Disk disk) =>
        (disk.Pods.Count + disk.Clusters.Count) is > 0 and var count ? Words.Count(count, "pod") : "-";
}
