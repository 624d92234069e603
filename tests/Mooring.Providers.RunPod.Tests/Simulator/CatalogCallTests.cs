using System.Net;
using Mooring.Simulators.RunPod;

namespace Mooring.Providers.RunPod.Tests.Simulator;

public class CatalogCallTests
{
    [Theory]
    [InlineData("?include=AVAILABILITY", HttpStatusCode.BadRequest)]
    [InlineData("?product=POD", HttpStatusCode.BadRequest)]
    [InlineData("?count=2", HttpStatusCode.BadRequest)]
    [InlineData("?include=AVAILABILITY&product=POD&count=2&cloud=SECURE", HttpStatusCode.OK)]
    [InlineData("?nonsense=1", HttpStatusCode.OK)]
    [InlineData("", HttpStatusCode.OK)]
    public async Task Stock_is_told_to_whom_names_the_product(string query, HttpStatusCode status)
    {
        await using var played = await Played.StartAsync();
        (await played.CallAsync("GET", "/v2/catalog/gpus" + query)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_gpu_is_told_with_its_places_only_where_it_is_offered_so()
    {
        await using var played = await Played.StartAsync();
        const string Path = "/v2/catalog/gpus/NVIDIA%20L4?include=AVAILABILITY&product=POD&count=";
        var (_, four) = await played.CallAsync("GET", Path + "4");
        four!["dataCenters"]![0]!["id"]!.GetValue<string>().ShouldBe("EU-RO-1");
        var (_, eight) = await played.CallAsync("GET", Path + "8");
        eight!["availability"]!.GetValue<string>().ShouldBe("NONE");
        eight["dataCenters"].ShouldBeNull();
        (await played.CallAsync("GET", "/v2/catalog/gpus/Voodoo2")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_data_center_without_volumes_has_no_tiers_and_stock_is_told_when_asked_for()
    {
        await using var played = await Played.StartAsync();
        var (_, plain) = await played.CallAsync("GET", "/v2/catalog/datacenters/US-TX-3");
        plain!["networkVolumeTypes"]!.AsArray().ShouldBeEmpty();
        plain["gpuAvailability"].ShouldBeNull();
        var (_, full) = await played.CallAsync("GET", "/v2/catalog/datacenters?include=GPU_AVAILABILITY");
        full!["dataCenters"]![1]!["gpuAvailability"]![0]!["availability"]!.GetValue<string>().ShouldBe("LOW");
        var (_, fast) = await played.CallAsync(
            "GET", "/v2/catalog/datacenters?networkVolumeTypes=STANDARD,HIGH_PERFORMANCE");
        fast!["dataCenters"]!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<string>().ShouldBe("US-KS-2");
    }

    [Fact]
    public async Task Prices_and_stock_change_under_their_faults()
    {
        await using var played = await Played.StartAsync(
            new Fault { Kind = FaultKind.Price, On = ["catalog.gpus"], Calls = [1], Factor = 1.5m },
            new Fault { Kind = FaultKind.OutOfStock, On = ["catalog.gpus"], Calls = [2] });
        const string Path = "/v2/catalog/gpus?include=AVAILABILITY&product=POD";
        var (_, dear) = await played.CallAsync("GET", Path);
        dear!["gpus"]![0]!["price"]!["secure"]!.GetValue<decimal>().ShouldBe(1.035m);
        var (_, none) = await played.CallAsync("GET", Path);
        none!["gpus"]![0]!["availability"]!.GetValue<string>().ShouldBe("NONE");
    }
}
