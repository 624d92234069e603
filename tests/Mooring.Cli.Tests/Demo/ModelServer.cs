using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Mooring.Contract.Json;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Demo;

/// <summary>
/// The contract's routes that a demonstration uses, over real HTTP, with disks and pods that are rows in memory and
/// change state when they are read. It keeps the rules that the demonstration must get right: a disk is held until the
/// pod is gone, a held disk is not deleted, and one pod holds it at a time. It says nothing about the real server.
/// </summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _mountPath;

    private ModelServer(WebApplication app, string mountPath)
    {
        _app = app;
        _mountPath = mountPath;
    }

    public ConcurrentDictionary<string, Disk> Disks { get; } = new();

    public ConcurrentDictionary<string, Pod> Pods { get; } = new();

    public ConcurrentDictionary<string, SshKey> SshKeys { get; } = new();

    public IReadOnlyList<DiskOffer> DiskOffers { get; set; } = [Offers.Disk("local", "block", 0.00015m)];

    public IReadOnlyList<GpuOffer> InstanceOffers { get; set; } = [Offers.Instance("cpu-1", "CPU_NODE", 0.01m)];

    /// <summary>Answers in place of a route: method and path with ids as <c>*</c>, as in <c>GET /pods/*</c>.</summary>
    public Dictionary<string, Func<HttpContext, Task>> Instead { get; } = [];

    public List<CreatePodRequest> PodRequests { get; } = [];

    public string NextPodStatus { get; set; } = Statuses.Active;

    public string SshConnection { get; set; } = "root@127.0.0.1 -p 22022";

    public Uri Address => new(_app.Urls.Single());

    public IEnumerable<string> Remains =>
    [
        .. Disks.Values.Where(disk => disk.Status != Statuses.Terminated).Select(disk => disk.Name),
        .. Pods.Values.Where(pod => pod.Status != Statuses.Terminated).Select(pod => pod.Name!),
        .. SshKeys.Values.Select(key => key.Name),
    ];

    public static async Task<ModelServer> StartAsync(string mountPath)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ModelServer(builder.Build(), mountPath);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public static Task RefuseAsync(HttpContext context, int status, string detail) =>
        WriteAsync(context, new ErrorBody(detail), status);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var parts = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)[2..];
        var route = parts switch
        {
            ["availability", var kind] => $"GET /availability/{kind}",
            [var kind] => $"{context.Request.Method} /{kind}",
            _ => $"{context.Request.Method} /{parts[0]}/*",
        };
        return Instead.TryGetValue(route, out var instead) ? instead(context) : RouteAsync(context, route, parts[^1]);
    }

    public Task RouteAsync(HttpContext context, string route, string id) => route switch
    {
        "GET /availability/disks" => WriteAsync(context, new OfferPage<DiskOffer>(DiskOffers, DiskOffers.Count)),
        "GET /availability/gpus" => WriteAsync(context, new OfferPage<GpuOffer>(InstanceOffers, InstanceOffers.Count)),
        "POST /ssh_keys" => AddKeyAsync(context),
        "GET /ssh_keys" => ListAsync(context, SshKeys.Values),
        "DELETE /ssh_keys/*" => SshKeys.TryRemove(id, out _)
            ? WriteAsync(context, new SshKeyDeleted("removed"))
            : RefuseAsync(context, 404, "no such key"),
        "POST /disks" => CreateDiskAsync(context),
        "GET /disks" => WriteAsync(
            context,
            new DiskList { TotalCount = Disks.Count, Data = [.. Disks.Values], Limit = 200, Offset = 0 }),
        "GET /disks/*" => ReadDiskAsync(context, id),
        "DELETE /disks/*" => DeleteDiskAsync(context, id),
        "POST /pods" => CreatePodAsync(context),
        "GET /pods" => ListAsync(context, Pods.Values),
        "GET /pods/*" => ReadPodAsync(context, id),
        "DELETE /pods/*" => DeletePodAsync(context, id),
        _ => RefuseAsync(context, 404, $"no route {route}"),
    };

    private async Task AddKeyAsync(HttpContext context)
    {
        var request = (await ReadAsync<CreateSshKeyRequest>(context))!;
        var key = new SshKey
        {
            Id = $"key{SshKeys.Count + 1}",
            UserId = "u",
            Name = request.Name!,
            PublicKey = request.PublicKey!,
            IsPrimary = false,
            IsUserKey = true,
            CreatedAt = default,
            UpdatedAt = default,
        };
        SshKeys[key.Id] = key;
        await WriteAsync(context, key);
    }

    private async Task CreateDiskAsync(HttpContext context)
    {
        var request = (await ReadAsync<CreateDiskRequest>(context))!;
        var disk = ModelRows.Disk($"disk{Disks.Count + 1}", request);
        Disks[disk.Id] = disk;
        await WriteAsync(context, disk, 201);
    }

    private Task ReadDiskAsync(HttpContext context, string id)
    {
        var disk = Disks[id];
        if (disk.Status == Statuses.Provisioning)
        {
            Disks[id] = disk with { Status = Statuses.Active };
        }
        else if (disk.Status == Statuses.Pending && Pods[disk.Pods[0]].Status == Statuses.Terminated)
        {
            // Detaching lags behind the end of the pod by one look.
            Disks[id] = disk with { Status = Statuses.Active, Pods = [] };
        }

        return WriteAsync(context, disk);
    }

    private Task DeleteDiskAsync(HttpContext context, string id)
    {
        var disk = Disks[id];
        if (disk.Pods.Count > 0)
        {
            return RefuseAsync(context, 409, "the disk is attached");
        }

        Disks[id] = disk with { Status = Statuses.Terminated };
        return WriteAsync(context, new StatusOnly(Statuses.Terminated));
    }

    private async Task CreatePodAsync(HttpContext context)
    {
        var request = (await ReadAsync<CreatePodRequest>(context))!;
        var disk = Disks[request.Disks!.Single()!];
        if (disk.Pods.Count > 0)
        {
            await RefuseAsync(context, 409, "the disk is held already");
            return;
        }

        PodRequests.Add(request);
        var pod = ModelRows.Pod($"pod{Pods.Count + 1}", request, disk, _mountPath);
        Pods[pod.Id] = pod;
        Disks[disk.Id] = disk with { Pods = [pod.Id] };
        await WriteAsync(context, pod);
    }

    private Task ReadPodAsync(HttpContext context, string id)
    {
        var pod = Pods[id];
        if (pod.Status == Statuses.Provisioning)
        {
            Pods[id] = pod with { Status = NextPodStatus, SshConnection = SshConnection };
        }
        else if (pod.Status == Statuses.Deleting)
        {
            Pods[id] = pod with { Status = Statuses.Terminated };
        }

        return WriteAsync(context, pod);
    }

    private Task DeletePodAsync(HttpContext context, string id)
    {
        var pod = Pods[id];
        if (pod.Status != Statuses.Terminated)
        {
            Pods[id] = pod = pod with { Status = Statuses.Deleting, SshConnection = null };
            var disk = Disks[pod.AttachedResources[0].Id];
            Disks[disk.Id] = disk with { Status = Statuses.Pending };
        }

        return WriteAsync(context, new StatusOnly(pod.Status));
    }

    private static Task ListAsync<T>(HttpContext context, ICollection<T> rows) => WriteAsync(
        context,
        new ListPage<T> { TotalCount = rows.Count, Data = [.. rows], Limit = 100, Offset = 0 });

    private static async Task<T?> ReadAsync<T>(HttpContext context) =>
        (T?)await JsonSerializer.DeserializeAsync(context.Request.Body, typeof(T), ContractJson.Default);

    private static Task WriteAsync<T>(HttpContext context, T value, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(value, typeof(T), ContractJson.Default));
    }
}
