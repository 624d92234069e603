using System.Text.Json.Nodes;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>What a machine is told: texts of users are data, whatever they are.</summary>
public class UserDataTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB kim's \"key\"";

    [Fact]
    public void Users_log_in_as_root_with_their_keys()
    {
        var config = Read(House.Machine(1) with { AuthorizedKeys = [Key] });
        config["disable_root"]!.GetValue<bool>().ShouldBeFalse();
        config["ssh_pwauth"]!.GetValue<bool>().ShouldBeFalse();
        config["users"]![1]!["name"]!.GetValue<string>().ShouldBe("root");
        config["users"]![1]!["ssh_authorized_keys"]!.AsArray().Select(key => key!.GetValue<string>()).ShouldBe([Key]);
        config["hostname"]!.GetValue<string>().ShouldBe("trainer");
        config["write_files"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public void A_host_name_that_is_none_is_left_out() =>
        Read(House.Machine(1) with { ShownName = "my trainer\nruncmd: [reboot]" })["hostname"].ShouldBeNull();

    [Fact]
    public void A_disk_brings_the_script_and_its_path_beside_it()
    {
        var machine = House.Machine(1, House.Disk(2));
        var files = Read(machine)["write_files"]!.AsArray();
        ContentOf(files, UserData.MountPathFile).ShouldBe("/workspace\n");
        ContentOf(files, UserData.MountScriptPath).ShouldBe(UserData.MountScript);
        UserData.MountScript.ShouldNotContain("/workspace");
    }

    [Fact]
    public void Variables_are_quoted()
    {
        var machine = House.Machine(1) with
        {
            Environment = new Dictionary<string, string> { ["B"] = "it's $(reboot) `x` \"y\"", ["A"] = "" },
        };
        ContentOf(Read(machine)["write_files"]!.AsArray(), "/etc/profile.d/mooring.sh")
            .ShouldBe("export A=''\nexport B='it'\\''s $(reboot) `x` \"y\"'\n");
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/")]
    [InlineData("/a/../etc")]
    [InlineData("/a\nb")]
    [InlineData("")]
    public void A_mount_path_that_is_none_is_refused(string path)
    {
        var machine = House.Machine(1, House.Disk(2));
        Should.Throw<RefusedException>(() => UserData.Check(machine with
        {
            Attachments = [machine.Attachments[0] with { MountPath = path }],
        }));
    }

    [Theory]
    [InlineData("A B", "x")]
    [InlineData("1A", "x")]
    [InlineData("A;reboot", "x")]
    [InlineData("A", "x\ny")]
    public void A_variable_that_cannot_be_told_is_refused(string name, string value) =>
        Should.Throw<RefusedException>(() => UserData.Check(House.Machine(1) with
        {
            Environment = new Dictionary<string, string> { [name] = value },
        }));

    [Fact]
    public void A_key_of_two_lines_is_refused() => Should.Throw<RefusedException>(
        () => UserData.Check(House.Machine(1) with { AuthorizedKeys = [Key + "\n" + Key] }));

    [Fact]
    public void A_key_that_nobody_has_is_of_opensshs_form()
    {
        var parts = ThrownAwayKey.Value.Split(' ');
        parts[0].ShouldBe("ssh-rsa");
        // Length and name of the type, as RFC 4253 writes them.
        Convert.FromBase64String(parts[1])[..11].ShouldBe([0, 0, 0, 7, .. "ssh-rsa"u8]);
        UserData.IsKey(ThrownAwayKey.Value).ShouldBeTrue();
    }

    [Fact]
    public void A_machine_is_asked_for_with_ssh_on_its_own_port()
    {
        var machine = NewMachines.For(House.Machine(1, House.Disk(2)), "mooring-k3p9x2mq", new HyperstackOptions());
        (machine.Count, machine.AssignFloatingIp, machine.EnablePortRandomization).ShouldBe((1, true, false));
        machine.SecurityRules.ShouldBe([new SecurityRule("ingress", "IPv4", "tcp", "0.0.0.0/0", 22, 22)]);
        machine.Labels.ShouldBe(["mooring", "mooring-disks-1"]);
        machine.ImageName.ShouldBe("Ubuntu Server 22.04 LTS R550 CUDA 12.4");
    }

    private static JsonObject Read(InstanceSpec spec)
    {
        var text = UserData.For(spec);
        text.ShouldStartWith("#cloud-config\n");
        return JsonNode.Parse(text["#cloud-config\n".Length..])!.AsObject();
    }

    private static string ContentOf(JsonArray files, string path) =>
        files.Single(file => file!["path"]!.GetValue<string>() == path)!["content"]!.GetValue<string>();
}
