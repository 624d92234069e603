using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Disks;

/// <summary>Where a disk stands in its life (architecture, section 3). UNKNOWN is shown, never stored.</summary>
internal enum DiskStatus
{
    /// <summary>Accepted; being made at the provider.</summary>
    Provisioning,

    /// <summary>A single-holder disk on its way to or from its holder.</summary>
    Pending,

    /// <summary>Ready, attached or not.</summary>
    Active,

    /// <summary>Suspended: data kept, no new attachment.</summary>
    Stopped,

    /// <summary>It failed for good, or its data is missing.</summary>
    Error,

    /// <summary>Delete accepted; the user no longer pays.</summary>
    Deleting,

    /// <summary>Gone. Final.</summary>
    Terminated,
}

/// <summary>
/// A disk as we know it: an immutable value. What users and pods may do to it is here; how it goes through its life is
/// in <see cref="DiskLifecycle"/>. Both return a <see cref="DiskChange"/>, which is written in one transaction.
/// </summary>
internal sealed partial record Disk : IWorkRow
{
    public required DiskId Id { get; init; }
    public required string Name { get; init; }
    public required int SizeGiB { get; init; }
    public required DiskStatus Status { get; init; }

    /// <summary>Why it is in this status, in words for the user; the provider's own where there are any.</summary>
    public string? Reason { get; init; }

    public required AccountId AccountId { get; init; }
    public required UserId CreatorId { get; init; }
    public TeamId? TeamId { get; init; }
    public required WalletId WalletId { get; init; }

    public required ProviderAccountId ProviderAccountId { get; init; }
    public required string ProviderType { get; init; }
    public string? CloudId { get; init; }
    public string? DataCenter { get; init; }
    public string? Country { get; init; }
    public string? Region { get; init; }
    public required bool IsMultinode { get; init; }

    /// <summary>The capacity pool that its size is promised from; null where the provider has none.</summary>
    public string? Pool { get; init; }

    /// <summary>Its name at the provider, stored before the first call and never computed anew.</summary>
    public required string RemoteName { get; init; }
    public string? RemoteId { get; init; }

    /// <summary>
    /// What it is called at the provider, as it can be shown, if it was made there by somebody else and registered
    /// here; null if it bears <see cref="RemoteName"/>. It is addressed by its id alone, and never made.
    /// </summary>
    public string? ForeignName { get; init; }

    /// <summary>How its provider is told which it is.</summary>
    public DiskRef Ref => new(RemoteName, RemoteId) { ForeignName = ForeignName };

    /// <summary>Whether the provider was seen to have it, and not seen to have lost it.</summary>
    public bool IsAtProvider { get; init; }

    /// <summary>
    /// Until when a create call of unknown outcome may still take effect; null when no such call is open.
    /// </summary>
    public DateTimeOffset? SettlesAt { get; init; }

    /// <summary>Complete looks in a row that did not find it, while its creation is unsettled.</summary>
    public int AbsentLooks { get; init; }

    public Presence Presence
    {
        get => new(IsAtProvider, SettlesAt, AbsentLooks);
        init => (IsAtProvider, SettlesAt, AbsentLooks) = value;
    }

    public required Money PriceHr { get; init; }
    public required Money StoppedPriceHr { get; init; }
    public required Money ProvisioningPriceHr { get; init; }

    /// <summary>Grows each time the disk changes hands.</summary>
    public long Generation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required DateTimeOffset StatusSince { get; init; }
    public DateTimeOffset? TerminatedAt { get; init; }

    /// <summary>Since when the provider can't tell about it; null while it can.</summary>
    public DateTimeOffset? UnreadableSince { get; init; }

    /// <summary>
    /// When its present status is overdue; null where a status may last. In ERROR it is set while a retry is under way.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Whether an event has told already that the deadline has passed.</summary>
    public bool IsOverdueTold { get; init; }

    /// <summary>In what the last list that showed it had it otherwise; an event has told of each.</summary>
    public DiskDrift Drift { get; init; }

    /// <summary>Whether every delete is refused until somebody lifts that.</summary>
    public bool IsDeletionForbidden { get; init; }

    /// <summary>Whether it rests because its wallet is empty, and goes on by itself once that is topped up.</summary>
    public bool IsUnpaid { get; init; }

    public DateTimeOffset? DueAt { get; init; }
    public int Attempt { get; init; }
    public string? ClaimToken { get; init; }
    public DateTimeOffset? ClaimUntil { get; init; }
    public bool IsCutOff { get; init; }
    public long Version { get; init; }

