using System.Reflection;
using System.Runtime.CompilerServices;
using Mooring.Providers;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>
/// The suite's engine: plays a case on a place of its own, or says why it does not apply. A provider's subclass is only
/// its set-up; the cases are the facts of the classes between.
/// </summary>
public abstract partial class VerbConformance
{
    /// <summary>How long a call may take that nothing holds up, on a busy machine.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>The provider's type, as docs/providers.md names it.</summary>
    public abstract string Provider { get; }

    /// <summary>Disks or instances.</summary>
    public abstract string Kind { get; }

    /// <summary>What can't be at this place, and why, in words for docs/providers.md.</summary>
    public abstract IReadOnlyDictionary<Circumstance, string> NotApplicable { get; }

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>How the suite's caller treats what it is told.</summary>
    private protected virtual CallerRules Rules => CallerRules.Correct;

    /// <summary>The cases of a suite: its facts, by name.</summary>
    public static IReadOnlyList<MethodInfo> CasesOf(Type suite) =>
    [
        .. from method in suite.GetMethods(BindingFlags.Public | BindingFlags.Instance)
           where method.GetCustomAttribute<FactAttribute>() is not null
           orderby method.Name
           select method,
    ];

    /// <summary>What a case needs.</summary>
    public static Circumstance NeedOf(MethodInfo method) =>
        method.GetCustomAttribute<NeedsAttribute>()?.Circumstance ?? Circumstance.None;

    /// <summary>Opens a place for one case.</summary>
    /// <param name="circumstance">What is to hold there from <see cref="Site.BeginAsync"/> on.</param>
    protected abstract Task<Site> OpenAsync(Circumstance circumstance);

    /// <summary>What of a process's providers is under test.</summary>
    protected abstract Resources ResourcesOf(Site site, OneProcess providers);

    /// <summary>The name of a disk or instance of this installation.</summary>
    protected static string Name(int number) => RemoteName.For(Site.Installation, number.ToString("x32"));

    /// <summary>Plays a case, unless it does not apply.</summary>
    protected async Task PlayAsync(Func<Stage, Task> play, [CallerMemberName] string name = "")
    {
        var need = NeedOf(GetType().GetMethod(name)!);
        if (NotApplicable.TryGetValue(need, out var reason))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"not applicable: {reason}");
            return;
        }

        await using var site = await OpenAsync(need);
        var resources = ResourcesOf(site, site.Providers);
        await play(new Stage(
            site,
            resources,
            new Caller(site, resources, Rules),
            () => ResourcesOf(site, site.OpenAnother())));
    }

    /// <summary>A call that was cancelled ends so, or with an unknown outcome; nothing else would be true.</summary>
    private protected static async Task ShouldBeCancelledAsync(Task call)
    {
        var failure = await Record.ExceptionAsync(() => call.WaitAsync(Deadline, TimeProvider.System, Ct));
        (failure is OperationCanceledException or UnknownOutcomeException).ShouldBeTrue(
            $"A cancelled call must not end with {failure?.ToString() ?? "an answer"}.");
    }

    private protected static Task<T> AnswerOf<T>(Task<T> call) => call.WaitAsync(Deadline, TimeProvider.System, Ct);

    private protected static async Task<List<string>> NamesThereAsync(Resources resources) =>
        [.. (await resources.ThereAsync()).Select(one => one.Name).Order(StringComparer.Ordinal)];

    private protected static async Task<List<string>> NamesListedAsync(Resources resources) =>
        [.. (await ListAsync(resources)).Select(one => one.Name).Order(StringComparer.Ordinal)];

    private protected static async Task<List<Listed>> ListAsync(Resources resources, CancellationToken? ct = null)
    {
        List<Listed> all = [];
        await foreach (var one in resources.ListAsync(ct ?? Ct))
        {
            all.Add(one);
        }

        return all;
    }

    /// <summary>Every verb, as a call about this name.</summary>
    private protected static IReadOnlyList<(string Verb, Func<CancellationToken, Task> Call)> Verbs(
        Resources resources, string name) =>
    [
        ("create", ct => resources.EnsureCreatedAsync(name, ct)),
        ("observe", ct => resources.ObserveAsync(name, null, ct)),
        ("delete", ct => resources.EnsureDeletedAsync(name, null, ct)),
        ("list", ct => ListAsync(resources, ct)),
    ];

    /// <summary>What a case has to play with.</summary>
    /// <param name="Site">The place.</param>
    /// <param name="Resources">What the first process has of it.</param>
    /// <param name="Caller">Whoever calls the first process's provider, and remembers.</param>
    /// <param name="OpenAnother">What another process has of it.</param>
    protected sealed record Stage(Site Site, Resources Resources, Caller Caller, Func<Resources> OpenAnother);
}
