using System.Net;
using Mooring.Cli.Output;
using Mooring.Cli.Ssh;
using Mooring.Client;
using Mooring.Contract.V1;

namespace Mooring.Cli.Demo;

/// <summary>
/// What a run has made, and its removal. A thing is written down before it is asked for: if the answer is lost, it is
/// found again by its name, which is unique to the run.
/// </summary>
internal sealed class Belongings(MooringClient client, TimeProvider time, DemoSettings settings)
{
    private readonly List<Thing> _instances = [];
    private Thing? _disk;
    private Thing? _sshKey;
    private ThrowawayKey? _key;

    /// <summary>Whether there is nothing to remove or to keep.</summary>
    public bool AreNone => Things.All(thing => thing.IsGone) && _key is null;

    private IEnumerable<Thing> Things => ((Thing?[])[_disk, .. _instances, _sshKey]).OfType<Thing>();

    public async Task<ThrowawayKey> MakeKeyPairAsync(CancellationToken ct) =>
        _key = await ThrowawayKey.CreateAsync(settings.Name, ct);

    public async Task<SshKey> RegisterKeyAsync(string publicKey, CancellationToken ct)
    {
        _sshKey = new Thing("SSH key", settings.Name);
        return await MakeAsync(_sshKey, () => client.CreateSshKeyAsync(_sshKey.Name, publicKey, ct), key => key.Id);
    }

    public async Task<Disk> CreateDiskAsync(CreateDiskRequest request, CancellationToken ct)
    {
        _disk = new Thing("disk", request.Disk!.Name!);
        return await MakeAsync(_disk, () => client.CreateDiskAsync(request, ct: ct), disk => disk.Id);
    }

    public async Task<Pod> CreateInstanceAsync(CreatePodRequest request, CancellationToken ct)
    {
        var instance = new Thing("instance", request.Pod!.Name!);
        _instances.Add(instance);
        return await MakeAsync(instance, () => client.CreatePodAsync(request, ct: ct), pod => pod.Id);
    }

    /// <summary>Ends an instance and waits until it is gone and the disk is free again.</summary>
    public async Task EndInstanceAsync(string id, string diskId, Step step, CancellationToken ct)
    {
        await EndInstanceAsync(id, step, ct);
        _instances.RemoveAll(instance => instance.Id == id);
        await client.WaitForDiskAsync(
            diskId,
            disk => disk is { Pods.Count: 0, Status: not Statuses.Pending },
            settings.RemovalDeadline,
            time,
            new Progress(disk => step.Report($"disk {diskId} is {disk.Status}, held by {disk.Pods.Count} instance(s)")),
            ct);
    }

    /// <summary>What is there, in words, with what is needed to reach it.</summary>
    public IEnumerable<string> Describe(SshTarget? login)
    {
        foreach (var thing in Things.Where(thing => !thing.IsGone))
        {
            yield return thing.ToString();
        }

        if (_key is not null)
        {
            yield return $"key pair in {_key.Folder}";
            if (login is not null)
            {
                yield return $"log in with: ssh -i {_key.PrivateKeyFile} -l {login.User} -p {login.Port} {login.Host}";
            }
        }
    }

    /// <summary>Removes everything, each as far as it will go.</summary>
    /// <returns>What is left, each with the reason.</returns>
    public async Task<IReadOnlyList<string>> RemoveAsync(Step step, CancellationToken ct)
    {
        var left = new List<string>();
        foreach (var instance in _instances)
        {
            await TryRemoveAsync(instance, left, () => RemoveInstanceAsync(instance, step, ct));
        }

        await TryRemoveAsync(_disk, left, () => RemoveDiskAsync(_disk!, step, ct));
        await TryRemoveAsync(_sshKey, left, () => RemoveSshKeyAsync(_sshKey!, ct));
        RemoveKeyPair(left);
        return left;
    }

