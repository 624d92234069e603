namespace Mooring.Providers.Simulated.Tests;

public class ScriptTests
{
    private const string Good = """{ "provider": "hyperstack", "disks": [{ "dataCenter": "US-1" }] """;

    [Fact]
    public void What_a_script_leaves_out_has_the_guides_defaults()
    {
        var read = Simulation.Parse(
            """{ "provider": "hyperstack", "disks": [{}], "instances": [{ "cloudId": "x" }] }""");
        read.Account.ShouldBe("simulated");
        read.SettlingTime.ShouldBe(TimeSpan.FromSeconds(5));
        read.PageSize.ShouldBe(100);
        read.Delays.ShouldBe(Delays.None);
        read.Faults.ShouldBeEmpty();
        var disk = read.Disks.ShouldHaveSingleItem().Offer;
        (disk.MinSizeGiB, disk.MaxSizeGiB, disk.StepGiB, disk.IsMultinode).ShouldBe((0, 100_000, 1, false));
        disk.PricePerGiBHour.ShouldBe(Money.FromUsd(0.00015m));
        disk.Place.ShouldBe(new Place(null, null, null));
        var instance = read.Instances.ShouldHaveSingleItem().Offer;
        (instance.GpuType, instance.GpuCount, instance.Vcpus, instance.MemoryGiB).ShouldBe(("CPU_NODE", 1, 8, 32));
        instance.Images.ShouldBe(["ubuntu_22_cuda_12"]);
        instance.PricePerHour.ShouldBe(Money.FromUsd(1));
    }

    [Theory]
    [InlineData("""{ }""", "$.provider is required.")]
    [InlineData("""[]""", "$ must be an object.")]
    [InlineData("""{ "provider": "Hyper Stack" }""", "$.provider must be 1 to 64 lower-case letters")]
    [InlineData("""{ "provider": "a", "account": "../b" }""", "$.account must be 1 to 64 lower-case letters")]
    [InlineData(
        """{ "provider": "a", "seeed": 1 }""",
        "$.seeed is not known here. Known are: $schema, account, delays")]
    [InlineData("""{ "provider": "a", "disks": {} }""", "$.disks must be a list.")]
    [InlineData("""{ "provider": "a", "disks": [{ "colour": 1 }] }""", "$.disks[0].colour is not known here.")]
    [InlineData("""{ "provider": "a", "disks": [{}, {}] }""", "$.disks has one entry twice")]
    [InlineData("""{ "provider": "a", "disks": [{ "minGb": 9, "maxGb": 8 }] }""", "$.disks[0].minGb must be no more")]
    [InlineData(
        """{ "provider": "a", "disks": [{ "minGb": 1.5 }] }""",
        "$.disks[0].minGb must be a whole number from 0")]
    [InlineData("""{ "provider": "a", "disks": [{ "region": "moon" }] }""", "$.disks[0].region must be one of africa,")]
    [InlineData(
        """{ "provider": "a", "disks": [{ "stock": "Some" }] }""",
        "$.disks[0].stock must be one of Available,")]
    [InlineData(
        """{ "provider": "a", "disks": [{ "pricePerGbHour": 1e-13 }] }""",
        "$.disks[0].pricePerGbHour can't be")]
    [InlineData("""{ "provider": "a", "instances": [{}] }""", "$.instances[0].cloudId is required.")]
    [InlineData("""{ "provider": "a", "delays": { "diskSeconds": 1 } }""", "$.delays.diskSeconds is not known here.")]
    [InlineData("""{ "provider": "a", "settlingSeconds": 901 }""", "$.settlingSeconds must be a number from 0 to 900.")]
    [InlineData("""{ "provider": "a", "provider": "b" }""", "is no JSON:")]
    [InlineData("""{ "provider": "a" """, "is no JSON:")]
    public void A_script_that_says_what_none_can_is_refused_with_words(string json, string words) =>
        Should.Throw<ScriptException>(() => Simulation.Parse(json, "x.json")).Message
            .ShouldStartWith((words.StartsWith('$') ? "x.json: " : "x.json ") + words);

