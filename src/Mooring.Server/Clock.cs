namespace Mooring.Server;

/// <summary>Points in time as they are stored: UTC, whole microseconds (architecture, section 7).</summary>
internal static class Clock
{
    /// <summary>Now, cut to a whole microsecond, so that what is computed equals what is read back.</summary>
    public static DateTimeOffset Now(this TimeProvider time) => FromMicroseconds(ToMicroseconds(time.GetUtcNow()));

    public static long ToMicroseconds(DateTimeOffset at) =>
        (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>The day that a point in time belongs to, UTC.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    /// <summary>The first moment of a day, UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    public static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    public static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
