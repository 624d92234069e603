using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// mooringd is killed with SIGKILL at each named place, in the middle of a disk's life, and started again: the life
/// goes on, and nothing is lost, doubled or left behind. The names are those of docs/reference/crash-points.md.
/// </summary>
[Collection(HouseGroup.Name)]
public sealed class CrashPointTests(House house)
{
    private Installation Installation => house.Installation;

    public static TheoryData<string> Points => [.. CrashPoints.Listed.Where(CrashPoints.IsOfThisMachine)];

    [Theory]
    [MemberData(nameof(Points))]
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

    private static bool NeedsInstance(string point) =>
        !new[] { "disk.", "local.", "records.", "request." }
            .Any(part => point.StartsWith(part, StringComparison.Ordinal));

    // A look comes only where an earlier call's outcome is not known.
    private static IEnumerable<string> LeadingTo(string point) =>
        !point.EndsWith(".Observe", StringComparison.Ordinal) ? []
        : point.StartsWith("disk.", StringComparison.Ordinal) ? ["disk.call.after.EnsureCreated"]
        : ["pod.call.after.EnsureCreated"];
}