    /// <summary>
    /// What the user pays for it per hour now; null where nothing is billed (architecture, section 3).
    /// </summary>
    public Money? Rate => Status switch
    {
        DiskStatus.Provisioning => ProvisioningPriceHr,
        DiskStatus.Pending or DiskStatus.Active => PriceHr,
        DiskStatus.Stopped => StoppedPriceHr,
        DiskStatus.Error => IsAtProvider ? PriceHr : null,
        _ => null,
    };

    /// <summary>A new disk, accepted now.</summary>
    public static DiskChange Accept(Disk draft, DiskLimits limits)
    {
        var disk = draft with { Status = DiskStatus.Provisioning, Deadline = draft.CreatedAt + limits.Provisioning };
        return DiskChange.Of(null, disk, Due.AtOnce, new Happening(Happened.Created, null));
    }

    public DiskChange Rename(string name, DateTimeOffset now) =>
        DiskChange.Of(
            this, this with { Name = name, UpdatedAt = Later(now) }, null, new Happening(Happened.Renamed, name));

    /// <summary>
    /// The user wants it gone. Accepted in every status, as often as it is asked for, but never while a pod holds it,
    /// nor while its deletion is forbidden.
    /// A worker may be in a create call this moment: its answer is applied to the disk as it is then, and if it dies
    /// in the call, its claim is found cut off. Nobody else acts on the disk before either.
    /// </summary>
    /// <param name="holders">Pods with an attachment that is not released.</param>
    /// <param name="limits">How long statuses may last.</param>
    /// <param name="now">The time of the wish.</param>
    public Result<DiskChange> Delete(IReadOnlyCollection<PodId> holders, DiskLimits limits, DateTimeOffset now)
    {
        if (Status is DiskStatus.Deleting or DiskStatus.Terminated)
        {
            return DiskChange.Nothing(this);
        }

        return IsDeletionForbidden ? new DiskDeletionForbidden(Id)
            : holders.Count > 0 ? new DiskInUse(Id, [.. holders])
            : Deleted(limits, now, null);
    }

    private DiskChange Deleted(DiskLimits limits, DateTimeOffset now, string? why)
    {
        now = Later(now);
        var deleting = this with
        {
            Status = DiskStatus.Deleting,
            StatusSince = now,
            UpdatedAt = now,
            Reason = null,
            Deadline = now + limits.Deleting,
            IsOverdueTold = false,
            Drift = DiskDrift.None,
            IsUnpaid = false,
            Attempt = 0,
        };
        return DiskChange.Of(this, deleting, Due.AtOnce, new Happening(Happened.DeleteAccepted, why));
    }

    /// <summary>
    /// A claim on it ended without being given back: its worker died, and if it was in a create call, that may still
    /// take effect. To be applied before the next step of whoever takes the claim over.
    /// </summary>
    /// <param name="settlingTime">How long a create call may still take effect at its provider after it ended.</param>
    /// <param name="now">The time of the new claim, by when the old one's calls have ended.</param>
    public DiskChange CutOff(TimeSpan settlingTime, DateTimeOffset now) =>
        Status is DiskStatus.Provisioning or DiskStatus.Deleting
            ? DiskChange.Of(this, this with { Presence = Presence.Unsettled(Later(now) + settlingTime) }, null)
            : DiskChange.Nothing(this);

    /// <summary>A pod takes hold of it. Each hold has a generation of its own.</summary>
    /// <param name="holders">Pods with an attachment that is not released.</param>
    /// <param name="limits">How long statuses may last.</param>
    /// <param name="now">The time of the wish.</param>
    /// <param name="accountUnreadableSince">Since when its provider account can't be read; null if it can.</param>
    public Result<DiskChange> Attach(
        IReadOnlyCollection<PodId> holders,
        DiskLimits limits,
        DateTimeOffset now,
        DateTimeOffset? accountUnreadableSince = null)
    {
        if (Status == DiskStatus.Terminated)
        {
            return new DiskNotFound(Id.Value);
        }

        if (!IsMultinode && holders.Count > 0)
        {
            return new DiskHeld(Id, holders.First());
        }

        // What is shown as UNKNOWN can't be attached, whoever it is that can't be read (architecture, section 3).
        if (ShownStatus(limits, accountUnreadableSince, now) is not Contract.V1.Statuses.Active and var shown)
        {
            return new DiskNotActive(Id, shown, Reason, IsUnpaid);
        }

        now = Later(now);
        var taken = this with { Generation = Generation + 1, UpdatedAt = now };
        return DiskChange.Of(
            this,
            IsMultinode ? taken : taken.OnTheMove(limits, now),
            IsMultinode ? null : new Due.At(now + limits.Pending),
            new Happening(Happened.AttachBegun, null));
    }

