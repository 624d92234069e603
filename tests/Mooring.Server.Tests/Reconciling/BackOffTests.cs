using CsCheck;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Tests.Reconciling;

public sealed class BackOffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Ceiling = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_delay_is_never_over_its_bound_and_never_quite_nothing() =>
        Gen.Select(Gen.Int, Gen.Int[0, int.MaxValue]).Sample(
            (seed, attempt) =>
            {
                var delay = new BackOff(new Random(seed), First, Ceiling).Delay(attempt);

                delay.ShouldBeGreaterThanOrEqualTo(First / 4);
                delay.ShouldBeLessThanOrEqualTo(Ceiling);
                delay.ShouldBeLessThanOrEqualTo(First * Math.Pow(2, Math.Min(attempt, 20)));
            },
            iter: 1_000);

    [Fact]
    public void Delays_double_on_average_until_the_ceiling()
    {
        var backOff = new BackOff(new Random(1), First, Ceiling);
        double[] means = [.. Enumerable.Range(0, 12).Select(
            attempt => Enumerable.Range(0, 4_000).Average(_ => backOff.Delay(attempt).TotalMilliseconds))];

        // Full jitter: half of the bound on average. The floor of 50 ms lifts the first a little.
        means[3].ShouldBe(800, tolerance: 40);
        means[5].ShouldBe(3_200, tolerance: 160);
        means[10].ShouldBe(30_000, tolerance: 1_500);
        means[11].ShouldBe(30_000, tolerance: 1_500);
    }

    [Fact]
    public void Rows_that_failed_together_do_not_come_back_together()
    {
        var backOff = new BackOff(new Random(1), First, Ceiling);

        Enumerable.Range(0, 100).Select(_ => backOff.Delay(8)).Distinct().Count().ShouldBe(100);
    }
}
