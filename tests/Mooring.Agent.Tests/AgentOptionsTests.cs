using System.Net;

namespace Mooring.Agent.Tests;

public sealed class AgentOptionsTests
{
    private static readonly AgentOptions Good = new()
    {
        DataDirectory = "/var/lib/mooring",
        InstallationId = "a1b2c3d4",
        ServerPort = 7070,
    };

    public static TheoryData<string, AgentOptions> Bad => new()
    {
        { nameof(AgentOptions.InstallationId), Good with { InstallationId = "A1B2C3D4" } },
        { nameof(AgentOptions.InstallationId), Good with { InstallationId = "a1b2c3d4\n" } },
        { nameof(AgentOptions.DataDirectory), Good with { DataDirectory = "data" } },
        { nameof(AgentOptions.DataDirectory), Good with { DataDirectory = "/data:rw" } },
        { nameof(AgentOptions.DataDirectory), Good with { DataDirectory = "/data\"" } },
        { nameof(AgentOptions.RunDirectory), Good with { RunDirectory = "/" + new string('r', 100) } },
        { nameof(AgentOptions.EngineUri), Good with { EngineUri = new Uri("tcp://127.0.0.1:2375") } },
        { nameof(AgentOptions.ServerPort), Good with { ServerPort = 0 } },
        { nameof(AgentOptions.SshAddress), Good with { SshAddress = IPAddress.IPv6Loopback } },
        { nameof(AgentOptions.MemoryReserveBytes), Good with { MemoryReserveBytes = -1 } },
        { nameof(AgentOptions.CpuOvercommit), Good with { CpuOvercommit = 0 } },
        { nameof(AgentOptions.CpuOvercommit), Good with { CpuOvercommit = double.NaN } },
        { nameof(AgentOptions.PidsLimit), Good with { PidsLimit = 1 } },
        { nameof(AgentOptions.PodSubnets), Good with { PodSubnets = "10.0.0.0/24" } },
        { nameof(AgentOptions.CheckPatience), Good with { CheckPatience = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Says_which_value_can_not_be_used(string name, AgentOptions options) =>
        Should.Throw<ArgumentException>(options.Validate).ParamName.ShouldBe(name);

    [Fact]
    public void Has_defaults_that_can_be_used()
    {
        Good.Validate().ShouldBe(Good);
        Good.RunDirectory.ShouldBe("/run/mooring/a1b2c3d4");
        Good.ImageArchiveDirectory.ShouldBe("/var/lib/mooring/images");
        Good.SshHost.ShouldBe("127.0.0.1");
        (Good with { SshAddress = IPAddress.Any }).SshHost.ShouldBe(Environment.MachineName);
        (Good with { InstallationId = "zzzzzzzz" }).PodSubnets.ShouldMatch(@"^10\.1\d\d\.0\.0/16$");
    }
}
