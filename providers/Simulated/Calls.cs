using System.Runtime.ExceptionServices;

namespace Mooring.Providers.Simulated;

/// <summary>
/// Makes calls to the simulated place. Each is counted, meets the first fault of the script that befalls it, and is
/// done, all in one transaction; what it threw on the way was thrown before anything was changed, and its count is kept
/// all the same.
/// </summary>
internal sealed class Calls(Simulation simulation, BookFile books, TimeProvider time)
{
    public async Task<T> MakeAsync<T>(Verb verb, string? name, Func<Call, T> act, CancellationToken ct)
    {
        var (call, value, failure) = await books.WriteAsync(
            verb,
            entries =>
            {
                var call = Begin(entries, verb, name);
                var failure = call.Fault?.InsteadOfActing();
                try
                {
                    return (call, failure is null ? act(call) : default, failure);
                }
                catch (ProviderException refusal)
                {
                    return (call, default, refusal);
                }
            },
            ct);
        if (call.Fault is { Kind: FaultKind.SlowReply } slow)
        {
            await Task.Delay(call.Draw(slow.Duration, "reply"), time, ct);
        }

        if ((failure ?? call.Fault?.InsteadOfTelling()) is { } thrown)
        {
            ExceptionDispatchInfo.Throw(thrown);
        }

        return value!;
    }

    private Call Begin(Entries entries, Verb verb, string? name)
    {
        // Books hold microseconds: what is compared with them later must not be finer.
        var now = DateTimeOffset.UnixEpoch.AddTicks(Entries.Micros(time.GetUtcNow()) * 10);
        var number = entries.Count(verb);
        var sinceStart = now - entries.StartedAt();
        var fault = simulation.Faults.FirstOrDefault(fault =>
            fault.Befalls(verb, number, sinceStart, simulation.Chance)
            && (fault.Times is not { } most || entries.TimesOf(fault) < most));
        if (fault is not null)
        {
            entries.Note(fault, verb, number, name, now);
        }

        return new Call(entries, simulation, verb, number, now, fault);
    }
}

/// <summary>One call on its way.</summary>
/// <param name="Entries">The books, open for this call.</param>
/// <param name="Simulation">The script.</param>
/// <param name="Verb">What is asked.</param>
/// <param name="Number">The how manyth call of this verb it is.</param>
/// <param name="Now">When it is made.</param>
/// <param name="Fault">What befalls it, if anything.</param>
internal sealed record Call(
    Entries Entries, Simulation Simulation, Verb Verb, long Number, DateTimeOffset Now, Fault? Fault)
{
    public bool Meets(FaultKind kind) => Fault?.Kind == kind;

    /// <summary>How long something takes this time.</summary>
    public TimeSpan Draw(Delay delay, string purpose) =>
        delay.At(Simulation.Chance.Share($"{Verb.NameOf()}/{purpose}", Number));

    /// <summary>How long it takes, longer if the call meets that fault.</summary>
    public TimeSpan Draw(Delay delay, string purpose, FaultKind longer) =>
        Draw(delay, purpose) + (Meets(longer) ? Draw(Fault!.Duration, purpose + "/longer") : TimeSpan.Zero);

    /// <summary>From when on what it makes is there.</summary>
    public DateTimeOffset AppearsAt => Meets(FaultKind.Late) ? Now + Draw(Fault!.Duration, "late") : Now;
}
