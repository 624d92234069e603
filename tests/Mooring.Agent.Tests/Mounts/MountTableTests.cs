using Mooring.Agent.Mounts;

namespace Mooring.Agent.Tests.Mounts;

public sealed class MountTableTests
{
    private static readonly string[] Lines =
    [
        "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue",
        @"40 35 7:3 / /mnt/with\040space\134 rw,nosuid - ext4 /dev/loop3 rw",
        "41 35 7:4 / /mnt2 ro shared:2 master:3 propagate_from:4 - ext4 /dev/loop4 rw",
    ];

    [Fact]
    public void Reads_devices_paths_and_types_however_many_optional_fields_there_are()
    {
        var table = MountTable.Parse(Lines);

        table.At("/mnt/with space\\").ShouldBe(new(new(7, 3), "/mnt/with space\\", "rw,nosuid", "ext4"));
        table.Below("/mnt").Select(m => m.Device.ToString()).ShouldBe(["7:3"]);
    }

    [Fact]
    public void Last_mount_at_a_path_is_what_one_sees() =>
        MountTable.Parse(Lines).At("/mnt2")!.Device.ShouldBe(new DeviceNumber(7, 4));

    [Fact]
    public void Reads_this_machines_own_table() =>
        MountTable.Read().At("/proc")!.FileSystem.ShouldBe("proc");
}
