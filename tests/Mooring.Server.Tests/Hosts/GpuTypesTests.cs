using Mooring.Server.Hosts;

namespace Mooring.Server.Tests.Hosts;

/// <summary>Names and memory (MiB, rounded to GiB) as nvidia-smi prints them.</summary>
public sealed class GpuTypesTests
{
    [Theory]
    [InlineData("NVIDIA H100 80GB HBM3", 80, "H100_80GB", "SXM5")]
    [InlineData("NVIDIA H100 PCIe", 80, "H100_80GB", "PCIe")]
    [InlineData("NVIDIA H200", 140, "H200_141GB", "SXM5")]
    [InlineData("NVIDIA H200 NVL", 140, "H200_141GB", "PCIe")]
    [InlineData("NVIDIA GH200 480GB", 96, "GH200_96GB", "SXM5")]
    [InlineData("NVIDIA B200", 179, "B200_180GB", "SXM6")]
    [InlineData("NVIDIA A100-SXM4-40GB", 40, "A100_40GB", "SXM4")]
    [InlineData("NVIDIA A100-SXM4-80GB", 80, "A100_80GB", "SXM4")]
    [InlineData("NVIDIA A100 80GB PCIe", 80, "A100_80GB", "PCIe")]
    [InlineData("NVIDIA A10", 22, "A10_24GB", "PCIe")]
    [InlineData("NVIDIA A40", 45, "A40_48GB", "PCIe")]
    [InlineData("NVIDIA L4", 22, "L4_24GB", "PCIe")]
    [InlineData("NVIDIA L40", 45, "L40_48GB", "PCIe")]
    [InlineData("NVIDIA L40S", 45, "L40S_48GB", "PCIe")]
    [InlineData("NVIDIA RTX A6000", 48, "A6000_48GB", "PCIe")]
    [InlineData("NVIDIA RTX 6000 Ada Generation", 48, "RTX6000Ada_48GB", "PCIe")]
    [InlineData("Quadro RTX 6000", 24, "RTX6000_24GB", "PCIe")]
    [InlineData("NVIDIA RTX PRO 6000 Blackwell Server Edition", 96, "RTX_PRO_6000B_96GB", "PCIe")]
    [InlineData("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", 96, "RTX_PRO_6000B_96GB", "PCIe")]
    [InlineData("NVIDIA GeForce RTX 4090", 24, "RTX4090_24GB", "PCIe")]
    [InlineData("NVIDIA GeForce RTX 3080 Ti", 12, "RTX3080Ti_12GB", "PCIe")]
    [InlineData("Tesla V100-SXM2-16GB", 16, "V100_16GB", "SXM2")]
    [InlineData("Tesla V100-SXM3-32GB", 32, "V100_32GB", "SXM3")]
    [InlineData("Tesla T4", 15, "T4_16GB", "PCIe")]
    public void A_gpu_has_the_type_of_its_model_and_the_socket_of_its_form(
        string model, int memoryGiB, string type, string socket)
    {
        GpuTypes.Of(model, memoryGiB).ShouldBe(type);
        GpuTypes.SocketOf(model).ShouldBe(socket);
    }

    [Theory]
    [InlineData("NVIDIA A10G", 22)]
    [InlineData("NVIDIA GeForce RTX 4080 SUPER", 16)]
    [InlineData("NVIDIA GeForce RTX 4090 Laptop GPU", 16)]
    [InlineData("NVIDIA GeForce RTX 3070 Ti", 8)]
    [InlineData("NVIDIA RTX A2000 12GB", 12)]
    [InlineData("NVIDIA H100 NVL", 94)]
    [InlineData("NVIDIA A100-SXM-64GB", 64)]
    [InlineData("Tesla K80", 11)]
    [InlineData("", 24)]
    public void A_gpu_that_the_contract_has_no_type_for_has_none(string model, int memoryGiB) =>
        GpuTypes.Of(model, memoryGiB).ShouldBeNull();

    [Fact]
    public void Every_type_is_found_by_its_own_name_and_memory()
    {
        foreach (var type in GpuTypes.All.Where(type => type is not (GpuTypes.None or "RTX_PRO_6000B_96GB")))
        {
            var parts = type.Split('_');
            var memory = parts.Length == 2 ? int.Parse(parts[1][..^2]) : 186;

            GpuTypes.Of("NVIDIA " + parts[0], memory).ShouldBe(type);
        }

        GpuTypes.All.ShouldBeUnique();
        GpuTypes.All.Count.ShouldBe(49);
    }
}
