using Microsoft.AspNetCore.Http;

namespace Mooring.Simulators.RunPod;

/// <summary>Counts calls in windows, and tells of them in headers with every answer.</summary>
internal sealed class RateMeter(IReadOnlyList<RateWindow> windows)
{
    private readonly long[] _numbers = new long[windows.Count];
    private readonly long[] _used = new long[windows.Count];

    /// <summary>Takes a call into account. Seconds until there may be one again, if there may be none now.</summary>
    public int? Take(DateTimeOffset now)
    {
        int? wait = null;
        for (var i = 0; i < windows.Count; i++)
        {
            var number = now.Ticks / windows[i].Length.Ticks;
            (_used[i], _numbers[i]) = (number == _numbers[i] ? _used[i] : 0, number);
            if (_used[i] >= windows[i].Quota)
            {
                wait = Math.Max(wait ?? 0, SecondsLeft(i, now));
            }
        }

        for (var i = 0; i < windows.Count && wait is null; i++)
        {
            _used[i]++;
        }

        return wait;
    }

    /// <summary><c>RateLimit: "minute";r=59;t=12</c> and <c>RateLimit-Policy: "minute";q=60;w=60</c>.</summary>
    public void Tell(IHeaderDictionary headers, DateTimeOffset now)
    {
        if (windows.Count == 0)
        {
            return;
        }

        headers["RateLimit"] = string.Join(", ", windows.Select(
            (window, i) => $"\"{window.Name}\";r={window.Quota - _used[i]};t={SecondsLeft(i, now)}"));
        headers["RateLimit-Policy"] = string.Join(", ", windows.Select(
            window => $"\"{window.Name}\";q={window.Quota};w={window.Length.TotalSeconds:0}"));
    }

    private int SecondsLeft(int i, DateTimeOffset now)
    {
        var length = windows[i].Length.Ticks;
        return (int)Math.Ceiling(TimeSpan.FromTicks(length - (now.Ticks % length)).TotalSeconds);
    }
}
