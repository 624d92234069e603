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
            && ids.Contains(disk.RemoteId));
}
