using System.Collections.Concurrent;
using Mooring.Client;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// A POST that is sent a hundred times with one <c>Idempotency-Key</c>, by sixteen connections, to a mooringd that is
/// killed among them and started again: one disk, one charge, and all who asked are told of that one.
/// </summary>
public sealed class RepeatTests
{
    private const int Repeats = 100;
    private const int Connections = 16;

    // What is busy is asked again so soon: it is the server's answer that is looked at, not its patience.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_from_outside()
    {
        await using var installation = SimulatedPlace.Prepare("repeats", "{}", "[]");
        var place = new SimulatedPlace(installation, "repeats");
        await using var reviver = new Reviver(installation, []);
        await reviver.StartAsync();
        ConcurrentQueue<string> told = [];

        var sending = SendAsync(installation, reviver, place.DiskRequest("once"), "once", told);
        // At the first answer the key may be anywhere between taken and done for the others.
        foreach (var answers in new[] { 1, Repeats / 2 })
        {
            await Until.HoldsAsync(() => told.Count >= answers || sending.IsFaulted, $"{answers} have their answer");
            await installation.KillAsync();
            await installation.StartAsync();
        }

        await sending;

        await AssertMadeOnceAsync(installation, place, [("once", told)]);
    }

    [Fact]
    public async Task Killed_where_the_key_is_taken_and_at_every_commit_on_the_way()
    {
        var passes = Soak.IsOn ? 24 : 6;
        await using var installation = SimulatedPlace.Prepare("repeats", "{}", "[]");
        var place = new SimulatedPlace(installation, "repeats");
        List<string> points = ["request.key.taken", "request.key.taken:2"];
        points.AddRange(Enumerable.Range(1, passes)
            .SelectMany(pass => new[] { $"records.commit.before:{pass}", $"records.commit.after:{pass}" }));
        List<(string Name, ConcurrentQueue<string> Told)> asked = [];
        var killed = 0;
        foreach (var point in points)
        {
            await using var reviver = new Reviver(installation, [point]);
            await reviver.StartAsync();
            var name = $"at {point}";
            ConcurrentQueue<string> told = [];
            asked.Add((name, told));

            await SendAsync(installation, reviver, place.DiskRequest(name), point, told);

            killed += reviver.HasKilled ? 1 : 0;
        }

        killed.ShouldBeGreaterThan(4, "most of these places are passed while the requests run");
        await AssertMadeOnceAsync(installation, place, asked);
    }

    private static async Task SendAsync(
        Installation installation,
        Reviver reviver,
        CreateDiskRequest request,
        string key,
        ConcurrentQueue<string> told)
    {
        var left = Repeats;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1 });
            var client = new MooringClient(http, installation.Server, installation.ApiKey);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                told.Enqueue((await reviver.InsistAsync(() => WaitForAnswerAsync(client, request, key))).Id);
            }
        }));
    }

    private static async Task<Disk> WaitForAnswerAsync(MooringClient client, CreateDiskRequest request, string key)
    {
        while (true)
        {
            try
            {
                return await client.CreateDiskAsync(request, key, Ct);
            }
            catch (MooringApiException busy) when (busy is { StatusCode: System.Net.HttpStatusCode.Conflict })
            {
                busy.RetryAfter.ShouldNotBeNull(busy.Detail);
                await Task.Delay(Pause, TimeProvider.System, Ct);
            }
        }
    }

    private static async Task AssertMadeOnceAsync(
        Installation installation, SimulatedPlace place, List<(string Name, ConcurrentQueue<string> Told)> asked)
    {
        List<Disk> disks = [];
        foreach (var (name, told) in asked)
        {
            told.Count.ShouldBe(Repeats, name);
            var id = told.Distinct().ShouldHaveSingleItem(name);
            disks.Add(await new Tenant(installation).WaitForDiskAsync(id, Statuses.Active));
            (await installation.Records.CountAsync(name)).ShouldBe(1);
            (await installation.Records.EventsAsync(id)).Count(one => one.What == "Created").ShouldBe(1, name);
            (await installation.Records.SpansAsync()).Count(span => span.Resource == id && span.To is null)
                .ShouldBe(1, name);
        }

        (await installation.Client.ListDisksAsync(ct: Ct).CountAsync(Ct)).ShouldBe(asked.Count);
        await place.AssertHoldsExactlyAsync(disks, []);
        await Bill.AssertAgreesAsync(installation.Records);
    }
}
