using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>As <see cref="CrashPointTests"/>, where the disks are those of a simulated cloud.</summary>
public sealed class SimulatedCrashPointTests
{
    public static TheoryData<string> PointsOfFirstStarts =>
        [.. CrashPoints.Listed.Where(CrashPoints.IsOfFirstStart)];

    [Fact]
    public async Task Killed_at_each_point_of_a_simulated_place()
    {
        await using var installation = SimulatedPlace.Prepare("points", "{}", "[]");
        var place = new SimulatedPlace(installation, "points");
        foreach (var point in CrashPoints.Listed.Where(CrashPoints.IsOfSimulated))
        {
            await using var reviver = new Reviver(installation, [point]);
            await reviver.StartAsync();
            await new DiskLife(installation, place, reviver).LiveAsync(withInstance: true);

            await reviver.FinishAsync();
            await place.AssertHoldsExactlyAsync([], []);
            await Bill.AssertAgreesAsync(installation.Records);
        }
    }

    [Theory]
    [InlineData("records.commit.before")]
    [InlineData("records.commit.after")]
    public async Task Killed_at_each_commit_of_a_life(string point)
    {
        await using var installation = SimulatedPlace.Prepare("commits", "{}", "[]");
        var place = new SimulatedPlace(installation, "commits");
        // Sampled in the short run: a life has some dozens.
        var step = Soak.IsOn ? 1 : 5;
        for (var pass = 1; ; pass += step)
        {
            await using var reviver = new Reviver(installation, [$"{point}:{pass}"]);
            await reviver.StartAsync();
            await new DiskLife(installation, place, reviver).LiveAsync(withInstance: true);

            await place.AssertHoldsExactlyAsync([], []);
            await Bill.AssertAgreesAsync(installation.Records);
            if (!reviver.HasKilled)
            {
                pass.ShouldBeGreaterThan(10, "a life has more commits than that");
                return;
            }
        }
    }

    [Theory]
    [MemberData(nameof(PointsOfFirstStarts))]
    public async Task Killed_during_its_first_start_the_next_one_completes_it(string point)
    {
        await using var installation = SimulatedPlace.Prepare("first", "{}", "[]");
        await using var reviver = new Reviver(installation, [point]);

        await reviver.StartAsync();

        await reviver.FinishAsync();
        var ct = TestContext.Current.CancellationToken;
        (await installation.Client.ListDisksAsync(ct: ct).CountAsync(ct)).ShouldBe(0);
    }
}
