using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Providers;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Inventory;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;
using Mooring.Server.Tests.Wallets;

namespace Mooring.Server.Tests.Inventory;

/// <summary>What is measured (docs/operate/metrics.md), and who may read it.</summary>
public sealed class MetricsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disks_and_pods_are_counted_by_status_when_asked_and_the_count_is_kept_for_a_moment()
    {
        await using var mooring = await TestMooring.StartAsync();
        using var reader = new Reader(mooring.Services.GetRequiredService<IMeterFactory>());
        var disk = await mooring.CreateDiskAsync();
        await mooring.CreatePodAsync();
        var census = mooring.Services.GetRequiredService<Census>();

        await census.RefreshAsync(Ct);
        reader.Read("mooring.disks", "ACTIVE").ShouldBe(1);
        reader.Read("mooring.disks", "STOPPED").ShouldBe(0, "nobody is 0, and not absent");
        reader.Read("mooring.pods", "ACTIVE").ShouldBe(1);
        (await mooring.SendAsync("POST", $"/api/mooring/v1/disks/{disk}/suspend")).ShouldBe(200);
        await census.RefreshAsync(Ct);
        reader.Read("mooring.disks", "STOPPED").ShouldBe(0);
        mooring.Time.Advance(TimeSpan.FromSeconds(4));
        await census.RefreshAsync(Ct);
        reader.Read("mooring.disks", "STOPPED").ShouldBe(1);
        reader.Read("mooring.disks", "ACTIVE").ShouldBe(0);
    }

    [Fact]
    public async Task Wallets_that_want_money_are_counted()
    {
        await using var mooring = await TestMooring.StartAsync();
        using var reader = new Reader(mooring.Services.GetRequiredService<IMeterFactory>());
        var census = mooring.Services.GetRequiredService<Census>();
        await census.RefreshAsync(Ct);
        (reader.Read("mooring.wallets", "LOW"), reader.Read("mooring.wallets", "EMPTY")).ShouldBe((0, 0));
        var funded = await mooring.MintUserAsync("funded");
        await mooring.PayInAdvanceAsync(funded, 50);
        foreach (var name in new[] { "ada", "bob", "eve" })
        {
            await mooring.PayInAdvanceAsync(await mooring.MintUserAsync(name), 5);
        }

        var empty = await mooring.MintUserAsync("empty");
        await mooring.PayInAdvanceAsync(empty, 5);
        await mooring.BookAsync(empty, -5);
        await mooring.BecomesEmptyAsync(empty);

        mooring.Time.Advance(TimeSpan.FromSeconds(4));
        await census.RefreshAsync(Ct);

        (reader.Read("mooring.wallets", "LOW"), reader.Read("mooring.wallets", "EMPTY")).ShouldBe((3, 1));
    }

    [Fact]
    public async Task What_waits_and_what_is_overdue_is_seen()
    {
        await using var mooring = await TestMooring.StartAsync();
        using var reader = new Reader(mooring.Services.GetRequiredService<IMeterFactory>());
        var gate = mooring.Disks.Calls.Hold("EnsureCreated");
        (await mooring.PostAsync("/disks/", """{"disk":{"size":10},"provider":{"type":"hyperstack"}}""")).ShouldBe(201);
        await gate.Reached.WaitAsync(Ct);
        var census = mooring.Services.GetRequiredService<Census>();

        mooring.Time.Advance(TimeSpan.FromSeconds(30));
        await census.RefreshAsync(Ct);

        reader.Read("mooring.due.age", "disk").ShouldBe(30);
        reader.Read("mooring.due.age", "pod").ShouldBe(0);
        reader.Read("mooring.due.age", "wallet").ShouldBe(0);
        reader.Read("mooring.overdue", "disk").ShouldBe(0);
        gate.Open();
    }

    [Fact]
    public async Task What_differs_at_a_provider_is_counted_by_kind()
    {
        await using var mooring = await TestMooring.StartAsync();
        using var reader = new Reader(mooring.Services.GetRequiredService<IMeterFactory>());
        await mooring.CreateDiskAsync();
        var name = mooring.Disks.Disks.Keys.Single();
        mooring.Disks.Change(name, there => there with { Name = "renamed", Holders = ["vm-7"] });

        await mooring.SweepAsync();

        reader.Read("mooring.inventory.findings", "renamed").ShouldBe(1);
        reader.Read("mooring.inventory.findings", "wrong_attachment").ShouldBe(1);
        reader.Read("mooring.inventory.findings", "wrong_size").ShouldBe(0);
        reader.Read("mooring.inventory.findings", "wrong_status").ShouldBe(0);
    }

    [Fact]
    public async Task Calls_claims_and_the_write_queue_are_measured()
    {
        using var reader = new Reader(null);
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Disks.Calls.Fail("EnsureCreated", () => new OutOfStockException("none left")));
        (await mooring.PostAsync("/disks/", """{"disk":{"size":10},"provider":{"type":"hyperstack"}}""")).ShouldBe(201);

        await Eventually.HoldsAsync(
            () => reader.Seen.Contains("mooring.provider.call.duration hyperstack out_of_stock EnsureCreated"),
            "a call");
        mooring.Disks.Calls.Heal("EnsureCreated");
        await mooring.CreateDiskAsync();
        reader.Seen.ShouldContain("mooring.provider.call.duration hyperstack ok EnsureCreated");
        reader.Seen.ShouldContain("mooring.reconciler.claims disk");
        reader.Seen.ShouldContain("mooring.write_queue.batch.size");
        reader.Seen.ShouldContain("mooring.write_queue.depth");
    }

    [Fact]
    public async Task Metrics_are_read_from_this_machine_or_with_a_key_that_may_read_admin()
    {
        await using var mooring = await TestMooring.StartAsync(
            map: app => app.MapGet("/metrics", () => "measured").ServeAsMetrics());
        var admin = await mooring.MintKeyAsync(ApiKey.Permit((Section.Admin, Access.Read)));
        var disks = await mooring.MintKeyAsync(ApiKey.Permit((Section.Disks, Access.Read | Access.Write)));

        (await mooring.SendAsync("GET", "/metrics", key: "")).ShouldBe(200).Text.ShouldBe("measured");
        foreach (var header in new[] { "X-Forwarded-For", "Forwarded", "X-Real-IP", "Via" })
        {
            (await ReadAsync("", header)).ShouldBe(401);
            (await ReadAsync(disks, header)).ShouldBe(403);
            (await ReadAsync(admin, header)).ShouldBe(200);
        }

        Task<Reply> ReadAsync(string key, string header) => mooring.SendAsync(
            "GET",
            "/metrics",
            key: key,
            change: request => request.Headers.TryAddWithoutValidation(header, "192.0.2.1"));
    }

    /// <summary>Reads the meters of one server, or what is measured anywhere.</summary>
    private sealed class Reader : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, double> _last = new();

        public Reader(IMeterFactory? of)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Instruments.MeterName && (of is null || instrument.Meter.Scope == of))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>(
                (instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.Start();
        }

        public ICollection<string> Seen => _last.Keys;

        public double Read(string name, string tag)
        {
            _listener.RecordObservableInstruments();
            return _last[$"{name} {tag}"];
        }

        public void Dispose() => _listener.Dispose();

        private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            List<string> words = [];
            foreach (var (name, word) in tags)
            {
                words.Add($"{name} {word}");
            }

            // By the tags' names: their order is the exporter's affair.
            words.Sort(StringComparer.Ordinal);
            string[] key = [instrument.Name, .. words.Select(word => word.Split(' ')[1])];
            _last[string.Join(' ', key)] = value;
        }
    }
}
