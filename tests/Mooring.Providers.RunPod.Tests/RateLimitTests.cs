using Microsoft.Extensions.Time.Testing;
using Mooring.Providers.Disks;

namespace Mooring.Providers.RunPod.Tests;

public class RateLimitTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Windows_are_read_as_the_documentation_shows_them() =>
        RateLimits.Parse("\"minute\";r=0;t=12, \"hour\";r=2800;t=1812")
            .ShouldBe([("minute", 0, 12), ("hour", 2800, 1812)]);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("\"minute\";r=;t=12")]
    [InlineData("\"minute\";r=-1;t=12")]
    [InlineData("\"minute\";t=12")]
    [InlineData("\"minute\";r=0;t=99999999999999999999")]
    [InlineData(",;,;;=")]
    public void What_cannot_be_read_holds_nothing_back(string header) => RateLimits.Parse(header).ShouldBeEmpty();

    [Fact]
    public void The_window_that_lasts_longest_is_waited_for()
    {
        var time = new FakeTimeProvider();
        var limits = new RateLimits(time);
        limits.Note("\"minute\";r=0;t=12, \"hour\";r=0;t=1812, \"day\";r=3;t=80000");
        limits.Wait().ShouldBe(TimeSpan.FromSeconds(1812));

        limits.Note("\"hour\";r=5;t=1800");
        limits.Wait().ShouldBe(TimeSpan.FromSeconds(12));
        time.Advance(TimeSpan.FromSeconds(12));
        limits.Wait().ShouldBeNull();
    }

    [Fact]
    public async Task A_call_that_would_be_sent_away_is_not_made()
    {
        using var canned = new Canned();
        using var provider = canned
            .Then(200, Canned.NoVolumes, ("RateLimit", "\"minute\";r=0;t=12, \"hour\";r=2800;t=1812"))
            .Then(200, Canned.NoVolumes)
            .Open();
        var disk = new DiskRef(Canned.Name(1), null);
        await provider.Disks.ObserveAsync(disk, Ct);

        var throttled = await Should.ThrowAsync<ThrottledException>(() => provider.Disks.ObserveAsync(disk, Ct));
        throttled.RetryAfter.ShouldBe(TimeSpan.FromSeconds(12));
        canned.Asked.Count.ShouldBe(1);

        canned.Time.Advance(TimeSpan.FromSeconds(12));
        (await provider.Disks.ObserveAsync(disk, Ct)).ShouldBe(DiskObservation.Absent);
    }
}