    /// <summary>Its holder's host has it.</summary>
    public DiskChange Attached(DiskLimits limits, DateTimeOffset now) => Settle(Happened.Attached, limits, now);

    /// <summary>Its holder is going.</summary>
    public DiskChange BeginRelease(DiskLimits limits, DateTimeOffset now)
    {
        now = Later(now);
        return IsMultinode || Status is not (DiskStatus.Active or DiskStatus.Pending)
            ? DiskChange.Of(this, this with { UpdatedAt = now }, null, new Happening(Happened.ReleaseBegun, null))
            : DiskChange.Of(
                this,
                OnTheMove(limits, now),
                new Due.At(now + limits.Pending),
                new Happening(Happened.ReleaseBegun, null));
    }

    /// <summary>Nothing of its holder can write to it any more.</summary>
    public DiskChange Released(DiskLimits limits, DateTimeOffset now) => Settle(Happened.Released, limits, now);

    /// <summary>
    /// The status that users see: UNKNOWN where the provider has been unreadable for longer than its limit.
    /// </summary>
    public string ShownStatus(DiskLimits limits, DateTimeOffset? accountUnreadableSince, DateTimeOffset now) =>
        ShownStatus(Status, UnreadableSince, accountUnreadableSince, limits, now);

    /// <inheritdoc cref="ShownStatus(DiskLimits, DateTimeOffset?, DateTimeOffset)"/>
    public static string ShownStatus(
        DiskStatus status,
        DateTimeOffset? unreadableSince,
        DateTimeOffset? accountUnreadableSince,
        DiskLimits limits,
        DateTimeOffset now) =>
        status is not DiskStatus.Terminated
        && (now - unreadableSince > limits.UnreadableShown || now - accountUnreadableSince > limits.UnreadableShown)
            ? Contract.V1.Statuses.Unknown
            : status.ToWire();

    /// <summary>Per disk, time never runs backwards, whatever the clock does.</summary>
    public DateTimeOffset Later(DateTimeOffset now) => Clock.Later(now, UpdatedAt);

    private Disk OnTheMove(DiskLimits limits, DateTimeOffset now) => this with
    {
        Status = DiskStatus.Pending,
        StatusSince = now,
        UpdatedAt = now,
        Deadline = now + limits.Pending,
        IsOverdueTold = false,
    };

    private DiskChange Settle(Happened what, DiskLimits limits, DateTimeOffset now)
    {
        now = Later(now);
        var happening = new Happening(what, null);
        return Status != DiskStatus.Pending
            ? DiskChange.Of(this, this with { UpdatedAt = now }, null, happening)
            : DiskChange.Of(
                this,
                this with
                {
                    Status = DiskStatus.Active,
                    StatusSince = now,
                    UpdatedAt = now,
                    // What was not readable before the move is still to be looked at.
                    Deadline = UnreadableSince + limits.UnreadableAlert,
                    IsOverdueTold = false,
                    Reason = null,
                    Attempt = 0,
                },
                UnreadableSince is null ? Due.Nothing : Due.AtOnce,
                happening);
    }
}

/// <summary>
/// How long each status may last, and when what can't be read is shown as UNKNOWN (architecture, section 3).
/// </summary>
internal sealed record DiskLimits
{
    public TimeSpan Provisioning { get; init; } = TimeSpan.FromMinutes(30);
    public TimeSpan Pending { get; init; } = TimeSpan.FromMinutes(10);
    public TimeSpan Deleting { get; init; } = TimeSpan.FromMinutes(30);
    public TimeSpan UnreadableShown { get; init; } = TimeSpan.FromMinutes(5);
    public TimeSpan UnreadableAlert { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often what is overdue is looked at again, at the least.</summary>
    public TimeSpan Ceiling { get; init; } = TimeSpan.FromMinutes(1);
}

internal static class DiskStatusNames
{
    private static readonly string[] Names = [.. Enum.GetNames<DiskStatus>().Select(name => name.ToUpperInvariant())];

    public static string ToWire(this DiskStatus status) => Names[(int)status];

    public static DiskStatus FromWire(string name) => (DiskStatus)Array.IndexOf(Names, name);
}
