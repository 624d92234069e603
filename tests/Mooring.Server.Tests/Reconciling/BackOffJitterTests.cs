using CsCheck;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Tests.Reconciling;

public sealed class BackOffJitterTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Ceiling = TimeSpan.FromMinutes(1);

    [Fact]
    public void Every_delay_lies_between_a_quarter_of_the_first_and_its_own_bound() =>
        Gen.Select(Gen.Int, Gen.Int[0, int.MaxValue]).Sample(
        (seed, attempt) =>
        {
            var delay = new BackOff(new Random(seed), First, Ceiling).Delay(attempt);

            var bound = attempt > 20 ? Ceiling : First * Math.Pow(2, attempt);
            delay.ShouldBeGreaterThanOrEqualTo(First / 4);
            delay.ShouldBeLessThanOrEqualTo(bound < Ceiling ? bound : Ceiling);
        },
        iter: 2_000);

    [Fact]
    public void Delays_are_spread_over_the_whole_of_their_bound()
    {
        var backOff = new BackOff(new Random(7), First, Ceiling);

        var shares = Enumerable.Range(0, 2_000).Select(_ => backOff.Delay(30) / Ceiling).ToList();

        shares.Average().ShouldBe(0.5, 0.05);
        shares.Count(share => share < 0.1).ShouldBeInRange(100, 300);
        shares.Count(share => share > 0.9).ShouldBeInRange(100, 300);
    }

    [Fact]
    public void The_same_seed_gives_the_same_delays()
    {
        static List<TimeSpan> Delays()
        {
            var backOff = new BackOff(new Random(3), First, Ceiling);
            return [.. Enumerable.Range(0, 10).Select(backOff.Delay)];
        }

        Delays().ShouldBe(Delays());
        Delays().Distinct().Count().ShouldBeGreaterThan(5);
    }
}
