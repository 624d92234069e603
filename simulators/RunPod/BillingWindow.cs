using System.Globalization;

namespace Mooring.Simulators.RunPod;

/// <summary>The time that a bill is about, in whole buckets.</summary>
/// <param name="Start">Its beginning, which is that of a bucket.</param>
/// <param name="End">Its end, exclusive; that of a bucket.</param>
/// <param name="BucketSize">hour, day, week (from Monday), month or year, of UTC.</param>
internal sealed record BillingWindow(DateTimeOffset Start, DateTimeOffset End, string BucketSize)
{
    private static readonly TimeSpan Default = TimeSpan.FromDays(30);

    // The most is not documented, and a loop needs an end.
    private const int LastMost = 10_000;

    private static readonly string[] Sizes = ["hour", "day", "week", "month", "year"];

    private static readonly string[] Rfc3339 =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>What a query asks for, or the refusal of one that makes no sense.</summary>
    public static (BillingWindow? Window, Answer? Refusal) Read(Call call)
    {
        var size = Word("bucketSize") ?? "day";
        if (!Sizes.Contains(size))
        {
            return Refuse($"bucketSize is one of {string.Join(", ", Sizes)}.");
        }

        if (Word("lastN") is { } last)
        {
            return Word("startTime") is not null || Word("endTime") is not null
                ? Refuse("lastN can't be combined with startTime or endTime.")
                : int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    && count is >= 1 and <= LastMost
                    ? (OfLast(count, size, call.Now), null)
                    : Refuse($"lastN is a number from 1 to {LastMost}.");
        }

        if (!TryRead(Word("startTime"), out var start) || !TryRead(Word("endTime"), out var end))
        {
            return Refuse("startTime and endTime are times as RFC 3339 has them, from 1970 on.");
        }

        end ??= call.Now;
        start ??= end - Default;
        return start < end
            ? (new BillingWindow(BucketOf(start.Value, size), CeilingOf(end.Value, size), size), null)
            : Refuse("endTime comes after startTime.");

        string? Word(string name) => call.Query[name].FirstOrDefault();
    }

    /// <summary>The bucket that a time is in: when it begins.</summary>
    public static DateTimeOffset BucketOf(DateTimeOffset time, string size)
    {
        var utc = time.UtcDateTime;
        var day = new DateTimeOffset(utc.Date, TimeSpan.Zero);
        return size switch
        {
            "hour" => day.AddHours(utc.Hour),
            "day" => day,
            "week" => day.AddDays(-(((int)utc.DayOfWeek + 6) % 7)),
            "month" => day.AddDays(1 - utc.Day),
            _ => day.AddDays(1 - utc.DayOfYear),
        };
    }

    /// <summary>When a bucket ends, or the so manyth after it, by when the first begins.</summary>
    public static DateTimeOffset EndOf(DateTimeOffset start, string size, int buckets = 1) => size switch
    {
        "hour" => start.AddHours(buckets),
        "day" => start.AddDays(buckets),
        "week" => start.AddDays(7.0 * buckets),
        "month" => start.AddMonths(buckets),
        _ => start.AddYears(buckets),
    };

    private static BillingWindow? OfLast(int count, string size, DateTimeOffset now)
    {
        var current = BucketOf(now, size);
        // Years before the first are none.
        var back = size == "year" ? Math.Min(count - 1, current.Year - 1) : count - 1;
        return new BillingWindow(EndOf(current, size, -back), EndOf(current, size), size);
    }

    private static DateTimeOffset CeilingOf(DateTimeOffset time, string size) =>
        BucketOf(time, size) is var bucket && bucket == time ? time : EndOf(bucket, size);

    private static bool TryRead(string? text, out DateTimeOffset? time)
    {
        var isTime = DateTimeOffset.TryParseExact(
            text,
            Rfc3339,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var read);
        time = isTime ? read : null;
        // So that what is counted from it is a time too.
        return text is null || (isTime && read.Year is >= 1970 and <= 9000);
    }

    private static (BillingWindow?, Answer?) Refuse(string words) => (null, Answer.Problem(400, words));
}
