using Mooring.Providers;
using Mooring.Server.Attachments;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Pods;

/// <summary>Where a pod stands in its life (architecture, section 3).</summary>
internal enum PodStatus
{
    /// <summary>Accepted, its disks claimed; on its way.</summary>
    Provisioning,

    /// <summary>Running, its mounts checked, its SSH server answering where the image has one.</summary>
    Active,

    /// <summary>It failed. Its disks are given back as soon as nothing of it can write to them.</summary>
    Error,

    /// <summary>Delete accepted, or it ended by itself.</summary>
    Deleting,

    /// <summary>Gone, all its disks given back. Final.</summary>
    Terminated,
}

/// <summary>
/// An instance as we know it: an immutable value. How it goes through its life is in <see cref="PodLifecycle"/>.
/// </summary>
internal sealed record Pod : IWorkRow
{
    public required PodId Id { get; init; }
    public required string Name { get; init; }
    public required PodStatus Status { get; init; }
    public string? Reason { get; init; }

    public required AccountId AccountId { get; init; }
    public required UserId CreatorId { get; init; }
    public TeamId? TeamId { get; init; }
    public required WalletId WalletId { get; init; }

    public required ProviderAccountId ProviderAccountId { get; init; }
    public required string ProviderType { get; init; }
    public required string CloudId { get; init; }
    public string? DataCenter { get; init; }
    public string? Country { get; init; }
    public string? Region { get; init; }
    public required Security Security { get; init; }
    public required string RemoteName { get; init; }
    public string? RemoteId { get; init; }
    public required HostId? HostId { get; init; }

    /// <summary>
    /// It is at a provider that chooses its host for itself: its disks are named in the creating call, and when it is
    /// gone their own provider says when they are free.
    /// </summary>
    public bool NamesDisksAtCreation => HostId is null;

    /// <summary>Which 65,536 user ids of its host are its own; null where it has no host of ours.</summary>
    public int? UserNamespaceSlot { get; init; }

    public required string GpuType { get; init; }
    public required int GpuCount { get; init; }
    public required string Socket { get; init; }
    public required int Vcpus { get; init; }
    public required int MemoryGiB { get; init; }
    public required int BootDiskGiB { get; init; }

    /// <summary>The contract's image name.</summary>
    public required string Image { get; init; }

    /// <summary>What that name stood for when the pod was accepted.</summary>
    public required string ImageReference { get; init; }
    public string? CustomTemplateId { get; init; }
    public required bool AutoRestart { get; init; }

    /// <summary>Name and value of each environment variable; never logged.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
    public required IReadOnlyList<string> AuthorizedKeys { get; init; }

    public required Money PriceHr { get; init; }

    public string? SshUser { get; init; }
    public string? SshHost { get; init; }
    public int? SshPort { get; init; }
    public int? ExitCode { get; init; }

    public bool IsAtProvider { get; init; }
    public DateTimeOffset? SettlesAt { get; init; }
    public int AbsentLooks { get; init; }

    /// <summary>Since it began to end, a complete look has found that it is gone.</summary>
    public bool IsInstanceGone { get; init; }

    /// <summary>It ended and is being started again (autoRestart); its status stays ACTIVE meanwhile.</summary>
    public bool IsRestarting { get; init; }

    /// <summary>Restarts since it last ran for long.</summary>
    public int Restarts { get; init; }

    /// <summary>Whether it still has CPUs, memory and GPUs of its host.</summary>
    public bool HoldsReservation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required DateTimeOffset StatusSince { get; init; }
    public DateTimeOffset? ReadySince { get; init; }
    public DateTimeOffset? TerminatedAt { get; init; }
    public DateTimeOffset? UnreadableSince { get; init; }
    public DateTimeOffset? Deadline { get; init; }
    public bool IsOverdueTold { get; init; }

    public DateTimeOffset? DueAt { get; init; }
    public int Attempt { get; init; }
    public string? ClaimToken { get; init; }
    public DateTimeOffset? ClaimUntil { get; init; }
    public bool IsCutOff { get; init; }
    public long Version { get; init; }

    public Presence Presence
    {
        get => new(IsAtProvider, SettlesAt, AbsentLooks);
        init => (IsAtProvider, SettlesAt, AbsentLooks) = value;
    }

