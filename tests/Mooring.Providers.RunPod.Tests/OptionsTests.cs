using Microsoft.Extensions.Logging.Abstractions;

namespace Mooring.Providers.RunPod.Tests;

public class OptionsTests
{
    public static TheoryData<string, RunPodOptions> Nonsense => new()
    {
        { "https", new RunPodOptions { BaseAddress = new Uri("http://api.runpod.io") } },
        { "https", new RunPodOptions { BaseAddress = new Uri("ftp://api.runpod.io") } },
        { "https", new RunPodOptions { BaseAddress = new Uri("/v2", UriKind.Relative) } },
        { "no user", new RunPodOptions { BaseAddress = new Uri("https://me@api.runpod.io") } },
        { "45 s", new RunPodOptions { ChangeTimeout = TimeSpan.FromSeconds(30) } },
        { "45 s", new RunPodOptions { ReadTimeout = TimeSpan.FromSeconds(10) } },
        { "45 s", new RunPodOptions { ReadTimeout = TimeSpan.Zero } },
        { "settling time", new RunPodOptions { SettlingTime = TimeSpan.Zero } },
        { "settling time", new RunPodOptions { SettlingTime = TimeSpan.FromHours(1) } },
        { "1 to 100", new RunPodOptions { RequestsAtOnce = 0 } },
        { "64 KiB", new RunPodOptions { AnswerBytesMax = 10 } },
        { "numbers of GPUs", new RunPodOptions { GpuCounts = [1, 1] } },
        { "numbers of GPUs", new RunPodOptions { GpuCounts = [] } },
        { "container disk", new RunPodOptions { ContainerDiskGb = 0 } },
        { "virtual CPU", new RunPodOptions { VcpusPerGpu = 0 } },
        { "image", new RunPodOptions { Images = new Dictionary<string, string>() } },
        { "Prices", new RunPodOptions { Standard = new StoragePrice(-1) } },
        { "Prices", new RunPodOptions { HighPerformance = new StoragePrice(1, -1) } },
        {
            "capitals",
            new RunPodOptions
            {
                HighPerformanceIn = new Dictionary<string, StoragePrice> { ["us-ks-2"] = new StoragePrice(1) },
            }
        },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void What_makes_no_sense_is_stopped_in_words(string words, RunPodOptions options) =>
        Should.Throw<ArgumentException>(() => Open(options, "key")).Message.ShouldContain(words);

    [Theory]
    [InlineData("https://api.runpod.io")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080/below/")]
    public void An_address_is_https_or_this_machine(string address) =>
        Open(new RunPodOptions { BaseAddress = new Uri(address) }, "key").Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nline")]
    [InlineData("ümlaut")]
    public void A_key_that_is_none_is_stopped_and_not_told(string key) =>
        Should.Throw<ArgumentException>(() => Open(new RunPodOptions(), key)).Message
            .ShouldStartWith("RunPod's API key is one word");

    private static RunPodProvider Open(RunPodOptions options, string key) =>
        RunPodProvider.Open(options, key, Canned.Installation, TimeProvider.System, NullLogger.Instance);
}
