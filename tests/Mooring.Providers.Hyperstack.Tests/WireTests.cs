using System.Text.Json;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>Answers as the vendor's schemas have them (openapi.yaml, June 2026), with invented values.</summary>
public class WireTests
{
    private const string Volume =
        """
        {"status": true, "message": "Volume created successfully", "volume": {"id": 7613, "name": "mrg-0f9c2d4e8b1a",
         "environment": {"name": "mooring-canada-1", "region": "CANADA-1", "features": {}},
         "description": "mooring disk 0f9c2d4e8b1a", "volume_type": "Cloud-SSD", "size": 500, "status": "creating",
         "bootable": false, "image_id": null, "os_image": null, "callback_url": null,
         "created_at": "2026-05-06T15:18:42Z", "updated_at": null, "attachments": []}}
        """;

    private const string VolumesPage =
        """
        {"status": true, "message": "Success", "page": 1, "page_size": 100, "count": 1,
         "volumes": [{"id": 7613, "name": "mrg-0f9c2d4e8b1a", "status": "in-use", "size": 500, "attachments": [
           {"id": 9870, "device": "/dev/vdb", "status": "DETACHED", "instance_id": 1128, "protected": false},
           {"id": 9876, "device": "/dev/disk/by-id/virtio-a66fd1a8-e198-4eb4-a", "status": "ATTACHED",
            "instance_id": 1129, "protected": true}]}]}
        """;

    private const string Machine =
        """
        {"status": true, "message": "VM(s) created", "instances": [{"id": 1129, "name": "mrg-vm-1",
         "status": "CREATING", "vm_state": "building", "power_state": "NOSTATE",
         "environment": {"id": 33, "org_id": 7, "name": "mooring-canada-1", "region": "CANADA-1",
           "features": {"network_optimised": false, "green_status": "GREEN"}},
         "image": {"name": "Ubuntu Server 22.04 LTS R550 CUDA 12.4"}, "os": "Ubuntu",
         "flavor": {"id": 95, "name": "n3-H100x1", "cpu": 28, "ram": 180, "disk": 100, "ephemeral": 750,
           "gpu": "H100-80G-PCIe", "gpu_count": 1},
         "keypair": {"name": "mooring"}, "fixed_ip": null, "floating_ip": null, "floating_ip_status": null,
         "locked": false, "labels": ["mooring"], "volume_attachments": [], "security_rules": [], "contract_id": null,
         "created_at": "2026-05-06T16:04:09Z"}]}
        """;

    private const string Stocks =
        """
        {"stocks": [{"region": "CANADA-1", "stock-type": "GPU", "models": [
          {"model": "H100-80G-PCIe-NVLink", "available": "200+", "planned_7_days": null, "planned_30_days": null,
           "planned_100_days": null, "configurations": {"1x": 396, "2x": 17, "4x": 4, "8x": 1, "10x": 0}}]}]}
        """;

    private const string Flavors =
        """
        {"status": true, "message": "Success", "data": [{"gpu": "H100-80G-PCIe", "region_name": "CANADA-1", "flavors": [
          {"id": 95, "name": "n3-H100x1", "display_name": null, "region_name": "CANADA-1", "cpu": 28, "ram": 180.5,
           "disk": 100, "ephemeral": 750, "gpu": "H100-80G-PCIe", "gpu_count": 1, "stock_available": true,
           "created_at": "2026-05-06T16:04:09Z", "labels": [{"id": 1, "label": "NVLink"}], "features": {}}]}]}
        """;

    private const string Prices =
        """
        [{"id": 10, "name": "RTX-A4000", "value": 0.15, "original_value": 0.15, "discount_applied": false,
          "start_time": null, "end_time": null},
         {"id": 44, "name": "Cloud-SSD", "value": 0.000096774, "original_value": 0.000096774,
          "discount_applied": false, "start_time": null, "end_time": null}]
        """;

    [Fact]
    public void A_volume_is_read()
    {
        var volume = Read(Volume, WireJson.Default.VolumeAnswer).Volume.ShouldNotBeNull();
        (volume.Id, volume.Name, volume.Size, volume.VolumeType).ShouldBe((7613, "mrg-0f9c2d4e8b1a", 500, "Cloud-SSD"));
        volume.Environment!.Region.ShouldBe("CANADA-1");
        Volumes.PhaseOf(volume).ShouldBe(VolumePhase.Making);
    }

    [Fact]
    public void A_page_of_volumes_is_read_and_ended_attachments_are_none()
    {
        var volume = Read(VolumesPage, WireJson.Default.VolumePage).Items.ShouldHaveSingleItem();
        Volumes.Holds(volume).ShouldHaveSingleItem().InstanceId.ShouldBe(1129);
        Volumes.PhaseOf(volume).ShouldBe(VolumePhase.Held);
    }

