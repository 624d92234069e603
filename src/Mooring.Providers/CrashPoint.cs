using System.Diagnostics;
using System.Globalization;

namespace Mooring.Providers;

/// <summary>
/// A place, by name, at which a rehearsal ends this process as a crash would: with SIGKILL, so that nothing is flushed,
/// disposed or told to anybody. There is one before and after every commit and every call to the world outside;
/// docs/reference/crash-points.md lists them all, and a test kills mooringd at each.
///
/// <para>Nothing happens unless the environment says so when the process starts: <c>MOORING_CRASH_AT=NAME</c> ends it
/// the first time it passes NAME, <c>MOORING_CRASH_AT=NAME:3</c> the third time. <c>MOORING_CRASH_TRACE=FILE</c>
/// appends each name to a file as it is passed, for who wants to know what there is to be killed at.</para>
/// </summary>
public static class CrashPoint
{
    /// <summary>The environment variable that says where to end.</summary>
    public const string Variable = "MOORING_CRASH_AT";

    private const string TraceVariable = "MOORING_CRASH_TRACE";

    private static readonly Lock Gate = new();
    private static readonly string? TraceFile = Read(TraceVariable);
    private static readonly (string Name, int Left)? Planned = Plan(Read(Variable));
    private static readonly bool IsArmed = Planned is not null || TraceFile is not null;
    private static int _left = Planned?.Left ?? 0;

    /// <summary>Where this process is to end, as the environment says; null where it is not.</summary>
    public static string? Target => Planned is null ? null : Read(Variable);

    /// <summary>The process is here now.</summary>
    /// <param name="name">The place's name.</param>
    /// <param name="detail">
    /// Which of several calls that pass here it is; the place is then called <c>NAME.DETAIL</c>.
    /// </param>
    public static void Pass(string name, string? detail = null)
    {
        if (!IsArmed)
        {
            return;
        }

        var full = detail is null ? name : $"{name}.{detail}";
        lock (Gate)
        {
            if (TraceFile is not null)
            {
                File.AppendAllText(TraceFile, full + "\n");
            }

            if (Planned?.Name == full && --_left == 0)
            {
                // The kernel ends it before this call returns.
                Process.GetCurrentProcess().Kill();
            }
        }
    }

    // NAME or NAME:N. What is no number belongs to the name, which is then passed as little as any unknown one.
    private static (string Name, int Left)? Plan(string? text)
    {
        var colon = text?.LastIndexOf(':') ?? -1;
        return text is null ? null
            : colon > 0
                && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var pass)
                && pass > 0
                ? (text[..colon], pass)
                : (text, 1);
    }

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? text : null;
}
