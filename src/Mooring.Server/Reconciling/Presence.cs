namespace Mooring.Server.Reconciling;

/// <summary>
/// What we know of whether a thing is at its provider. A missing answer is not absence: while a create call of unknown
/// outcome may still take effect, absence is proven only after the provider's settling time and two complete looks
/// (architecture, section 3).
/// </summary>
/// <param name="IsAtProvider">It was seen there, and neither seen to be gone nor brought into doubt since.</param>
/// <param name="SettlesAt">Until when an open create call may take effect; null when none is open.</param>
/// <param name="AbsentLooks">Complete looks in a row, after <paramref name="SettlesAt"/>, that did not find it.</param>
internal readonly record struct Presence(bool IsAtProvider, DateTimeOffset? SettlesAt, int AbsentLooks)
{
    private const int LooksThatProveAbsence = 2;

    public bool IsOpen => SettlesAt is not null;

    /// <summary>It isn't there, but may turn up yet: to make it now could make it twice.</summary>
    public bool IsInDoubt => IsOpen && !IsAtProvider;

    public static readonly Presence Gone = new(false, null, 0);

    /// <summary>
    /// It was found. An open create call stays open: it may be another than the one that made what was found, and take
    /// effect after that is deleted.
    /// </summary>
    public Presence Found(DateTimeOffset now) => new(true, SettlesAt > now ? SettlesAt : null, 0);

    /// <summary>It is gone from where it was ready, without our doing.</summary>
    public Presence Vanished() => new(false, SettlesAt, 0);

    /// <summary>
    /// A create call ended without an answer, and may take effect until then. What was seen before proves nothing any
    /// more: it may have gone, and the call be making it anew.
    /// </summary>
    public Presence Unsettled(DateTimeOffset until) => new(false, Clock.Later(until, SettlesAt ?? until), 0);

    /// <summary>A complete look found nothing. It stays open as long as that proves nothing.</summary>
    public Presence NotFound(DateTimeOffset now)
    {
        // A look before the time is over proves nothing, and doesn't count.
        var looks = SettlesAt > now ? 0 : AbsentLooks + 1;
        return SettlesAt is null || looks >= LooksThatProveAbsence
            ? new Presence(false, null, looks)
            : this with { AbsentLooks = looks };
    }

    /// <summary>
    /// Which attempt the next look is. Once it has come, what was waited for until then says nothing of how long the
    /// rest takes: attempts begin anew.
    /// </summary>
    public int NextAttempt(Presence before, int attempt) => (IsAtProvider && !before.IsAtProvider ? 0 : attempt) + 1;

    /// <summary>When the next look can prove something.</summary>
    public Due NextLook(DateTimeOffset now) => SettlesAt > now ? new Due.At(SettlesAt.Value) : Due.AtOnce;
}
