namespace Mooring.Server.Disks;

/// <summary>
/// What the user may do with a disk that nobody is working on: no status is a dead end without a word.
/// </summary>
internal static class DiskAdvice
{
    /// <summary>
    /// A sentence for each status that lasts until somebody wishes something; null for those on the way.
    /// </summary>
    public static string? For(DiskStatus status) => status switch
    {
        DiskStatus.Active => "Attach it by naming it in 'disks' when you create an instance, rename it, or delete it.",
        DiskStatus.Stopped => "It is suspended and its data is kept: resume it, or delete it.",
        DiskStatus.Error => "Retry it, or delete it.",
        DiskStatus.Terminated => "It is gone for good. Create a new one.",
        _ => null,
    };
}
