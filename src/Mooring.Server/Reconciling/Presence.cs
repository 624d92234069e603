namespace Mooring.Server.Reconciling;

/// <summary>
/// What we know of whether a thing is at its provider. A missing answer is not absence: while a create call of unknown
/// outcome may still take effect, absence is proven only after the provider's settling time and two complete looks
/// (architecture, section 3).
/// </summary>
/// <param name="IsAtProvider">It was seen there, and not seen to be gone.</param>
/// <param name="SettlesAt">Until when an open create call may take effect; null when none is open.</param>
/// <param name="AbsentLooks">Complete looks in a row that did not find it.</param>
internal readonly record struct Presence(bool IsAtProvider, DateTimeOffset? SettlesAt, int AbsentLooks)
{
    private const int LooksThatProveAbsence = 2;

    public bool IsOpen => SettlesAt is not null;

    public static readonly Presence There = new(true, null, 0);

    public static readonly Presence Gone = new(false, null, 0);

    /// <summary>A create call ended without an answer, and may take effect until then.</summary>
    public Presence Unsettled(DateTimeOffset until) => this with { SettlesAt = until, AbsentLooks = 0 };

    /// <summary>A complete look found nothing. It stays open as long as that proves nothing.</summary>
    public Presence NotFound(DateTimeOffset now)
    {
        var looks = AbsentLooks + 1;
        return SettlesAt is null || (SettlesAt <= now && looks >= LooksThatProveAbsence)
            ? new Presence(false, null, looks)
            : this with { AbsentLooks = looks };
    }

    /// <summary>When the next look can prove something.</summary>
    public Due NextLook(DateTimeOffset now) => SettlesAt > now ? new Due.At(SettlesAt.Value) : Due.AtOnce;
}
