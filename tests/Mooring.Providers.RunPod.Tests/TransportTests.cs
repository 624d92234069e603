using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Mooring.Providers.Disks;
using Mooring.Simulators.RunPod;

namespace Mooring.Providers.RunPod.Tests;

/// <summary>Requests over real connections: what is sent how often, and what the end of a connection means.</summary>
public sealed class TransportTests : IAsyncDisposable
{
    private static readonly DiskSpec Spec =
        new(Canned.Name(1), ByteSize.FromGiB(10), "STANDARD", "US-KS-2", IsMultinode: true);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<IAsyncDisposable> _open = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delete_whose_answer_is_lost_is_sent_once()
    {
        var simulator = await StartAsync(new Fault { Kind = FaultKind.LostReply, On = ["volumes.delete"] });
        using var provider = Open(simulator.Address);
        await provider.Disks.EnsureCreatedAsync(Spec, Ct);
        await Should.ThrowAsync<UnknownOutcomeException>(
            () => provider.Disks.EnsureDeletedAsync(new DiskRef(Spec.Name, null), Ct));
        simulator.ReadBooks().Calls["volumes.delete"].ShouldBe(1);
    }

    [Fact]
    public async Task A_create_whose_answer_is_lost_is_sent_once()
    {
        var simulator = await StartAsync(new Fault { Kind = FaultKind.LostReply, On = ["volumes.create"] });
        using var provider = Open(simulator.Address);
        await Should.ThrowAsync<UnknownOutcomeException>(() => provider.Disks.EnsureCreatedAsync(Spec, Ct));
        simulator.ReadBooks().Calls["volumes.create"].ShouldBe(1);
    }

    [Theory]
    [InlineData("volumes.list", typeof(UnreachableException))]
    [InlineData("volumes.create", typeof(UnknownOutcomeException))]
    public async Task A_call_that_is_not_answered_in_time_ends(string route, Type error)
    {
        var simulator = await StartAsync(new Fault { Kind = FaultKind.Stall, On = [route], Seconds = 3600 });
        using var provider = Open(simulator.Address);
        var call = provider.Disks.EnsureCreatedAsync(Spec, Ct);
        await UntilAsync(() => simulator.ReadBooks().Faults.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(31));
        (await Record.ExceptionAsync(() => call)).ShouldBeOfType(error);
        simulator.ReadBooks().Volumes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_nobody_listens_certainly_nothing_was_changed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = AddressOf(listener);
        listener.Stop();
        using var http = new RunPodHttp(
            new RunPodOptions { BaseAddress = address },
            Canned.Key,
            new SocketsHttpHandler(),
            _time,
            NullLogger.Instance);
        await Should.ThrowAsync<UnreachableException>(() => new RunPodApi(http).DeleteVolumeAsync("a", Ct));
    }

    // A server that closes a kept connection in an orderly way, as one does that stops: .NET's client sends what has no
    // body again then, by itself.
    [Fact]
    public async Task A_delete_is_sent_once_even_where_the_connection_is_closed_in_an_orderly_way()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var deletes = CountDeletesAsync(listener, stop.Token);
        using var http = new RunPodHttp(
            new RunPodOptions { BaseAddress = AddressOf(listener) },
            Canned.Key,
            new SocketsHttpHandler(),
            _time,
            NullLogger.Instance);
        var api = new RunPodApi(http);
        await api.ListVolumesAsync(Ct);
        await Should.ThrowAsync<UnknownOutcomeException>(() => api.DeleteVolumeAsync("a", Ct));
        await stop.CancelAsync();
        (await deletes).ShouldBe(1);
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_the_key_goes_nowhere_else()
    {
        var simulator = await StartAsync(new Fault { Kind = FaultKind.Refused, HttpStatus = 307 });
        using var provider = Open(simulator.Address);
        (await Should.ThrowAsync<UnreachableException>(
            () => provider.Disks.ObserveAsync(new DiskRef(Spec.Name, null), Ct))).Message.ShouldContain("307");
        simulator.ReadBooks().Calls.Values.Sum().ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_without_end_is_broken_off()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = AnswerWithoutEndAsync(listener);
        using var provider = Open(
            AddressOf(listener),
            new RunPodOptions { AnswerBytesMax = 64 * 1024 });
        await Should.ThrowAsync<UnreachableException>(
            () => provider.Disks.ObserveAsync(new DiskRef(Spec.Name, null), Ct));
        await server;
    }