    /// <summary>What the user pays for it per hour now: only while it is ACTIVE (architecture, section 3).</summary>
    public Money? Rate => Status == PodStatus.Active ? PriceHr : null;

    public static PodChange Accept(Pod draft, IReadOnlyList<Attachment> attachments, PodLimits limits) => PodChange.Of(
        new PodAndDisks(null, []),
        new PodAndDisks(
            draft with
            {
                Status = PodStatus.Provisioning,
                Deadline = draft.CreatedAt + limits.Provisioning,
                HoldsReservation = true,
            },
            attachments),
        Due.AtOnce,
        new Happening(Happened.Created, null));

    /// <summary>What no record was about becomes ours to be ended: nobody is billed for it here.</summary>
    public static PodChange AdoptToDelete(Pod draft, PodLimits limits) => PodChange.Of(
        new PodAndDisks(null, []),
        new PodAndDisks(
            draft with { Status = PodStatus.Deleting, Deadline = draft.CreatedAt + limits.Deleting }, []),
        Due.AtOnce,
        new Happening(Happened.Adopted, null),
        new Happening(Happened.DeleteAccepted, null));

    public DateTimeOffset Later(DateTimeOffset now) => Clock.Later(now, UpdatedAt);

    public string ShownStatus(PodLimits limits, DateTimeOffset? accountUnreadableSince, DateTimeOffset now) =>
        Status is not PodStatus.Terminated
        && (now - UnreadableSince > limits.UnreadableShown || now - accountUnreadableSince > limits.UnreadableShown)
            ? Contract.V1.Statuses.Unknown
            : Status.ToWire();
}

/// <summary>A pod with its attachments, which live and change together.</summary>
internal sealed record PodAndDisks(Pod? Pod, IReadOnlyList<Attachment> Attachments)
{
    /// <summary>
    /// A claim on it ended without being given back: its worker died, and if it was in a create call, that may still
    /// take effect. To be applied before the next step of whoever takes the claim over.
    /// </summary>
    /// <param name="settlingTime">How long a create call may still take effect at its provider after it ended.</param>
    /// <param name="now">The time of the new claim, by when the old one's calls have ended.</param>
    public PodChange CutOff(TimeSpan settlingTime, DateTimeOffset now)
    {
        var pod = Pod!;
        var presence = pod.Presence.Unsettled(pod.Later(now) + settlingTime);
        return PodLifecycle.IsGoingUp(pod) || pod is { Status: PodStatus.Deleting, IsInstanceGone: false }
            ? PodChange.Of(this, this with { Pod = pod with { Presence = presence } }, null)
            : new PodChange(this, this, null, []);
    }
}

/// <summary>How long each status may last (architecture, section 3).</summary>
internal sealed record PodLimits
{
    public TimeSpan Provisioning { get; init; } = TimeSpan.FromMinutes(15);
    public TimeSpan Deleting { get; init; } = TimeSpan.FromMinutes(30);
    public TimeSpan UnreadableShown { get; init; } = TimeSpan.FromMinutes(5);
    public TimeSpan UnreadableAlert { get; init; } = TimeSpan.FromHours(1);
    public TimeSpan Ceiling { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The wait before the first restart; doubled with each one, up to <see cref="RestartDelayMost"/>.
    /// </summary>
    public TimeSpan RestartDelay { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan RestartDelayMost { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A pod that ran for so long starts its restart delays anew.</summary>
    public TimeSpan RanForLong { get; init; } = TimeSpan.FromMinutes(10);
}

internal static class PodStatusNames
{
    private static readonly string[] Names = [.. Enum.GetNames<PodStatus>().Select(name => name.ToUpperInvariant())];

    public static string ToWire(this PodStatus status) => Names[(int)status];

    public static PodStatus FromWire(string name) => (PodStatus)Array.IndexOf(Names, name);

    /// <summary>What the user may do with a pod that nobody is working on; null for a status on the way.</summary>
    public static string? Advice(this PodStatus status) => status switch
    {
        PodStatus.Active => "Log in with its sshConnection, or delete it; its disks live on.",
        PodStatus.Error => "Read why in installationFailure and GET /api/v1/pods/{id}/log, then delete it.",
        PodStatus.Terminated => "It is gone. Create a new one with the same disks.",
        _ => null,
    };
}
