namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>What <see cref="RandomCrashes"/> does, to this machine's disks and instances.</summary>
[Collection(HouseGroup.Name)]
public sealed class RandomCrashTests(House house)
{
    [Fact]
    public async Task Disks_and_instances_of_this_machine_survive_it() =>
        await RandomCrashes.SurviveAsync(house.Installation, await LocalPlace.InAsync(house));
}
