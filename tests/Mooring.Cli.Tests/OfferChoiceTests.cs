using Mooring.Cli.Tests.Demo;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests;

public sealed class OfferChoiceTests
{
    [Fact]
    public void Takes_a_local_block_disk_before_cheaper_ones() => Chosen(
        Offers.Disk("hyperstack", null, 0.00001m),
        Offers.Disk("local", "shared", 0.0001m),
        Offers.Disk("local", "block", 0.0002m)).ShouldBe(("local", "block"));

    [Fact]
    public void Takes_the_cheapest_where_nothing_is_local() => Chosen(
        Offers.Disk("runpod", null, 0.0002m),
        Offers.Disk("hyperstack", null, 0.0001m),
        Offers.Disk("nebius", null, null)).ShouldBe(("hyperstack", null));

    [Theory]
    [InlineData(1, 1000, 1, true)]
    [InlineData(11, 1000, 1, false)]
    [InlineData(1, 9, 1, false)]
    [InlineData(1, 1000, 4, false)]
    [InlineData(1, 1000, 5, true)]
    [InlineData(null, null, null, true)]
    public void Takes_only_what_fits_the_size(int? least, int? most, int? step, bool fits)
    {
        var offer = Offers.Disk("local", "block", 0.0001m);
        offer = offer with { Spec = offer.Spec with { MinCount = least, MaxCount = most, Step = step } };

        (OfferChoice.ForDisk([offer], 10) is not null).ShouldBe(fits);
    }

    [Fact]
    public void Takes_nothing_that_is_out_of_stock() => OfferChoice.ForDisk(
        [Offers.Disk("local", "block", 0.0001m) with { StockStatus = "Unavailable" }],
        sizeGb: 1).ShouldBeNull();

    [Fact]
    public void Takes_the_cheapest_instance_without_a_GPU() => Instance(
        Offers.Instance("gpu", "L4_24GB", 0.001m),
        Offers.Instance("large", "CPU_NODE", 0.4m),
        Offers.Instance("small", "CPU_NODE", 0.1m),
        Offers.Instance("spot", "CPU_NODE", 0.01m) with { IsSpot = true },
        Offers.Instance("gone", "CPU_NODE", 0.01m) with { StockStatus = "Unavailable" },
        Offers.Instance("ahead", "CPU_NODE", 0.01m) with { PrepaidTime = 24 }).ShouldBe("small");

    [Fact]
    public void Takes_the_cheapest_GPU_where_there_is_nothing_else() => Instance(
        Offers.Instance("b", "H100_80GB", 2m),
        Offers.Instance("a", "L4_24GB", 0.5m),
        Offers.Instance("community", "L4_24GB", 0.9m) with { Prices = new GpuPrices(0.9m, 0.4m, false, "USD") })
        .ShouldBe("community");

    [Fact]
    public void Takes_the_default_image_else_the_first_that_needs_no_template()
    {
        var offer = Offers.Instance("small", "CPU_NODE", 0.1m);

        OfferChoice.Image(offer with { Images = ["flux", "ubuntu_22_cuda_12"] }).ShouldBe("ubuntu_22_cuda_12");
        OfferChoice.Image(offer with { Images = ["custom_template", "flux"] }).ShouldBe("flux");
        OfferChoice.Image(offer with { Images = [] }).ShouldBeNull();
    }

    private static (string Provider, string? CloudId) Chosen(params DiskOffer[] offers)
    {
        var chosen = OfferChoice.ForDisk(offers, sizeGb: 10).ShouldNotBeNull();
        return (chosen.Provider, chosen.CloudId);
    }

    private static string? Instance(params GpuOffer[] offers) => OfferChoice.ForInstance(offers)?.CloudId;
}
