using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// mooringd is killed with SIGKILL at each named place, in the middle of a disk's life, and started again: the life
/// goes on, and nothing is lost, doubled or left behind. The names are those of docs/reference/crash-points.md.
/// </summary>
[Collection(HouseGroup.Name)]
public sealed class CrashPointTests(House house)
{
    private const string FirstStart = "start.key-written";
    private const string FirstBooks = "simulated.books.";
    private const string Simulated = "simulated.";

    private Installation Installation => house.Installation;

    public static TheoryData<string> PointsOfThisMachine =>
        [.. Listed().Where(point => point != FirstStart && !point.StartsWith(Simulated, StringComparison.Ordinal))];

    public static TheoryData<string> PointsOfFirstStarts => [.. Listed().Where(IsOfFirstStart)];

    [Theory]
    [MemberData(nameof(PointsOfThisMachine))]
    public async Task Killed_at(string point)
    {
        var place = await LocalPlace.InAsync(house);
        if (point.StartsWith("engine.network.", StringComparison.Ordinal))
        {
            await Installation.Engine.RemoveNetworksAsync();
        }

        await using var reviver = new Reviver(Installation, [.. LeadingTo(point), point]);
        await reviver.StartAsync();
        await new DiskLife(Installation, place, reviver).LiveAsync(NeedsInstance(point));

        await reviver.FinishAsync();
        await place.AssertHoldsExactlyAsync([], []);
        await Bill.AssertAgreesAsync(Installation.Records);
    }

    [Fact]
    public async Task Killed_at_each_point_of_a_simulated_place()
    {
        await using var installation = SimulatedPlace.Prepare("points", "{}", "[]");
        var place = new SimulatedPlace(installation, "points");
        foreach (var point in Listed().Where(IsOfSimulated))
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

    private static bool NeedsInstance(string point) =>
        !new[] { "disk.", "local.", "records." }.Any(part => point.StartsWith(part, StringComparison.Ordinal));

    // A look comes only where an earlier call's outcome is not known.
    private static IEnumerable<string> LeadingTo(string point) =>
        !point.EndsWith(".Observe", StringComparison.Ordinal) ? []
        : point.StartsWith("disk.", StringComparison.Ordinal) ? ["disk.call.after.EnsureCreated"]
        : ["pod.call.after.EnsureCreated"];

    private static bool IsOfFirstStart(string point) =>
        point == FirstStart || point.StartsWith(FirstBooks, StringComparison.Ordinal);

    private static bool IsOfSimulated(string point) =>
        point.StartsWith(Simulated, StringComparison.Ordinal) && !IsOfFirstStart(point);

    private static IEnumerable<string> Listed() =>
        from line in File.ReadLines(Path.Combine(Programs.Repository, "docs", "reference", "crash-points.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
        let name = line.Split('`')[1]
        where !name.StartsWith("MOORING_", StringComparison.Ordinal)
        select name;
}
