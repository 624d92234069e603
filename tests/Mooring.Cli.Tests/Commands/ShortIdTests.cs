using Mooring.Cli.Commands;
using Mooring.Cli.Tests.Demo;

namespace Mooring.Cli.Tests.Commands;

public sealed class ShortIdTests
{
    // The vendor's published table (contract 14.6).
    [Theory]
    [InlineData("hyperstack", "US-1", "a869c3")]
    [InlineData("runpod", "US-CA-2", "c008ad")]
    [InlineData("runpod", "US-WA-1", "7d2232")]
    [InlineData("crusoecloud", "us-southcentral1-a", "8121df")]
    [InlineData("crusoecloud", "us-east1-a", "81cdd2")]
    [InlineData("dc_roan", null, "2f139f")]
    public void A_disks_offer_has_the_vendors_id(string provider, string? dataCenter, string id)
    {
        var offer = Offers.Disk(provider, null, 0.00015m) with { DataCenter = dataCenter };

        ShortId.Of(offer with { Spec = offer.Spec with { DefaultCount = 0 } }).ShouldBe(id);
    }

    [Fact]
    public void Instances_that_differ_have_ids_that_differ()
    {
        var offer = Offers.Instance("cpu-1", "CPU_NODE", 0.01m);

        new[]
        {
            offer,
            offer with { CloudId = "cpu-2" },
            offer with { GpuCount = 2 },
            offer with { GpuType = "L4_24GB" },
            offer with { DataCenter = "there" },
            offer with { IsSpot = true },
        }.Select(ShortId.Of).ShouldBeUnique();
    }
}
