using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>What must be true of offers, so that a request can name one and a client can read it.</summary>
internal static class OfferRules
{
    /// <summary>The contract's regions (section 12).</summary>
    private static readonly string[] Regions =
    [
        "africa", "asia_south", "asia_northeast", "australia", "canada", "eu_east", "eu_north", "eu_west",
        "middle_east", "south_america", "united_states",
    ];

    /// <summary>The contract's <c>GPUSocket</c> (section 12).</summary>
    private static readonly string[] Sockets = ["PCIe", "SXM2", "SXM3", "SXM4", "SXM5", "SXM6"];

    /// <summary>The contract's <c>Image</c> (section 12).</summary>
    private static readonly string[] Images =
    [
        "ubuntu_22_cuda_12", "cuda_12_1_pytorch_2_2", "cuda_11_8_pytorch_2_1", "cuda_12_1_pytorch_2_3",
        "cuda_12_1_pytorch_2_4", "cuda_12_4_pytorch_2_4", "cuda_12_4_pytorch_2_5", "cuda_12_4_pytorch_2_6",
        "cuda_12_6_pytorch_2_7", "stable_diffusion", "axolotl", "bittensor", "hivemind", "petals_llama",
        "vllm_llama_8b", "vllm_llama_70b", "vllm_llama_405b", "custom_template", "flux", "prime_rl",
    ];

    public static IEnumerable<string> BreachesOf(IReadOnlyList<DiskOffer> offers)
    {
        // The text that a short id is made from (contract 14.6): null prints as None, and two must not print alike.
        foreach (var twice in offers.GroupBy(ShortText).Where(group => group.Count() > 1))
        {
            yield return $"{twice.Key} stands for {twice.Count()} offers";
        }

        foreach (var offer in offers)
        {
            (string Rule, bool Holds)[] rules =
            [
                ("a region of the contract", offer.Place.Region is null || Regions.Contains(offer.Place.Region)),
                ("a country of two capitals", IsCountry(offer.Place.Country)),
                ("texts without blanks around them", IsText(offer.CloudId) && IsText(offer.Place.DataCenter)),
                ("a price of nothing or more", offer.PricePerGiBHour >= Money.Zero),
                ("a smallest size of nothing or more", offer.MinSizeGiB >= 0),
                ("a largest size", offer.MaxSizeGiB >= Math.Max(1, offer.MinSizeGiB)),
                ("a step", offer.StepGiB >= 1 && offer.StepGiB <= offer.MaxSizeGiB),
                ("a known stock", Enum.IsDefined(offer.Stock)),
                ("a known security", Enum.IsDefined(offer.Security)),
                ("a pool of nothing or more", offer.Pool is null
                    || (offer.Pool.Capacity >= ByteSize.Zero && offer.Pool.Name.Length > 0)),
            ];
            foreach (var (rule, _) in rules.Where(one => !one.Holds))
            {
                yield return $"{ShortText(offer)} lacks {rule}";
            }
        }
    }

    public static IEnumerable<string> BreachesOf(IReadOnlyList<InstanceOffer> offers)
    {
        var keys = offers.GroupBy(
            offer => (offer.CloudId, offer.GpuType, offer.GpuCount, offer.Place.DataCenter ?? "None"));
        foreach (var twice in keys.Where(group => group.Count() > 1))
        {
            yield return $"{twice.Key} stands for {twice.Count()} offers";
        }

        foreach (var offer in offers)
        {
            (string Rule, bool Holds)[] rules =
            [
                ("a region of the contract", offer.Place.Region is null || Regions.Contains(offer.Place.Region)),
                ("a country of two capitals", IsCountry(offer.Place.Country)),
                ("a cloud id", offer.CloudId.Length > 0 && IsText(offer.CloudId)),
                ("a GPU's type and model, or neither", offer.GpuType == "CPU_NODE"
                    ? offer is { GpuModel: null, GpuCount: 1, GpuMemoryGiB: 0 }
                    : offer is { GpuModel.Length: > 0, GpuCount: >= 1, GpuType.Length: > 0 }),
                ("a socket of the contract", Sockets.Contains(offer.Socket)),
                ("processors and memory", offer is { Vcpus: >= 1, MemoryGiB: >= 1, BootDiskGiB: >= 1 }),
                ("a price of nothing or more", offer.PricePerHour >= Money.Zero),
                ("images of the contract", offer.Images.Count > 0 && offer.Images.All(Images.Contains)),
                ("a known stock", Enum.IsDefined(offer.Stock)),
                ("a known security", Enum.IsDefined(offer.Security)),
                ("a speed, or none", offer.InternetSpeedMbps is null or > 0),
            ];
            foreach (var (rule, _) in rules.Where(one => !one.Holds))
            {
                yield return $"{offer.CloudId} lacks {rule}";
            }
        }
    }

    private static string ShortText(DiskOffer offer) => string.Join(
        '-',
        ((string?[])[offer.CloudId, offer.Place.DataCenter, offer.Place.Country, offer.Place.Region])
            .Select(text => text ?? "None"));

    private static bool IsCountry(string? country) =>
        country is null or [>= 'A' and <= 'Z', >= 'A' and <= 'Z'];

    private static bool IsText(string? text) => text is null || (text.Length > 0 && text.Trim() == text);
}
