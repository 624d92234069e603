using System.Collections.Concurrent;

namespace Mooring.Server.Tests.Offers;

/// <summary>
/// What a scripted provider was asked, and what a test does to the next calls: let them wait, or fail.
/// </summary>
internal sealed class ScriptedCalls
{
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task>> _rules = new();

    /// <summary>Each call as "Verb name", in the order in which they began.</summary>
    public ConcurrentQueue<string> Made { get; } = new();

    public int CountOf(string verb) => Made.Count(call => call.StartsWith(verb + " ", StringComparison.Ordinal));

    /// <summary>From now on the verb does this first.</summary>
    public void On(string verb, Func<CancellationToken, Task> rule) => _rules[verb] = rule;

    /// <summary>From now on the verb fails so.</summary>
    public void Fail(string verb, Func<Exception> failure) => On(verb, _ => Task.FromException(failure()));

    /// <summary>From now on calls of the verb wait at a gate.</summary>
    public Gate Hold(string verb)
    {
        var gate = new Gate();
        On(verb, gate.PassAsync);
        return gate;
    }

    /// <summary>From now on the verb does what it should.</summary>
    public void Heal(string verb) => _rules.TryRemove(verb, out _);

    /// <summary>From now on all of these verbs do.</summary>
    public void HealAll(params IEnumerable<string> verbs)
    {
        foreach (var verb in verbs)
        {
            Heal(verb);
        }
    }

    public async Task BeginAsync(string verb, string name, CancellationToken ct)
    {
        Made.Enqueue($"{verb} {name}");
        // A real call leaves the caller's thread; one that does not would hide what depends on that.
        await Task.Yield();
        if (_rules.TryGetValue(verb, out var rule))
        {
            await rule(ct);
        }
    }
}

/// <summary>Where calls wait until a test lets them go on.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when a call has come to the gate.</summary>
    public Task Reached => _reached.Task;

    public void Open() => _open.TrySetResult();

    public Task PassAsync(CancellationToken ct)
    {
        _reached.TrySetResult();
        return _open.Task.WaitAsync(ct);
    }
}