    private static async Task<T> MakeAsync<T>(Thing thing, Func<Task<T>> make, Func<T, string> id)
    {
        try
        {
            var made = await make();
            thing.Id = id(made);
            return made;
        }
        catch (MooringApiException e) when (!e.IsTransient)
        {
            // Refused in so many words: nothing was made.
            thing.IsGone = true;
            throw;
        }
    }

    private static async Task TryRemoveAsync(Thing? thing, List<string> left, Func<Task> remove)
    {
        if (thing is null or { IsGone: true })
        {
            return;
        }

        try
        {
            await remove();
            thing.IsGone = true;
        }
        catch (MooringException e)
        {
            left.Add($"{thing} ({e.Message})");
        }
        catch (OperationCanceledException)
        {
            left.Add($"{thing} (interrupted)");
        }
    }

    private async Task RemoveInstanceAsync(Thing instance, Step step, CancellationToken ct)
    {
        instance.Id ??= (await FindAsync(client.ListPodsAsync(ct: ct), pod => pod.Name == instance.Name))?.Id;
        if (instance.Id is not null)
        {
            await EndInstanceAsync(instance.Id, step, ct);
        }
    }

    private async Task EndInstanceAsync(string id, Step step, CancellationToken ct)
    {
        if (!await ExistsAsync(() => client.DeletePodAsync(id, ct)))
        {
            return;
        }

        await ExistsAsync(() => client.WaitForPodAsync(
            id,
            pod =>
            {
                step.Report($"instance {id} is {pod.Status}");
                return pod.Status == Statuses.Terminated;
            },
            settings.RemovalDeadline,
            time,
            ct: ct));
    }

    private async Task RemoveDiskAsync(Thing disk, Step step, CancellationToken ct)
    {
        disk.Id ??= (await FindAsync(client.ListDisksAsync(ct: ct), listed => listed.Name == disk.Name))?.Id;
        if (disk.Id is null)
        {
            return;
        }

        // Detaching may lag behind the end of an instance; a disk that is held can't be deleted.
        await ExistsAsync(() => client.WaitForDiskAsync(
            disk.Id,
            seen =>
            {
                step.Report($"disk {disk.Id} is {seen.Status}");
                return seen is { Pods.Count: 0, Status: not Statuses.Pending };
            },
            settings.RemovalDeadline,
            time,
            ct: ct));
        if (await ExistsAsync(() => client.DeleteDiskAsync(disk.Id, ct)))
        {
            await ExistsAsync(() => client.WaitForDiskAsync(
                disk.Id,
                seen =>
                {
                    step.Report($"disk {disk.Id} is {seen.Status}");
                    return seen.Status == Statuses.Terminated;
                },
                settings.RemovalDeadline,
                time,
                ct: ct));
        }
    }

    private async Task RemoveSshKeyAsync(Thing key, CancellationToken ct)
    {
        key.Id ??= (await FindAsync(client.ListSshKeysAsync(ct: ct), listed => listed.Name == key.Name))?.Id;
        if (key.Id is not null)
        {
            await ExistsAsync(() => client.DeleteSshKeyAsync(key.Id, ct));
        }
    }

    private void RemoveKeyPair(List<string> left)
    {
        if (_key is not { Folder: var folder })
        {
            return;
        }

        try
        {
            Directory.Delete(folder, recursive: true);
            _key = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            left.Add($"folder {folder} ({e.Message})");
        }
    }

    private static async Task<T?> FindAsync<T>(IAsyncEnumerable<T> list, Func<T, bool> isIt)
        where T : class => await list.FirstOrDefaultAsync(isIt);

    /// <summary>Whether the server knows such a thing (still).</summary>
    private static async Task<bool> ExistsAsync<T>(Func<Task<T>> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (MooringApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private sealed class Thing(string kind, string name)
    {
        public string Name => name;

        public string? Id { get; set; }

        public bool IsGone { get; set; }

        public override string ToString() => Id is null ? $"{kind} named {name}" : $"{kind} {Id}";
    }

    private sealed class Progress(Action<Disk> report) : IProgress<Disk>
    {
        public void Report(Disk value) => report(value);
    }
}
