using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// mooringd is killed with SIGKILL at each named place, in the middle of a disk's life, and started again: the life goes
/// on, and nothing is lost, doubled or left behind. The names are those of docs/reference/crash-points.md.
/// </summary>
[Collection(HouseGroup.Name)]
public sealed class CrashPointTests(House house)
{
    private const string FirstStart = "start.key-written";

    private Installation Installation => house.Installation;

    public static TheoryData<string> Points => [.. Listed().Where(point => point != FirstStart)];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Killed_at(string point)
    {
        var tenant = await house.EnterAsync();
        await tenant.RegisterKeyAsync();
        if (point.StartsWith("engine.network.", StringComparison.Ordinal))
        {
            await Installation.Engine.RemoveNetworksAsync();
        }

        await using var reviver = new Reviver(Installation, [.. LeadingTo(point), point]);
        await reviver.StartAsync();
        await new DiskLife(Installation, tenant, reviver).LiveAsync(NeedsInstance(point));

        await reviver.FinishAsync();

        await Holdings.AssertExactlyAsync(Installation, [], []);
        await Bill.AssertAgreesAsync(Installation.Records);
    }

    [Theory]
    [InlineData("records.commit.before")]
    [InlineData("records.commit.after")]
    public async Task Killed_at_each_commit_of_a_life(string point)
    {
        var tenant = await house.EnterAsync();
        await tenant.RegisterKeyAsync();
        // Sampled in the short run: a life has some dozens.
        for (var pass = Soak.IsOn ? 1 : 3; ; pass += Soak.IsOn ? 1 : 7)
        {
            await using var reviver = new Reviver(Installation, [$"{point}:{pass}"]);
            await reviver.StartAsync();
            await new DiskLife(Installation, tenant, reviver).LiveAsync(withInstance: Soak.IsOn);
            await Holdings.AssertExactlyAsync(Installation, [], []);
            await Bill.AssertAgreesAsync(Installation.Records);
            if (!reviver.HasKilled)
            {
                pass.ShouldBeGreaterThan(10, "a life has more commits than that");
                return;
            }
        }
    }

    [Fact]
    public async Task Killed_between_the_first_key_file_and_its_row_the_next_start_makes_another_that_works()
    {
        KernelFeatures.Demand();
        await using var installation = Installation.Prepare();
        await using var reviver = new Reviver(installation, [FirstStart]);

        await reviver.StartAsync();

        await reviver.FinishAsync();
        (await installation.Client.ListDisksAsync(ct: TestContext.Current.CancellationToken).CountAsync())
            .ShouldBe(0);
    }

    private static bool NeedsInstance(string point) =>
        !new[] { "disk.", "local.", "records." }.Any(part => point.StartsWith(part, StringComparison.Ordinal));

    // A look comes only where an earlier call's outcome is not known.
    private static IEnumerable<string> LeadingTo(string point) =>
        !point.EndsWith(".Observe", StringComparison.Ordinal) ? []
        : point.StartsWith("disk.", StringComparison.Ordinal) ? ["disk.call.after.EnsureCreated"]
        : ["pod.call.after.EnsureCreated"];

    private static IEnumerable<string> Listed() =>
        from line in File.ReadLines(Path.Combine(Programs.Repository, "docs", "reference", "crash-points.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
        let name = line.Split('`')[1]
        where !name.StartsWith("MOORING_", StringComparison.Ordinal)
        select name;
}
