namespace Mooring.Providers.Local.Tests;

public sealed class LocalOptionsTests
{
    private static readonly LocalOptions Good =
        new() { InstallationId = "k3p9x2mq", Directory = "/var/lib/mooring/disks" };

    [Fact]
    public void Default_to_what_the_documentation_says()
    {
        Good.ProviderType.ShouldBe("local");
        Good.DataCenter.ShouldBe(Environment.MachineName);
        (Good.Country, Good.Region).ShouldBe(("US", "united_states"));
        Good.PricePerGiBHour.Usd.ShouldBe(0.00015m);
        Good.Capacity.ShouldBeNull();
        Good.Reserve.ShouldBeNull();
        new LocalDisks(Good).SettlingTime.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("")]
    [InlineData("k3p9x2m")]
    [InlineData("k3p9x2m/")]
    [InlineData("k3p9x2mqq")]
    public void Refuse_an_installation_id_that_makes_no_name(string id) =>
        Should.Throw<ArgumentException>(() => new LocalDisks(Good with { InstallationId = id }));

    [Fact]
    public void Refuse_a_relative_directory() =>
        Should.Throw<ArgumentException>(() => new LocalDisks(Good with { Directory = "disks" }));

    [Fact]
    public void Refuse_negative_amounts()
    {
        Should.Throw<ArgumentException>(() => new LocalDisks(Good with { Capacity = new ByteSize(-1) }));
        Should.Throw<ArgumentException>(() => new LocalDisks(Good with { Reserve = new ByteSize(-1) }));
        Should.Throw<ArgumentException>(() => new LocalDisks(Good with { PricePerGiBHour = new Money(-1) }));
    }
}
