using Mooring.Providers.Disks;

namespace Mooring.Providers.RunPod.Tests;

/// <summary>What the catalogue's answers become.</summary>
public class OfferTests
{
    private const string DataCentersSample = """
        {"dataCenters": [{"id": "US-KS-2", "name": "US Kansas 2", "region": "NORTH_AMERICA", "globalNetwork": true,
          "networkVolumeTypes": ["STANDARD", "HIGH_PERFORMANCE"], "compliance": ["SOC_2_TYPE_2"],
          "gpuAvailability": [{"id": "NVIDIA GeForce RTX 4090", "name": "RTX 4090", "availability": "HIGH"}]},
          {"id": "US-TX-3", "name": "US Texas 3", "region": "NORTH_AMERICA", "networkVolumeTypes": []},
          {"id": "eu-ro-1", "name": "small letters", "region": "EUROPE", "networkVolumeTypes": ["STANDARD"]},
          {"id": "EU-CZ-1", "name": "a tier of the future", "region": "EUROPE", "networkVolumeTypes": ["GLACIAL"]}]}
        """;

    private const string GpusSample = """
        {"gpus": [{"id": "NVIDIA GeForce RTX 4090", "name": "RTX 4090", "pool": "ADA_24", "manufacturer": "NVIDIA",
          "memory": 24, "secure": true, "community": true,
          "price": {"secure": 0.69, "community": 0.34, "serverless": 1.1}, "maxCount": {"secure": 8, "community": 4},
          "availability": "HIGH",
          "dataCenters": [{"id": "US-KS-2", "name": "US Kansas 2", "availability": "HIGH"},
                          {"id": "EU-RO-1", "name": "EU Romania 1", "availability": "NONE"}],
          "cudaVersions": [{"version": "12.8", "available": true}]},
          {"id": "AMD Instinct MI300X OAM", "secure": true, "price": {"secure": 2.49}, "maxCount": {"secure": 8},
           "dataCenters": [{"id": "US-KS-2", "availability": "HIGH"}]},
          {"id": "NVIDIA L4", "secure": false, "price": {"secure": null}, "maxCount": {"secure": 0},
           "dataCenters": [{"id": "US-KS-2", "availability": "LOW"}]},
          {"id": "NVIDIA H200", "secure": true, "price": {"secure": 3.99}, "maxCount": {"secure": 1},
           "dataCenters": [{"id": "US-KS-2", "availability": "LOW"}]},
          {"id": "NVIDIA A40", "secure": true, "price": {"secure": 0.39}, "maxCount": {"secure": 8}}]}
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_volume_is_offered_where_its_tier_is_listed_and_has_a_price()
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, DataCentersSample).Open();
        var offer = (await provider.Disks.ListOffersAsync(Ct)).ShouldHaveSingleItem();
        offer.ShouldBe(new DiskOffer(
            "STANDARD",
            new Place("US-KS-2", "US", "united_states"),
            new Money(95_890_411),
            10,
            4096,
            1,
            IsMultinode: true,
            Stock.Available,
            Security.SecureCloud,
            Pool: null,
            "0.07 USD per GB and month of 730 hours, as of 2026-08-20. RunPod charges 0.05 USD for each GB above 1000, "
                + "which this price hides: 4096 GB cost 224.80 USD a month there."));
    }

    [Fact]
    public async Task High_performance_is_offered_once_it_has_a_price()
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, DataCentersSample).Open(new RunPodOptions
        {
            HighPerformanceIn = new Dictionary<string, StoragePrice> { ["US-KS-2"] = new(0.14m) },
        });
        (await provider.Disks.ListOffersAsync(Ct)).Select(offer => (offer.CloudId, offer.PricePerGiBHour.PicoUsd))
            .ShouldBe([("STANDARD", 95_890_411), ("HIGH_PERFORMANCE", 191_780_822)]);
    }

    [Theory]
    [InlineData(10, "0.7")]
    [InlineData(1000, "70")]
    [InlineData(1001, "70.05")]
    [InlineData(4096, "224.8")]
    public void Only_what_is_above_1000_gb_costs_less(int sizeGb, string usd) =>
        new StoragePrice(0.07m, 0.05m).UsdPerMonth(sizeGb).ShouldBe(decimal.Parse(usd));

    [Fact]
    public void Without_a_second_price_the_first_holds_for_all() =>
        new StoragePrice(0.14m).UsdPerMonth(2000).ShouldBe(280m);

    [Theory]
    [InlineData("US-KS-2", "NORTH_AMERICA", "US", "united_states")]
    [InlineData("CA-MTL-1", "NORTH_AMERICA", "CA", "canada")]
    [InlineData("EU-RO-1", "EUROPE", "RO", "eu_east")]
    [InlineData("EU-CZ-1", "EUROPE", "CZ", "eu_east")]
    [InlineData("EU-NL-1", "EUROPE", "NL", "eu_west")]
    [InlineData("EUR-IS-1", "EUROPE", "IS", "eu_north")]
    [InlineData("EUR-NO-1", "EUROPE", "NO", "eu_north")]
    [InlineData("SEA-SG-1", "ASIA", "SG", "asia_south")]
    [InlineData("AP-JP-1", "ASIA", "JP", "asia_northeast")]
    [InlineData("OC-AU-1", "OCEANIA", "AU", "australia")]
    [InlineData("XX-1", "SOUTH_AMERICA", null, "south_america")]
    [InlineData("XX-1", "OCEANIA", null, "australia")]
    [InlineData("XX-1", "EUROPE", null, null)]
    [InlineData("XX-1", "ANTARCTICA", null, null)]
    [InlineData("XX-1", null, null, null)]
    public void A_data_centers_id_tells_where_it_is(string id, string? theirs, string? country, string? region) =>
        DataCenters.PlaceOf(id, theirs).ShouldBe(new Place(id, country, region));

    [Fact]
    public async Task Pods_are_offered_for_each_number_of_gpus_that_can_be_had()
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, DataCentersSample).Then(200, GpusSample).Then(200, GpusSample)
            .Open(new RunPodOptions { GpuCounts = [1, 2] });
        var offers = await provider.Instances.ListOffersAsync(Ct);
        offers.Select(offer => (offer.CloudId, offer.GpuType, offer.GpuCount, offer.Place.DataCenter, offer.Stock,
            offer.PricePerHour.Usd)).ShouldBe(
        [
            ("NVIDIA GeForce RTX 4090", "RTX4090_24GB", 1, "US-KS-2", Stock.High, 0.69m),
            ("NVIDIA GeForce RTX 4090", "RTX4090_24GB", 1, "EU-RO-1", Stock.Unavailable, 0.69m),
            ("NVIDIA H200", "H200_141GB", 1, "US-KS-2", Stock.Low, 3.99m),
            ("NVIDIA GeForce RTX 4090 x2", "RTX4090_24GB", 2, "US-KS-2", Stock.High, 1.38m),
            ("NVIDIA GeForce RTX 4090 x2", "RTX4090_24GB", 2, "EU-RO-1", Stock.Unavailable, 1.38m),
        ]);
        canned.Asked[1].PathAndQuery.ShouldBe(
            "/v2/catalog/gpus?include=AVAILABILITY&product=POD&count=1&cloud=SECURE");
        canned.Asked[2].PathAndQuery.ShouldContain("count=2");
    }

    [Theory]
    [InlineData("NVIDIA H200", "H200_141GB", 1)]
    [InlineData("NVIDIA H200 x8", "H200_141GB", 8)]
    public void An_offers_id_tells_the_gpu_and_how_many(string cloudId, string type, int count)
    {
        var (gpu, parsed) = Gpus.Parse(cloudId).ShouldNotBeNull();
        (gpu.Type, parsed).ShouldBe((type, count));
        Gpus.CloudIdOf(gpu, parsed).ShouldBe(cloudId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("NVIDIA H200 x1")]
    [InlineData("NVIDIA H200 x")]
    [InlineData("NVIDIA H200 x-2")]
    [InlineData("NVIDIA H200 x65")]
    [InlineData("nvidia h200")]
    [InlineData("AMD Instinct MI300X OAM")]
    public void What_is_no_offers_id_is_none(string cloudId) => Gpus.Parse(cloudId).ShouldBeNull();
}
