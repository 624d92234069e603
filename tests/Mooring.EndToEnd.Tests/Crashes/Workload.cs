using System.Net;
using Mooring.Client;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// Users who create, rename, attach, detach and delete at random, each their own disks, until the server is gone. What
/// each was answered, and what not, is remembered.
/// </summary>
internal sealed class Workload
{
    private const int Users = 8;
    private const int DisksEach = 2;

    private readonly IPlace _place;
    private readonly List<(Random Random, List<OwnDisk> Disks)> _users;
    private int _pods;
    private int _names;
    private int _answers;

    public Workload(IPlace place, int seed)
    {
        _place = place;
        _users =
            [.. Enumerable.Range(0, Users).Select(user => (new Random((seed * Users) + user), new List<OwnDisk>()))];
    }

    public IReadOnlyList<OwnDisk> Disks => [.. _users.SelectMany(user => user.Disks)];

    /// <summary>How many wishes were answered so far.</summary>
    public int Answers => _answers;

    /// <summary>Works until the server can't be reached.</summary>
    public Task RunAsync(MooringClient client, CancellationToken ct) => Task.WhenAll(_users.Select(async user =>
    {
        try
        {
            while (true)
            {
                await ActAsync(client, user.Random, user.Disks, ct);
                Interlocked.Increment(ref _answers);
            }
        }
        catch (MooringConnectionException)
        {
            // The server is gone; the last wish stays open.
        }
    }));

    /// <summary>Forgets what is known to be gone, and how many instances there may still be.</summary>
    public void Forget()
    {
        foreach (var (_, disks) in _users)
        {
            disks.RemoveAll(disk => disk.Created == Wish.None || disk.Deleted == Wish.Accepted);
        }

        _pods = Disks.Count(disk => disk.Holder is not null);
    }

    private Task ActAsync(MooringClient client, Random random, List<OwnDisk> disks, CancellationToken ct)
    {
        var usable = disks.Where(disk => disk is { Created: Wish.Accepted, Deleted: Wish.None }).ToList();
        if (usable.Count == 0 || (usable.Count < DisksEach && random.Next(3) == 0))
        {
            return CreateAsync(client, disks, ct);
        }

        var disk = usable[random.Next(usable.Count)];
        return (disk.Holder, random.Next(10)) switch
        {
            (_, < 3) => RenameAsync(client, disk, ct),
            (not null, _) => DetachAsync(client, disk, ct),
            (null, < 8) when Interlocked.Increment(ref _pods) <= _place.PodsAtMost => AttachAsync(client, disk, ct),
            (null, < 8) => NoRoomAsync(client, disk, ct),
            _ => DeleteAsync(client, disk, ct),
        };
    }

    private async Task CreateAsync(MooringClient client, List<OwnDisk> disks, CancellationToken ct)
    {
        var disk = new OwnDisk(NewName()) { Created = Wish.Open };
        disks.Add(disk);
        disk.Id = (await MayBeRefusedAsync(
            () => client.CreateDiskAsync(_place.DiskRequest(disk.Names[0]), ct: ct)))?.Id;
        disk.Created = disk.Id is null ? Wish.None : Wish.Accepted;
    }

    private async Task RenameAsync(MooringClient client, OwnDisk disk, CancellationToken ct)
    {
        var name = NewName();
        disk.Names.Add(name);
        await client.RenameDiskAsync(disk.Id!, name, ct);
        disk.Names.RemoveAll(one => one != name);
    }

    private async Task AttachAsync(MooringClient client, OwnDisk disk, CancellationToken ct)
    {
        var pod = new OwnPod(NewName()) { Created = Wish.Open };
        disk.Holder = pod;
        var request = _place.PodRequest(pod.Name, disk.Id!);
        if (await MayBeRefusedAsync(() => client.CreatePodAsync(request, ct: ct)) is { } made)
        {
            pod.Id = made.Id;
            pod.Created = Wish.Accepted;
            return;
        }

        disk.Holder = null;
        Interlocked.Decrement(ref _pods);
    }

    private async Task DetachAsync(MooringClient client, OwnDisk disk, CancellationToken ct)
    {
        disk.Holder!.Deleted = Wish.Open;
        await client.DeletePodAsync(disk.Holder.Id!, ct);
        disk.Holder = null;
        Interlocked.Decrement(ref _pods);
    }

    private static async Task DeleteAsync(MooringClient client, OwnDisk disk, CancellationToken ct)
    {
        disk.Deleted = Wish.Open;
        var answer = await MayBeRefusedAsync(() => client.DeleteDiskAsync(disk.Id!, ct));
        disk.Deleted = answer is null ? Wish.None : Wish.Accepted;
    }

    private async Task NoRoomAsync(MooringClient client, OwnDisk disk, CancellationToken ct)
    {
        Interlocked.Decrement(ref _pods);
        (await client.GetDiskAsync(disk.Id!, ct)).Id.ShouldBe(disk.Id);
    }

    // A disk that is still on its way to or from somewhere is rightly refused (409), and so is what would be at a
    // provider that has not told its offers since the start (503).
    private static async Task<T?> MayBeRefusedAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (MooringApiException refusal) when (refusal.StatusCode
            is HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable)
        {
            return null;
        }
    }

    private string NewName() => $"w{Interlocked.Increment(ref _names)}";
}