    [Theory]
    [InlineData("""{ }""", ".fault is required.")]
    [InlineData("""{ "fault": "explode", "on": ["*"] }""", ".fault must be one of slow, slowReply, refused,")]
    [InlineData("""{ "fault": "slow", "on": ["disk.create"] }""", ".seconds is required.")]
    [InlineData("""{ "fault": "slow", "seconds": 1 }""", ".on is required.")]
    [InlineData("""{ "fault": "slow", "on": [], "seconds": 1 }""", ".on must name one verb at least.")]
    [InlineData(
        """{ "fault": "slow", "on": ["disk.list"], "seconds": 1 }""",
        ".on has 'disk.list', which this fault can't")]
    [InlineData(
        """{ "fault": "slow", "on": ["disk.make"], "seconds": 1 }""",
        ".on has 'disk.make', which this fault can't")]
    [InlineData(
        """{ "fault": "fails", "on": ["instance.*"] }""",
        ".on has 'instance.*', which this fault can't befall.")]
    [InlineData(
        """{ "fault": "lostReply", "on": ["*"], "seconds": 1 }""",
        ".seconds is not known here. Known are: calls,")]
    [InlineData(
        """{ "fault": "late", "on": ["*"], "seconds": 6 }""",
        ".seconds must be no more than 'settlingSeconds', 5.")]
    [InlineData(
        """{ "fault": "slow", "on": ["*"], "seconds": { "least": 2, "most": 1 } }""",
        ".seconds must have a 'least' that is no more than its 'most'.")]
    [InlineData(
        """{ "fault": "slow", "on": ["*"], "seconds": { "least": 2, "mots": 3 } }""", ".seconds.most is required.")]
    [InlineData("""{ "fault": "refused", "on": ["*"], "calls": [0] }""", ".calls must be a list of whole numbers")]
    [InlineData(
        """{ "fault": "refused", "on": ["*"], "probability": 2 }""",
        ".probability must be a number from 0 to 1.")]
    [InlineData("""{ "fault": "refused", "on": ["*"], "times": 0 }""", ".times must be a whole number from 1")]
    [InlineData(
        """{ "fault": "refused", "on": ["*"], "fromSeconds": 5, "untilSeconds": 5 }""",
        ".untilSeconds must be more than")]
    [InlineData("""{ "fault": "wrongStatus", "on": ["disk.look"] }""", ".status is required.")]
    [InlineData(
        """{ "fault": "wrongStatus", "on": ["disk.look"], "status": "Ended" }""",
        ".status must be one of Absent, Creating,")]
    [InlineData(
        """{ "fault": "wrongStatus", "on": ["*"], "status": "Ready" }""",
        ".on must be of disks or of instances")]
    [InlineData("""{ "fault": "price", "on": ["disk.offers"] }""", ".factor is required.")]
    public void A_fault_that_can_t_be_is_refused_with_words(string fault, string words) =>
        Should.Throw<ScriptException>(() => Simulation.Parse($"{Good}, \"faults\": [{fault}] }}", "x.json")).Message
            .ShouldStartWith("x.json: $.faults[0]" + words);

    [Fact]
    public void One_fault_twice_is_refused()
    {
        const string One = """{ "fault": "refused", "on": ["*"] }""";
        Should.Throw<ScriptException>(() => Simulation.Parse($"{Good}, \"faults\": [{One}, {One}] }}")).Message
            .ShouldContain("$.faults has one entry twice");
    }

    [Fact]
    public void A_pattern_means_the_verbs_that_the_fault_can_befall()
    {
        var read = Simulation.Parse($$"""
            {{Good}}, "faults": [
              { "fault": "unreachable", "on": ["*"] },
              { "fault": "lostReply", "on": ["disk.*"] },
              { "fault": "disappears", "on": ["instance.*", "disk.look"] }] }
            """);
        read.Faults[0].On.ShouldBe(Verbs.All, ignoreOrder: true);
        read.Faults[1].On.ShouldBe([Verb.DiskCreate, Verb.DiskDelete], ignoreOrder: true);
        read.Faults[2].On.ShouldBe([Verb.InstanceLook, Verb.InstanceList, Verb.DiskLook], ignoreOrder: true);
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_to_be_so() =>
        Should.Throw<ScriptException>(() => Simulation.Load("/nowhere/x.json")).Message
            .ShouldStartWith("/nowhere/x.json can't be read:");
}
