using System.Text.Json.Nodes;

namespace Mooring.Simulators.Hyperstack;

/// <summary>Volumes.</summary>
internal static class VolumeRoutes
{
    private const int NameMax = 50;
    private const long SizeMax = 102_400;

    public static Reply List(Call call)
    {
        var environment = call.Query["environment"].ToString();
        return call.Paged(
            "volumes",
            call.Account.VolumesShownAt(call.Now).FindAll(volume =>
                call.Searches(volume.Id, volume.Name)
                && (environment.Length == 0 || volume.Home.Name == environment)),
            volume => Shown.Of(call, volume),
            volume => call.Account.Vanish(volume, call.Now));
    }

    public static Reply Create(Call call)
    {
        var (name, environment, type) =
            (call.Text("name"), call.Text("environment_name"), call.Text("volume_type"));
        if (name is not { Length: > 0 and <= NameMax })
        {
            return Reply.Refuse("The name must have 1 to 50 characters.");
        }

        if (call.Number("size") is not (>= 1 and <= SizeMax and var size))
        {
            return Reply.Refuse("The size must be 1 to 102400 GB.");
        }

        if (type is null || !Catalog.VolumeTypes.Contains(type))
        {
            return Reply.Refuse($"Volume type {type} is not valid.");
        }

        if (call.Account.HomeNamed(environment) is not { } home)
        {
            return call.Missing($"Environment {environment} was not found.");
        }

        if (IsTaken(call, name, home))
        {
            return Reply.Taken(name);
        }

        var made = Make(call, name, home, type, size);
        if (call.Meets(FaultKind.Duplicate))
        {
            Make(call, name, home, type, size);
        }

        return Reply.Ok("Volume created successfully", ("volume", Shown.Of(call, made)));
    }

    public static Reply Get(Call call) => call.Account.Volume(call.Id(), call.Now) is { } volume
        ? Reply.Ok("Success", ("volume", Shown.Of(call, volume)))
        : call.Missing("The volume was not found.");

    public static Reply Move(Call call)
    {
        if (call.Account.Volume(call.Id(), call.Now) is not { } volume)
        {
            return call.Missing("The volume was not found.");
        }

        if (call.Account.HomeNamed(call.Text("environment_name")) is not { } home)
        {
            return call.Missing("The environment was not found.");
        }

        if (home.Region != volume.Home.Region || call.Account.StatusOf(volume, call.Now) != "available")
        {
            return Reply.Refuse("Only an unattached volume moves, and within its region.");
        }

        volume.Home = home;
        return Reply.Ok(
            "Volume updated successfully",
            ("volume", Shown.Of(call, volume)),
            ("updates", new JsonObject { ["environment_name"] = home.Name }));
    }

    public static Reply Delete(Call call)
    {
        if (call.Account.Volume(call.Id(), call.Now) is not { } volume)
        {
            return call.Missing("The volume was not found.");
        }

        if (call.Account.Holds.Find(hold => hold.Volume == volume && hold.IsInForceAt(call.Now)) is { } hold)
        {
            return Reply.Refuse(
                $"Volume is attached to VM \"{hold.Machine.Name}\" and must be detached before it is deleted.");
        }

        if (volume.StatusAt(call.Now) == "deleting")
        {
            return Reply.Refuse("The volume is being deleted.");
        }

        volume.Become("deleting", Thing.Gone, call.After(call.Delays.VolumeDelete));
        volume.EndAt(call.Now);
        return Reply.Ok("Volume deleted successfully");
    }

    public static Reply IsNameFree(Call call)
    {
        var name = call.Path["name"];
        var isFree = !call.Account.Volumes.Exists(volume => volume.Name == name && volume.IsThereAt(call.Now));
        return new Reply(200, new JsonObject
        {
            ["name"] = name,
            ["available"] = isFree,
            ["message"] = isFree ? "The name is available." : "The name is taken.",
        });
    }

    private static bool IsTaken(Call call, string name, Home home) => call.Account.Volumes.Exists(volume =>
        volume.Name == name && volume.IsThereAt(call.Now)
        && (!call.Assumptions.NamesPerEnvironment || volume.Home == home));

    private static Volume Make(Call call, string name, Home home, string type, long size)
    {
        var volume = new Volume
        {
            Id = call.Account.NextId(),
            Name = name,
            Home = home,
            Type = type,
            Size = size,
            Description = call.Text("description"),
            CreatedAt = call.Now,
            PricePerHour = Catalog.PriceOf(type),
        };
        volume.Become("creating", "available", call.After(call.Delays.VolumeCreate));
        call.Account.Volumes.Add(volume);
        return volume;
    }
}
