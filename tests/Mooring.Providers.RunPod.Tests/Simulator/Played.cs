using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Mooring.Simulators.RunPod;

namespace Mooring.Providers.RunPod.Tests.Simulator;

/// <summary>A simulated RunPod, and somebody who calls it by hand.</summary>
internal sealed class Played : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler());

    private Played(RunPodSimulator simulator, FakeTimeProvider time)
    {
        (Simulator, Time) = (simulator, time);
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "anybody");
    }

    public RunPodSimulator Simulator { get; }

    public FakeTimeProvider Time { get; }

    public Books Books => Simulator.ReadBooks();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Played> StartAsync(SimulatorOptions? options = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero));
        var simulator = await RunPodSimulator.StartAsync(options ?? new SimulatorOptions(), time, Ct);
        return new Played(simulator, time);
    }

    public static Task<Played> StartAsync(params Fault[] faults) =>
        StartAsync(new SimulatorOptions { Faults = faults });

    public async Task<(HttpStatusCode Status, JsonNode? Body)> CallAsync(
        string method, string path, string? body = null, Uri? address = null)
    {
        using var response = await SendAsync(method, path, body, address);
        var text = await response.Content.ReadAsStringAsync(Ct);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null, Uri? address = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address ?? Simulator.Address, path))
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        return _client.SendAsync(request, Ct);
    }

    public void SignOff() => _client.DefaultRequestHeaders.Authorization = null;

    public async Task<string> MakeVolumeAsync(int size = 10, string dataCenter = "US-KS-2")
    {
        var (status, body) = await CallAsync(
            "POST", "/v2/network-volumes", $$"""{"name": "v", "size": {{size}}, "dataCenter": "{{dataCenter}}"}""");
        status.ShouldBe(HttpStatusCode.Created);
        return body!["id"]!.GetValue<string>();
    }

    public async Task<string> MakePodAsync(string? volume = null)
    {
        var mounts = volume is null
            ? ""
            : $$""", "mounts": {"network": [{"volumeId": "{{volume}}", "path": "/workspace"}]}""";
        var (status, body) = await CallAsync(
            "POST",
            "/v2/pods",
            $$"""
            {"name": "p", "image": "i", "gpu": {"id": "NVIDIA GeForce RTX 4090", "count": 1}, "ports": ["22/tcp"],
             "dataCenterIds": ["US-KS-2"], "env": {"SECRET": "hush"}{{mounts}}}
            """);
        status.ShouldBe(HttpStatusCode.Created, body?.ToJsonString());
        return body!["id"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Simulator.DisposeAsync();
    }
}
