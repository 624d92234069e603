using System.Net;
using Mooring.Cli.Commands;
using Mooring.Cli.Output;
using Mooring.Client;
using Mooring.Contract.Native;

namespace Mooring.Cli.Waiting;

/// <summary>
/// Waits until a disk or pod is where it shall be, and tells what the server says of it meanwhile: status, reason, what
/// comes next. Passing failures are waited out. Whatever ends the wait, the server goes on with its work.
/// </summary>
internal sealed class Wait(Call call, string kind, string id, Goal goal, TimeSpan? limit)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private const double PauseGrowth = 1.5;

    private readonly TimeProvider _time = call.Around.Time;
    private readonly long _start = call.Around.Time.GetTimestamp();
    private Explanation? _last;
    private string? _trouble;

    private TimeSpan Elapsed => _time.GetElapsedTime(_start);

    private string What => _last is { Name: { Length: > 0 } name } ? $"{kind} {name} ({id})" : $"{kind} {id}";

    /// <returns>How it is now; null where the server knows it no more and that was waited for.</returns>
    /// <exception cref="CommandFailedException">
    /// It went another way, time is over, or Ctrl-C; the words name it and say how to go on.
    /// </exception>
    public async Task<Explanation?> RunAsync()
    {
        try
        {
            using var line = new StatusLine(call.Around);
            for (var pause = FirstPause; ; pause = Longer(pause))
            {
                if (await TryReadAsync() is Progress.Reached)
                {
                    return _last;
                }

                await PauseAsync(line, pause);
            }
        }
        catch (OperationCanceledException) when (call.Ct.IsCancellationRequested)
        {
            throw Left($"interrupted. {State} and goes on without this command", ExitCode.Interrupted);
        }
    }

    private string State => _last is null ? $"{What} could not be read" : $"{What} is {_last.Status}";

    private async Task<Progress> TryReadAsync()
    {
        try
        {
            _last = await (kind == ResourceKinds.Disk
                ? call.Client.ExplainDiskAsync(id, call.Ct)
                : call.Client.ExplainPodAsync(id, call.Ct));
            _trouble = null;
        }
        catch (MooringApiException e) when (goal.IsAbsence && e.StatusCode == HttpStatusCode.NotFound)
        {
            _last = null;
            return Progress.Reached;
        }
        catch (MooringException e) when (e.IsTransient)
        {
            _trouble = e.Message;
            return Progress.Waiting;
        }

        return goal.Of(_last) is var progress and not Progress.Missed
            ? progress
            : throw Left($"{State}, not {goal.Words}{Because}", ExitCode.Failed);
    }

    private string Because => _last?.Reason is { Length: > 0 } reason ? $": {reason.TrimEnd('.')}" : "";

    private async Task PauseAsync(StatusLine line, TimeSpan pause)
    {
        for (var left = pause; left > TimeSpan.Zero; left -= Tick)
        {
            Show(line);
            if (limit is { } most && Elapsed >= most)
            {
                throw Left(
                    $"{State}, not yet {goal.Words} after {Words.Duration(most)}{Because}. It goes on",
                    ExitCode.TimedOut);
            }

            await Task.Delay(left < Tick ? left : Tick, _time, call.Ct);
        }
    }

    private void Show(StatusLine line)
    {
        var parts = _trouble is not null
            ? [_trouble]
            : new[] { _last!.Reason, _last.Next is { Length: > 0 } next ? $"next: {next}" : null };
        var rest = string.Join(" · ", parts.OfType<string>());
        var status = _last?.Status ?? "not read yet";
        // What changes comes first, as the line may be cut; the id is told when the wait ends.
        line.Show(
            $"{status} {rest}",
            line.IsLive
                ? $"{status} {Words.Duration(Elapsed)} · {kind} {_last?.Name ?? id} · {rest}"
                : $"{What}: {status} · {Words.Duration(Elapsed)} · {rest}");
    }

    private CommandFailedException Left(string words, int code) =>
        new($"{words}. See: mooring {kind}s explain {id}") { Code = code };

    private static TimeSpan Longer(TimeSpan pause) =>
        pause * PauseGrowth < LongestPause ? pause * PauseGrowth : LongestPause;
}
