namespace Mooring.Server.Offers;

/// <summary>The contract's enumerations that availability is filtered by (section 12).</summary>
internal static class KnownValues
{
    public static readonly IReadOnlyList<string> Regions =
    [
        "africa", "asia_south", "asia_northeast", "australia", "canada", "eu_east", "eu_north", "eu_west",
        "middle_east", "south_america", "united_states",
    ];

    public static readonly IReadOnlyList<string> Sockets = ["PCIe", "SXM2", "SXM3", "SXM4", "SXM5", "SXM6"];

    public static readonly IReadOnlyList<string> Securities = ["secure_cloud", "community_cloud"];

    public static readonly IReadOnlyList<string> Images =
    [
        "ubuntu_22_cuda_12", "cuda_12_1_pytorch_2_2", "cuda_11_8_pytorch_2_1", "cuda_12_1_pytorch_2_3",
        "cuda_12_1_pytorch_2_4", "cuda_12_4_pytorch_2_4", "cuda_12_4_pytorch_2_5", "cuda_12_4_pytorch_2_6",
        "cuda_12_6_pytorch_2_7", "stable_diffusion", "axolotl", "bittensor", "hivemind", "petals_llama",
        "vllm_llama_8b", "vllm_llama_70b", "vllm_llama_405b", "custom_template", "flux", "prime_rl",
    ];

    public static string ToWire(this Providers.Security security) =>
        security == Providers.Security.SecureCloud ? "secure_cloud" : "community_cloud";
}