    [Fact]
    public async Task Requests_wait_for_their_turn_and_are_not_late_for_it()
    {
        using var gates = new Gates();
        using var http = new RunPodHttp(
            new RunPodOptions { RequestsAtOnce = 1 }, Canned.Key, gates, _time, NullLogger.Instance);
        var api = new RunPodApi(http);
        var (one, two) = (api.ListVolumesAsync(Ct), api.ListVolumesAsync(Ct));
        gates.Waiting.Count.ShouldBe(1);
        // The second has waited for 6 s when its turn comes, and takes 6 s then: together longer than one may take.
        _time.Advance(TimeSpan.FromSeconds(6));
        gates.Waiting[0].SetResult();
        (await one).ShouldBeEmpty();
        await UntilAsync(() => gates.Waiting.Count == 2);
        _time.Advance(TimeSpan.FromSeconds(6));
        gates.Waiting[1].SetResult();
        (await two).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_limit_that_is_used_up_is_kept_without_being_told_so()
    {
        var simulator = await StartAsync(new SimulatorOptions
        {
            RateLimits = [new Mooring.Simulators.RunPod.RateWindow("minute", 2, TimeSpan.FromMinutes(1))],
        });
        using var provider = Open(simulator.Address);
        var disk = new DiskRef(Spec.Name, null);
        await provider.Disks.ObserveAsync(disk, Ct);
        await provider.Disks.ObserveAsync(disk, Ct);
        var throttled = await Should.ThrowAsync<ThrottledException>(() => provider.Disks.ObserveAsync(disk, Ct));
        simulator.ReadBooks().Calls["volumes.list"].ShouldBe(2);
        _time.Advance(throttled.RetryAfter!.Value);
        await provider.Disks.ObserveAsync(disk, Ct);
    }

    [Fact]
    public async Task Logs_tell_of_requests_and_never_of_secrets()
    {
        var simulator = await StartAsync();
        var log = new KeptLog();
        using var provider = RunPodProvider.Open(
            new RunPodOptions { BaseAddress = simulator.Address }, Canned.Key, Canned.Installation, _time, log);
        await provider.Disks.EnsureCreatedAsync(Spec, Ct);
        log.Lines.Count.ShouldBe(3);
        log.Lines[1].ShouldBe("POST v2/network-volumes: HTTP 201, request id req-00000002");
        log.Lines.ShouldAllBe(line => !line.Contains(Canned.Key));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _open)
        {
            await one.DisposeAsync();
        }
    }

    private static Uri AddressOf(TcpListener listener) =>
        new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Answers GETs, and closes the connection when it has read a DELETE.</summary>
    private static async Task<int> CountDeletesAsync(TcpListener listener, CancellationToken ct)
    {
        var deletes = 0;
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(ct);
                var stream = client.GetStream();
                var buffer = new byte[16 * 1024];
                for (int read; (read = await stream.ReadAsync(buffer, ct)) > 0;)
                {
                    if (Encoding.ASCII.GetString(buffer, 0, read).StartsWith("DELETE", StringComparison.Ordinal))
                    {
                        deletes++;
                        break;
                    }

                    await stream.WriteAsync(
                        Encoding.ASCII.GetBytes(
                            $"HTTP/1.1 200 OK\r\nContent-Length: {Canned.NoVolumes.Length}\r\n\r\n{Canned.NoVolumes}"),
                        ct);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return deletes;
        }
    }

    private static async Task AnswerWithoutEndAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(Ct);
        var stream = client.GetStream();
        var head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Ct);
            for (var i = 0; i < 10_000; i++)
            {
                await stream.WriteAsync(new byte[64 * 1024], Ct);
            }

            throw new InvalidOperationException("All of it was read.");
        }
        catch (IOException)
        {
            // Whoever read has gone away.
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }
    }

    private Task<RunPodSimulator> StartAsync(params Fault[] faults) =>
        StartAsync(new SimulatorOptions { Faults = faults });

    private async Task<RunPodSimulator> StartAsync(SimulatorOptions options)
    {
        var simulator = await RunPodSimulator.StartAsync(options, _time, Ct);
        _open.Add(simulator);
        return simulator;
    }

    private RunPodProvider Open(Uri address, RunPodOptions? options = null) => RunPodProvider.Open(
        (options ?? new RunPodOptions()) with { BaseAddress = address },
        Canned.Key,
        Canned.Installation,
        _time,
        NullLogger.Instance);

    /// <summary>Answers each request with an empty list, once it is let through.</summary>
    private sealed class Gates : HttpMessageHandler
    {
        public List<TaskCompletionSource> Waiting { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Waiting.Add(gate);
            await gate.Task.WaitAsync(ct);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Canned.NoVolumes) };
        }
    }

    private sealed class KeptLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