    [Fact]
    public void A_machine_is_read()
    {
        var machine = Read(Machine, WireJson.Default.MachinesAnswer).Instances.ShouldHaveSingleItem();
        (machine.Id, machine.Name, machine.FloatingIp).ShouldBe((1129, "mrg-vm-1", null));
        Machines.PhaseOf(machine).ShouldBe(MachinePhase.Making);
    }

    [Fact]
    public void Stock_is_read_by_region_model_and_number()
    {
        var stock = new StockBook(Read(Stocks, WireJson.Default.StocksAnswer).Stocks!);
        stock.Of("CANADA-1", "h100-80g-pcie-nvlink", 1).ShouldBe(Stock.High);
        stock.Of("CANADA-1", "H100-80G-PCIe-NVLink", 2).ShouldBe(Stock.Medium);
        stock.Of("CANADA-1", "H100-80G-PCIe-NVLink", 4).ShouldBe(Stock.Low);
        stock.Of("CANADA-1", "H100-80G-PCIe-NVLink", 10).ShouldBe(Stock.Unavailable);
        stock.Of("CANADA-1", "H100-80G-PCIe-NVLink", 3).ShouldBe(Stock.Available);
        stock.Of("US-1", "H100-80G-PCIe-NVLink", 1).ShouldBe(Stock.Available);
    }

    [Fact]
    public void Flavors_and_prices_are_read()
    {
        var flavor = Read(Flavors, WireJson.Default.FlavorsAnswer).Data![0].Flavors.ShouldHaveSingleItem();
        (flavor.Name, flavor.Ram, flavor.GpuCount, flavor.StockAvailable).ShouldBe(("n3-H100x1", 180.5m, 1, true));
        var prices = new PriceBook(Read(Prices, WireJson.Default.WirePriceArray));
        prices.Find("rtx-a4000").ShouldBe(Money.FromUsd(0.15m));
        prices.Find("Cloud-SSD").ShouldBe(Money.FromUsd(0.000096774m));
        prices.Find("Cloud-HDD").ShouldBeNull();
    }

    [Fact]
    public void A_disks_price_is_exact()
    {
        // 500 GB for a month of 744 hours, at the published rate.
        var each = new PriceBook(Read(Prices, WireJson.Default.WirePriceArray)).Find("Cloud-SSD")!.Value;
        (each * 500 * 744).Usd.ShouldBe(35.999928m);
    }

    [Theory]
    [InlineData("1e-13", "0")]
    [InlineData("9.6774E-05", "0.000096774")]
    [InlineData("0.0000000000015", "0.000000000002")]
    public void A_price_beyond_the_smallest_unit_is_rounded(string value, string usd) =>
        new PriceBook([new WirePrice("x", JsonSerializer.Deserialize<decimal>(value))]).Find("x")!.Value.Usd
            .ShouldBe(decimal.Parse(usd));

    [Theory]
    [InlineData("creating", "Making")]
    [InlineData("downloading", "Making")]
    [InlineData("available", "Free")]
    [InlineData("AVAILABLE", "Free")]
    [InlineData("reserved", "Held")]
    [InlineData("attaching", "Held")]
    [InlineData("in-use", "Held")]
    [InlineData("detaching", "Detaching")]
    [InlineData("deleting", "Deleting")]
    [InlineData("error", "Failed")]
    [InlineData("error_deleting", "Failed")]
    [InlineData("error_extending", "Failed")]
    [InlineData("error_restoring", "Failed")]
    [InlineData("dreaming", "Unknown")]
    [InlineData(null, "Unknown")]
    public void A_volumes_status_has_a_meaning(string? status, string phase) =>
        Volumes.PhaseOf(new WireVolume(1, "x", null, null, 1, status, null)).ToString().ShouldBe(phase);

    [Theory]
    [InlineData("CREATING", "Making")]
    [InlineData("build", "Making")]
    [InlineData("ACTIVE", "Running")]
    [InlineData("STARTING", "Between")]
    [InlineData("REBOOTING", "Between")]
    [InlineData("RESTORING", "Between")]
    [InlineData("STOPPING", "Between")]
    [InlineData("HIBERNATING", "Between")]
    [InlineData("SHUTOFF", "Off")]
    [InlineData("HIBERNATED", "Hibernated")]
    [InlineData("ERROR", "Failed")]
    [InlineData("DELETING", "Deleting")]
    [InlineData("DREAMING", "Unknown")]
    public void A_machines_status_has_a_meaning(string status, string phase) => Machines
        .PhaseOf(new WireMachine(1, "x", status, null, null, null, null)).ToString().ShouldBe(phase);

    private static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type)!;
}
