namespace Mooring.Server.Disks;

/// <summary>Disks by what the provider knows them by.</summary>
internal static class DiskQueries
{
    /// <summary>Those of disks that are not gone and that have one of these ids at one of these accounts.</summary>
    /// <param name="disks">The disks.</param>
    /// <param name="accounts">Accounts at which an id means the same disk.</param>
    /// <param name="ids">The provider's ids; so many that one query can name them.</param>
    public static IQueryable<Disk> WithRemoteIds(
        this IQueryable<Disk> disks, IReadOnlyList<ProviderAccountId> accounts, IReadOnlyList<string> ids) =>
        disks.Where(disk => accounts.Contains(disk.ProviderAccountId)
            && disk.Status != DiskStatus.Terminated
            // Without this the index over ids is of no use to PostgreSQL.
            && disk.RemoteId != null
            && ids.Contains(disk.RemoteId));

    /// <summary>Those that were registered while they bore a disk's name: another's doubles, by the records.</summary>
    public static IQueryable<Disk> Doubling(
        this IQueryable<Disk> disks, IReadOnlyList<ProviderAccountId> accounts, string remoteName) =>
        disks.Where(disk => accounts.Contains(disk.ProviderAccountId)
            && disk.ForeignName == remoteName
            && disk.TerminatedAt == null
            && disk.RemoteId != null);
}
