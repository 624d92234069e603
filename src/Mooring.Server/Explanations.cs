using System.Globalization;
using Mooring.Contract.Native;
using Mooring.Server.Attachments;
using Mooring.Server.Reconciling;
using ProviderAccount = Mooring.Server.ProviderAccounts.ProviderAccount;

namespace Mooring.Server;

/// <summary>What explanations of disks and of pods have in common.</summary>
internal static class Explanations
{
    /// <summary>Attachments that are not released, as they are explained.</summary>
    public static IReadOnlyList<ExplainedHolder> Of(IEnumerable<Attachment> attachments) =>
    [
        .. attachments.Where(attachment => attachment.IsUnreleased).Select(attachment => new ExplainedHolder
        {
            PodId = attachment.PodId.Value,
            DiskId = attachment.DiskId.Value,
            Status = attachment.Status.ToString().ToUpperInvariant(),
            MountPath = attachment.MountPath,
            Since = attachment.ClaimedAt,
        }),
    ];

    /// <summary>Where it is; unreadable where itself or its whole account is.</summary>
    public static ExplainedProvider Of(
        ProviderAccount account,
        string remoteName,
        string? remoteId,
        DateTimeOffset? unreadableSince,
        string? reason) => new()
        {
            Type = account.Type,
            Account = account.Name,
            RemoteName = remoteName,
            RemoteId = remoteId,
            UnreadableSince = Earlier(unreadableSince, account.UnreadableSince),
            UnreadableReason = account.UnreadableSince is not null ? account.UnreadableReason
            : unreadableSince is not null ? reason
            : null,
        };

    public static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other ?? one : one;

    /// <summary>Whether a worker has it in hand.</summary>
    public static bool IsInHand(IWorkRow row, DateTimeOffset now) => row.ClaimToken is not null && row.ClaimUntil > now;

    /// <summary>When a row's next step comes, as the end of a sentence.</summary>
    public static string When(IWorkRow row, DateTimeOffset now) => row.DueAt is { } due && due > now
        ? string.Create(CultureInfo.InvariantCulture, $"at {due:yyyy-MM-dd HH:mm:ss} UTC")
        : "at once";
}
