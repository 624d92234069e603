using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mooring.Providers;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Http;

/// <summary>One disk can be followed through the log: request, step, call (docs/operate/logs.md).</summary>
public sealed class LogTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_disk_is_followed_from_the_request_through_its_steps_to_the_calls()
    {
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Disks.Calls.Fail("EnsureCreated", () => new OutOfStockException("none left")));
        var created = await mooring.SendAsync(
            "POST",
            "/api/v1/disks/",
            """{"disk":{"size":10},"provider":{"type":"hyperstack"}}""",
            change: request => request.Headers.Add("X-Request-Id", "order-2025-11-07"));
        var disk = created.ShouldBe(201).Id;
        await Eventually.HoldsAsync(
            () => LinesOf(mooring, disk).Any(line => line.Text.Contains("none left")), "it failed");
        mooring.Disks.Calls.Heal("EnsureCreated");
        (await mooring.SendAsync("POST", $"/api/mooring/v1/disks/{disk}/retry")).ShouldBe(200);
        await mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
        await Eventually.HoldsAsync(
            () => LinesOf(mooring, disk).Any(line => line.Text.Contains("to Active")), "it moved");

        var request = mooring.Scoped.Lines.Where(line => line.Named.GetValueOrDefault("Request") == "order-2025-11-07");
        request.ShouldContain(line => line.Named.GetValueOrDefault("Disk") == disk, "the request leads to the disk");
        var lines = LinesOf(mooring, disk);
        var failed = lines.First(line => line.Text.Contains("none left"));
        (failed.Level, failed.Named["Call"], failed.Named["Provider"], failed.Named["Attempt"])
            .ShouldBe((LogLevel.Warning, "EnsureCreated", "hyperstack", "0"));
        failed.Named["Claim"].Length.ShouldBe(32);
        var answered = lines.First(line => line.Text.Contains("answered"));
        answered.Named["Call"].ShouldBe("EnsureCreated");
        var moved = lines.First(line => line.Text.Contains("to Active"));
        moved.Named["Claim"].ShouldBe(answered.Named["Claim"], "call and decision are of one step");
        moved.Named["Claim"].ShouldNotBe(failed.Named["Claim"]);
        lines.ShouldContain(line => line.Text.Contains("Retried") && line.Named.ContainsKey("Request"));
    }

    [Fact]
    public async Task Every_answer_has_an_id_and_only_a_short_token_is_taken_from_outside()
    {
        await using var mooring = await TestMooring.StartAsync();

        (await IdAsync("trace_me-1")).ShouldBe("trace_me-1");
        foreach (var wanted in new[] { null, "short", new string('x', 65), "with space in it", "{\"json\":true}" })
        {
            var id = await IdAsync(wanted);
            id.ShouldNotBe(wanted);
            id.Length.ShouldBeGreaterThan(7);
        }

        (await mooring.SendAsync("GET", "/nowhere")).Headers.Contains("X-Request-Id").ShouldBeTrue();
        (await mooring.SendAsync("GET", "/api/v1/disks/", key: "")).Headers.Contains("X-Request-Id").ShouldBeTrue();

        async Task<string> IdAsync(string? wanted) => (await mooring.SendAsync(
            "GET",
            "/api/v1/disks/",
            change: request => request.Headers.TryAddWithoutValidation("X-Request-Id", wanted)))
            .ShouldBe(200).Headers.GetValues("X-Request-Id").Single();
    }

    [Fact]
    public async Task A_fault_is_found_in_the_log_by_the_id_that_the_client_was_told()
    {
        await using var mooring = await TestMooring.StartAsync();
        await mooring.CreateDiskAsync();
        await mooring.Database.WriteAsync(
            (db, ct) => db.Database.ExecuteSqlRawAsync("DROP TABLE attachments", ct), Ct);

        var reply = (await mooring.GetAsync("/disks/")).ShouldBe(500);

        var id = reply.Headers.GetValues("X-Request-Id").Single();
        reply.Detail.ShouldContain(id);
        mooring.Scoped.Lines.ShouldContain(line =>
            line.Level == LogLevel.Error && line.Named.GetValueOrDefault("Request") == id);
    }

    private static List<LogLine> LinesOf(TestMooring mooring, string disk) =>
        [.. mooring.Scoped.Lines.Where(line => line.Named.GetValueOrDefault("Disk") == disk)];
}
