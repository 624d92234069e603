using Mooring.Server.Tests.Accounts;

namespace Mooring.Server.Tests.Http;

/// <summary>Rules of form, member by member: a 422 that names the member, and nothing is created or changed.</summary>
public sealed class FormTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private TestMooring Mooring => shared.Mooring;

    [Theory]
    [InlineData("cloudId", "null")]
    [InlineData("cloudId", "\"\"")]
    [InlineData("cloudId", "\"cpu-3\"")]
    [InlineData("gpuType", "null")]
    [InlineData("gpuType", "\"H100\"")]
    [InlineData("socket", "null")]
    [InlineData("socket", "\"AGP\"")]
    [InlineData("gpuCount", "null")]
    [InlineData("gpuCount", "0")]
    [InlineData("gpuCount", "1.5")]
    [InlineData("diskSize", "0")]
    [InlineData("diskSize", "101")]
    [InlineData("vcpus", "2")]
    [InlineData("memory", "0")]
    [InlineData("memory", "5")]
    [InlineData("maxPrice", "-1")]
    [InlineData("maxPrice", "\"1\"")]
    [InlineData("image", "\"windows\"")]
    [InlineData("image", "\"axolotl\"")]
    [InlineData("customTemplateId", "\"t\"")]
    [InlineData("security", "\"none\"")]
    [InlineData("prepaidForHr", "5")]
    [InlineData("jupyterPassword", "\"p\"")]
    [InlineData("name", "\"\"")]
    [InlineData("name", "\"a\\nb\"")]
    [InlineData("colour", "\"red\"")]
    [InlineData("envVars", "{}")]
    [InlineData("autoRestart", "\"yes\"")]
    public async Task What_breaks_a_rule_of_form_is_422_at_its_place(string member, string value)
    {
        var before = await Mooring.SnapshotAsync();

        (await Mooring.PostAsync("/pods/", PodRouteTests.Changed(member, value))).ShouldFault("pod." + member);

        (await Mooring.SnapshotAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("""[{"key":"1A","value":"x"}]""", "pod.envVars.0.key")]
    [InlineData("""[{"key":"","value":"x"}]""", "pod.envVars.0.key")]
    [InlineData("""[{"key":"A","value":"x"},{"key":"B-C","value":"x"}]""", "pod.envVars.1.key")]
    [InlineData("""[{"key":"MOORING_DISKS","value":"x"}]""", "pod.envVars.0.key")]
    [InlineData("""[{"key":"A\n","value":"x"}]""", "pod.envVars.0.key")]
    [InlineData("""[{"key":"A","value":"x\ny"}]""", "pod.envVars.0.value")]
    [InlineData("""[{"key":"A","value":"x\u0000y"}]""", "pod.envVars.0.value")]
    [InlineData("""[{"key":"A"}]""", "pod.envVars.0.value")]
    [InlineData("""[null]""", "pod.envVars.0.key", "pod.envVars.0.value")]
    [InlineData("""[{"key":"A","value":"x"},{"key":"A","value":"y"}]""", "pod.envVars")]
    public async Task Environment_variables_keep_to_their_rules(string variables, params string[] where)
    {
        (await Mooring.PostAsync("/pods/", PodRouteTests.Changed("envVars", variables))).ShouldFault(where);
    }

    [Fact]
    public async Task Members_outside_the_pod_are_checked_too()
    {
        var body = TestMooring.PodBody();

        (await Mooring.PostAsync("/pods/", "{}")).ShouldFault("pod", "provider.type");
        (await Mooring.PostAsync("/pods/", body.Replace("\"type\":\"hyperstack\"", "", StringComparison.Ordinal))).ShouldFault("provider.type");
        (await Mooring.PostAsync("/pods/", body.Replace("hyperstack", "nobody", StringComparison.Ordinal))).ShouldFault("pod.cloudId");
        (await Mooring.PostAsync("/pods/", body.Replace("[]", "[],\"sharedWithTeam\":true", StringComparison.Ordinal))).ShouldFault("sharedWithTeam");
        (await Mooring.PostAsync("/pods/", body.Replace("[]", "[],\"shared_with_team\":true", StringComparison.Ordinal))).ShouldFault("sharedWithTeam");
        (await Mooring.PostAsync("/pods/", body.Replace("[]", "[],\"team_member_ids\":[\"u\"]", StringComparison.Ordinal))).ShouldFault("sharedWithTeam");
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":" "}""", "name")]
    [InlineData("""{"name":5}""", "name")]
    [InlineData("""{"name":"a\tb"}""", "name")]
    [InlineData("""{"size":600}""", "size")]
    [InlineData("""{"name":"n","size":600}""", "size")]
    public async Task Nothing_but_the_name_can_change(string body, string where)
    {
        var id = await Mooring.CreateDiskAsync();

        (await Mooring.PatchAsync("/disks/" + id, body)).ShouldFault(where);

        (await Mooring.GetAsync("/disks/" + id)).Object["name"]!.GetValue<string>().ShouldBe("data");
    }

    [Theory]
    [InlineData("")]
    [InlineData("ssh-ed25519")]
    [InlineData("ssh-ed25519 AAAA")]
    [InlineData("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl")]
    [InlineData("ssh-dss AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl")]
    [InlineData("command=\"rm -rf /\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl")]
    [InlineData("ssh-ed25519 not*base64 user@host")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl a\nssh-ed25519 AAAA b")]
    [InlineData("ssh-ed25519\tAAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl")]
    public async Task What_is_no_single_whole_public_key_without_options_is_422(string line)
    {
        var before = await Mooring.SnapshotAsync();

        (await Mooring.PostAsync("/ssh_keys/", SshKeyRouteTests.Body("key", line))).ShouldFault("publicKey");

        (await Mooring.SnapshotAsync()).ShouldBe(before);
    }
}
