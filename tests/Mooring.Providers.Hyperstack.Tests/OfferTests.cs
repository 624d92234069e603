using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>What is offered, in the contract's words.</summary>
public class OfferTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("CANADA-1", "Canada", "CA", "canada")]
    [InlineData("NORWAY-1", null, "NO", "eu_north")]
    [InlineData("US-1", "", "US", "united_states")]
    [InlineData("US-2", "United States", "US", "united_states")]
    [InlineData("EUWEST-1", "Netherlands", "NL", "eu_west")]
    [InlineData("MOON-1", "Moon", null, null)]
    public void A_region_has_its_place(string name, string? country, string? code, string? region) =>
        Regions.PlaceOf(name, country).ShouldBe(new Place(name, code, region));

    [Theory]
    [InlineData("H100-80G-PCIe", "H100_80GB", 80, "PCIe")]
    [InlineData("h100-80g-sxm5", "H100_80GB", 80, "SXM5")]
    [InlineData("H200-141G-SXM5", "H200_141GB", 141, "SXM5")]
    [InlineData("RTX-A4000", "A4000_16GB", 16, "PCIe")]
    public void A_gpu_is_named_as_the_contract_does(string name, string type, int memory, string socket) =>
        Gpus.Find(name).ShouldBe(new Gpu(type, memory, socket));

    [Fact]
    public void An_unknown_gpu_has_no_name() => Gpus.Find("Q1-1T-Prototype").ShouldBeNull();

    [Fact]
    public async Task Volumes_are_offered_in_every_region_at_the_price_books_price()
    {
        await using var house = await House.OpenAsync(Ct);
        var offers = await house.Provider.Disks.ListOffersAsync(Ct);
        offers.Select(offer => (offer.CloudId, offer.Place.DataCenter)).ShouldBe(
            [("Cloud-SSD", "NORWAY-1"), ("Cloud-SSD", "CANADA-1"), ("Cloud-SSD", "US-1")]);
        offers.ShouldAllBe(offer => offer.PricePerGiBHour == Money.FromUsd(0.000096774m)
            && offer.MinSizeGiB == 1 && offer.MaxSizeGiB == 102_400 && offer.StepGiB == 1
            && !offer.IsMultinode && offer.Stock == Stock.Available);
    }

    [Fact]
    public async Task Machines_are_offered_by_flavor_and_an_unknown_gpu_is_not()
    {
        await using var house = await House.OpenAsync(Ct);
        var offers = (await house.Provider.Instances.ListOffersAsync(Ct))
            .Where(offer => offer.Place.DataCenter == "CANADA-1").ToList();
        offers.Select(offer => (offer.CloudId, offer.GpuType, offer.GpuCount, offer.PricePerHour.Usd, offer.Stock))
            .ShouldBe(
            [
                ("n1-cpu-small", "CPU_NODE", 1, 0.016m, Stock.Available),
                ("n1-RTX-A4000x1", "A4000_16GB", 1, 0.15m, Stock.High),
                ("n3-H100x1", "H100_80GB", 1, 1.9m, Stock.High),
                ("n3-H100x8", "H100_80GB", 8, 15.2m, Stock.High),
            ]);
        // 23.5 GB of memory are 23 whole ones.
        offers[1].MemoryGiB.ShouldBe(23);
        offers[2].BootDiskInfo.ShouldNotBeNull().ShouldContain("750");
    }

    [Fact]
    public async Task A_type_without_a_price_is_not_offered_unless_one_is_configured()
    {
        (await TypesOfferedAsync(new HyperstackOptions())).ShouldBe(["cloud-ssd"]);
        (await TypesOfferedAsync(new HyperstackOptions
        {
            VolumePrices = new Dictionary<string, decimal> { ["Slow-HDD"] = 0.00001m },
        })).ShouldBe(["Slow-HDD"]);
    }

    [Theory]
    [MemberData(nameof(Flaws))]
    public void Options_that_cannot_be_are_refused_in_words(HyperstackOptions options, string words) =>
        options.FindFlaw().ShouldNotBeNull().ShouldContain(words);

    public static TheoryData<HyperstackOptions, string> Flaws => new()
    {
        { new() { BaseAddress = new Uri("http://infrahub.example/v1") }, "https" },
        { new() { BaseAddress = new Uri("ftp://127.0.0.1/v1") }, "https" },
        { new() { BaseAddress = new Uri("v1", UriKind.Relative) }, "https" },
        { new() { BaseAddress = new Uri("https://kim@infrahub.example/v1") }, "user" },
        { new() { RequestTimeout = TimeSpan.Zero }, "RequestTimeout" },
        { new() { SettlingTime = TimeSpan.FromHours(1) }, "SettlingTime" },
        { new() { CallsPerMinute = 0 }, "CallsPerMinute" },
        { new() { CallBurst = 0 }, "CallBurst" },
        { new() { Patience = TimeSpan.FromHours(1) }, "Patience" },
        { new() { ThrottlePause = TimeSpan.Zero }, "ThrottlePause" },
        { new() { PageSize = 101 }, "PageSize" },
        { new() { VolumePrices = new Dictionary<string, decimal> { ["x"] = -1 } }, "VolumePrices" },
        { new() { Images = new Dictionary<string, string>() }, "Images" },
        { new() { PublicKey = "one\ntwo" }, "PublicKey" },
    };

    [Fact]
    public void The_options_as_they_come_can_be_used() => new HyperstackOptions().FindFlaw().ShouldBeNull();

    private static async Task<IEnumerable<string?>> TypesOfferedAsync(HyperstackOptions options)
    {
        using var network = new Canned(request => Task.FromResult(Canned.Answer(
            200,
            request.RequestUri!.AbsolutePath switch
            {
                "/v1/pricebook" => "[]",
                "/v1/core/volume-types" =>
                    """{"status": true, "message": "", "volume_types": ["cloud-ssd", "Slow-HDD", "no good\n"]}""",
                _ => """{"status": true, "message": "", "regions": [{"id": 1, "name": "US-1"}, {"id": 2}]}""",
            })));
        using var provider = network.Provider(options);
        return (await provider.Disks.ListOffersAsync(Ct)).Select(offer => offer.CloudId);
    }
}
