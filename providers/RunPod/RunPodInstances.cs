using System.Runtime.CompilerServices;
using Mooring.Providers.Instances;

namespace Mooring.Providers.RunPod;

/// <summary>
/// Pods as instances, with the same care as <see cref="RunPodDisks"/>. A volume is named in the call that creates the
/// pod and released when the pod is gone: RunPod has no call to attach or detach one.
/// </summary>
internal sealed class RunPodInstances(
    RunPodApi api,
    PodOrders orders,
    InstanceOffers offers,
    RunPodOptions options,
    InstallationNames names,
    Recent recent)
    : IInstanceProvider
{
    private const string Terminated = "TERMINATED";
    private readonly Lanes _lanes = new();

    public TimeSpan SettlingTime => options.SettlingTime;

    public Task<IReadOnlyList<InstanceOffer>> ListOffersAsync(CancellationToken ct) => offers.ListAsync(ct);

    public Task<InstanceObservation> EnsureCreatedAsync(InstanceSpec spec, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(spec);
        names.Require(spec.Name);
        return _lanes.EnterAsync(spec.Name, () => CreateAsync(spec, ct), ct);
    }

    public async Task<InstanceObservation> ObserveAsync(InstanceRef instance, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        names.Require(instance.Name);
        return Of(await FindAsync(instance.Name, instance.RemoteId, ct), instance.RemoteId);
    }

    public Task<InstanceObservation> EnsureDeletedAsync(InstanceRef instance, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        names.Require(instance.Name);
        return _lanes.EnterAsync(instance.Name, () => DeleteAsync(instance, ct), ct);
    }

    public async IAsyncEnumerable<RemoteInstance> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var listed = await api.ListPodsAsync(ct);
        List<Pod> unlisted = [];
        foreach (var id in recent.Missing(listed.Select(pod => pod.Id)))
        {
            unlisted.AddRange(await FindByIdAsync(id, ct) is { } pod ? [pod] : []);
        }

        foreach (var pod in listed.Concat(unlisted))
        {
            if (names.Has(pod.Name))
            {
                yield return new RemoteInstance(
                    pod.Name, pod.Id, unlisted.Contains(pod) ? UnlistedStateOf(pod) : StateOf(pod));
            }
        }
    }

    /// <summary>What a pod's status means to Mooring.</summary>
    internal static RemoteInstanceState StateOf(Pod pod) => pod.Status switch
    {
        "PROVISIONING" or "STARTING" => RemoteInstanceState.Starting,
        "RUNNING" => SshOf(pod) is null ? RemoteInstanceState.Starting : RemoteInstanceState.Ready,
        // Neither is started again: a stopped pod comes back on its old machine only, if that has a GPU left.
        "EXITED" or "ERROR" => RemoteInstanceState.Ended,
        // It still stands in the list, so that RunPod may still count it among those that mount a volume.
        Terminated => RemoteInstanceState.Deleting,
        // A status of the future: it is there, and nothing says that it runs or has ended.
        _ => RemoteInstanceState.Starting,
    };

    /// <summary>
    /// Where SSH is once it runs: <c>"ssh": {"direct": {"host": "…", "port": 22022, "username": "root"}}</c>.
    /// </summary>
    private static SshEndpoint? SshOf(Pod pod) => pod.Ssh?.Direct is { Host.Length: > 0, Port: > 0 and <= 65535 } direct
        ? new SshEndpoint(direct.Username ?? "root", direct.Host, direct.Port)
        : null;

    private async Task<Found<Pod>> FindAsync(string name, string? remoteId, CancellationToken ct)
    {
        var all = await api.ListPodsAsync(ct);
        recent.Missing(all.Select(pod => pod.Id));
        List<Pod> found = [.. InOrder(all.Where(pod => pod.Name == name))];
        if (found.Count > 0)
        {
            return new Found<Pod>(found, IsListed: true);
        }

        foreach (var id in recent.IdsOf(name, remoteId))
        {
            found.AddRange(await FindByIdAsync(id, ct) is { } pod && pod.Name == name ? [pod] : []);
        }

        return new Found<Pod>([.. InOrder(found)], IsListed: false, recent.IdOf(name));
    }

    // What is terminated and out of the list is gone, whatever is still told of its id.
    private async Task<Pod?> FindByIdAsync(string id, CancellationToken ct) =>
        await api.FindPodAsync(id, ct) is { Status: not Terminated } pod ? pod : null;

    private static RemoteInstanceState UnlistedStateOf(Pod pod) =>
        StateOf(pod) is var state && state == RemoteInstanceState.Ready ? RemoteInstanceState.Starting : state;

    // The oldest is the one that was asked for first.
    private static IEnumerable<Pod> InOrder(IEnumerable<Pod> pods) => pods
        .OrderBy(pod => pod.Status == Terminated)
        .ThenBy(pod => pod.CreatedAt ?? DateTimeOffset.MaxValue)
        .ThenBy(pod => pod.Id, StringComparer.Ordinal);

    private async Task<InstanceObservation> CreateAsync(InstanceSpec spec, CancellationToken ct)
    {
        var seen = await FindAsync(spec.Name, null, ct);
        if (seen is { Count: 0, HiddenId: null })
        {
            var made = await api.CreatePodAsync(await orders.OfAsync(spec, ct), ct);
            recent.Add(spec.Name, made.Id);
            return await AfterChange.ReadAsync(() => FindAsync(spec.Name, made.Id, ct)) is { Count: > 0 } now
                ? Of(now, null)
                : new InstanceObservation(
                    RemoteInstanceState.Starting, made.Id, Words: "It was made, and is looked at again.");
        }

        if (seen.All.Where(pod => pod.Status != Terminated).Skip(1).LastOrDefault() is { } surplus)
        {
            await api.DeletePodAsync(surplus.Id, ct);
        }

        return Of(seen, null);
    }

    private async Task<InstanceObservation> DeleteAsync(InstanceRef instance, CancellationToken ct)
    {
        var seen = await FindAsync(instance.Name, instance.RemoteId, ct);
        if (seen.All.FirstOrDefault(pod => pod.Status != Terminated) is not { } next)
        {
            return Deleting(seen);
        }

        await api.DeletePodAsync(next.Id, ct);
        recent.Forget(next.Id);
        return Deleting(await AfterChange.ReadAsync(() => FindAsync(instance.Name, next.Id, ct)) ?? seen);
    }

    private static InstanceObservation Of(Found<Pod> seen, string? remoteId)
    {
        if (seen.Count == 0)
        {
            return seen.HiddenId is { } hidden
                ? new InstanceObservation(
                    RemoteInstanceState.Starting, hidden, Words: "RunPod has made it and does not show it yet.")
                : InstanceObservation.Absent;
        }

        var ours = seen.All.FirstOrDefault(pod => pod.Id == remoteId) ?? seen.All[0];
        if (!seen.IsListed)
        {
            return new InstanceObservation(
                UnlistedStateOf(ours), ours.Id, Words: "RunPod has it and does not list it yet.");
        }

        return seen.Count == 1
            ? new InstanceObservation(StateOf(ours), ours.Id, SshOf(ours), ExitCode: null, WordsOn(ours))
            : new InstanceObservation(
                RemoteInstanceState.Starting,
                ours.Id,
                Words: $"RunPod has {seen.Count} pods of this name; all but one are being removed.");
    }

    private static InstanceObservation Deleting(Found<Pod> seen) =>
        (seen.Count > 0 ? seen.All[0].Id : seen.HiddenId) is { } id
            ? new InstanceObservation(
                RemoteInstanceState.Deleting, id, Words: "RunPod is terminating it, or will be asked to.")
            : InstanceObservation.Absent;

    private static string? WordsOn(Pod pod) => pod.Status switch
    {
        "RUNNING" => SshOf(pod) is null ? "It runs, and RunPod has not said yet where its SSH port is." : null,
        "EXITED" => "RunPod says that the pod exited; it tells no exit code.",
        "ERROR" => "RunPod says that the pod failed.",
        _ => $"RunPod says that the pod is {pod.Status}.",
    };
}
