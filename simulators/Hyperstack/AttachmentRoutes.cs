using System.Text.Json.Nodes;

namespace Mooring.Simulators.Hyperstack;

/// <summary>Volumes at machines: one machine at a time has a volume.</summary>
internal static class AttachmentRoutes
{
    public static Reply Attach(Call call)
    {
        if (call.Account.Machine(call.Id(), call.Now) is not { } machine)
        {
            return call.Missing("The virtual machine was not found.");
        }

        if (machine.StatusAt(call.Now) is not ("ACTIVE" or "SHUTOFF"))
        {
            return Reply.Refuse($"The virtual machine is {machine.StatusAt(call.Now)}.");
        }

        List<Volume> volumes = [];
        foreach (var id in call.Numbers("volume_ids"))
        {
            if (call.Account.Volume(id, call.Now) is not { } volume)
            {
                return call.Missing("The volume was not found.");
            }

            if (call.Account.StatusOf(volume, call.Now) != "available")
            {
                return call.Assumptions.AttachIsRefusedAt200
                    ? new Reply(200, Reply.Refuse("We can process with only available volumes.").Body)
                    : Reply.Refuse("We can process with only available volumes.");
            }

            if (call.Assumptions.AttachNeedsOneEnvironment
                ? volume.Home != machine.Home
                : volume.Home.Region != machine.Home.Region)
            {
                return Reply.Error(403, "The volume is in another environment.", "forbidden");
            }

            volumes.Add(volume);
        }

        var holds = volumes.ConvertAll(volume => new Hold
        {
            Id = call.Account.NextId(),
            Volume = volume,
            Machine = machine,
            Device = DeviceOf(volume),
            CreatedAt = call.Now,
            AttachedAt = call.After(call.Delays.Attach),
            IsProtected = call.Flag("protected") == true,
        });
        call.Account.Holds.AddRange(holds);
        return Told(call, "Volumes are being attached", holds);
    }

    public static Reply Detach(Call call)
    {
        if (call.Account.Machine(call.Id(), call.Now) is not { } machine)
        {
            return call.Missing("The virtual machine was not found.");
        }

        if (machine.StatusAt(call.Now) is not ("ACTIVE" or "SHUTOFF"))
        {
            return Reply.Refuse($"The virtual machine is {machine.StatusAt(call.Now)}.");
        }

        var ids = call.Numbers("volume_ids");
        var holds = call.Account.Holds.FindAll(
            hold => hold.Machine == machine && ids.Contains(hold.Volume.Id) && hold.StatusAt(call.Now) == "ATTACHED");
        if (holds.Count != ids.Count || holds.Count == 0)
        {
            return Reply.Refuse("A volume is not attached to the virtual machine.");
        }

        if (holds.Exists(hold => hold.IsProtected))
        {
            return Reply.Refuse("A volume's attachment is protected.");
        }

        foreach (var hold in holds)
        {
            hold.DetachesAt = call.Now;
            hold.EndsAt = call.After(call.Delays.Detach, FaultKind.StuckDetach);
        }

        return Told(call, "Volumes are being detached", holds);
    }

    public static Reply Protect(Call call)
    {
        if (call.Account.Holds.Find(one => one.Id == call.Id() && one.IsInForceAt(call.Now)) is not { } hold)
        {
            return call.Missing("The attachment was not found.");
        }

        if (call.Flag("protected") is not { } value)
        {
            return Reply.Error(422, "protected is true or false.");
        }

        hold.IsProtected = value;
        return Reply.Ok("Attachment updated", ("volume_attachment", Shown.Of(call, hold, isOfMachine: false)));
    }

    private static Reply Told(Call call, string message, List<Hold> holds) => Reply.Ok(
        message,
        ("volume_attachments", new JsonArray([.. holds.Select(hold => Shown.Of(call, hold, isOfMachine: false))])));

    // "virtio-" and the first 20 characters of the volume's id behind the API, a UUID.
    private static string DeviceOf(Volume volume) => $"/dev/disk/by-id/virtio-{volume.Uuid[..20]}";
}
