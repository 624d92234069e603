using System.Globalization;
using System.Text.Json.Nodes;

namespace Mooring.Simulators.Hyperstack;

/// <summary>Virtual machines.</summary>
internal static class MachineRoutes
{
    private const int NameMax = 50;

    // Oldest first.
    public static Reply List(Call call) => call.Paged(
        "instances",
        call.Account.Machines.FindAll(machine =>
            machine.IsThereAt(call.Now) && call.Searches(machine.Id, machine.Name) && IsInEnvironment(call, machine)),
        machine => Shown.Of(call, machine),
        machine => call.Account.Vanish(machine, call.Now));

    public static Reply Create(Call call)
    {
        var name = call.Text("name");
        if (name is not { Length: > 0 and <= NameMax } || call.Number("count") is not 1)
        {
            return Reply.Refuse("A machine has a name of 1 to 50 characters, and here a count of 1.");
        }

        if (call.Account.HomeNamed(call.Text("environment_name")) is not { } home)
        {
            return call.Missing($"Environment {call.Text("environment_name")} was not found.");
        }

        var flavor = Catalog.Flavors.FirstOrDefault(
            one => one.Name == call.Text("flavor_name") && one.Region == home.Region);
        if (flavor is null || !Catalog.Images.Contains(call.Text("image_name") ?? "")
            || !call.Account.KeyPairs.Contains((home.Name, call.Text("key_name") ?? "")))
        {
            return Reply.Refuse("The flavor, the image or the key pair is not in the environment's region.");
        }

        if (call.Account.Machines.Exists(machine => machine.Name == name && machine.IsThereAt(call.Now)))
        {
            return Reply.Taken(name);
        }

        var made = Make(call, name, home, flavor);
        if (call.Meets(FaultKind.Duplicate))
        {
            Make(call, name, home, flavor);
        }

        return Reply.Ok("VM(s) created", ("instances", new JsonArray(Shown.Of(call, made))));
    }

    public static Reply Get(Call call) => call.Account.Machine(call.Id(), call.Now) is { } machine
        ? Reply.Ok("Success", ("instance", Shown.Of(call, machine)))
        : call.Missing("The virtual machine was not found.");

    public static Reply Delete(Call call) => With(call, machine =>
    {
        var holds = call.Account.Holds.FindAll(hold => hold.Machine == machine && hold.IsInForceAt(call.Now));
        if (machine.StatusAt(call.Now) == "DELETING")
        {
            return Reply.Error(409, "The virtual machine is being deleted.");
        }

        if (call.Assumptions.ProtectionHoldsTheMachine && holds.Exists(hold => hold.IsProtected))
        {
            return Reply.Refuse("A protected volume is attached to the virtual machine.");
        }

        var gone = call.After(call.Delays.MachineDelete);
        machine.Become("DELETING", Thing.Gone, gone);
        machine.EndAt(call.Now);
        machine.BillUntil(call.Now);
        foreach (var hold in holds)
        {
            hold.DetachesAt ??= call.Now;
            hold.EndsAt ??= gone + (call.Meets(FaultKind.StuckDetach) ? call.FaultTime : TimeSpan.Zero);
        }

        return Reply.Ok("Virtual machine deleted successfully");
    });

    public static Reply Start(Call call) => Change(call, ["SHUTOFF"], "STARTING", "ACTIVE");

    public static Reply Stop(Call call) => Change(call, ["ACTIVE", "ERROR"], "STOPPING", "SHUTOFF");

    public static Reply Reboot(Call call) => Change(call, ["ACTIVE", "SHUTOFF", "ERROR"], "REBOOTING", "ACTIVE");

    public static Reply Hibernate(Call call)
    {
        var reply = Change(call, ["ACTIVE"], "HIBERNATING", "HIBERNATED");
        if (reply.Status == 200)
        {
            call.Account.Machine(call.Id(), call.Now)!.BillUntil(call.Now);
        }

        return reply;
    }

    public static Reply Restore(Call call)
    {
        var reply = Change(call, ["HIBERNATED"], "RESTORING", "ACTIVE");
        if (reply.Status == 200)
        {
            call.Account.Machine(call.Id(), call.Now)!.BillFrom(call.After(call.Delays.MachineChange));
        }

        return reply;
    }

    private static Reply Change(Call call, string[] from, string meanwhile, string to) => With(call, machine =>
    {
        if (!from.Contains(machine.StatusAt(call.Now)))
        {
            return Reply.Refuse($"The virtual machine is {machine.StatusAt(call.Now)}.");
        }

        machine.Become(meanwhile, to, call.After(call.Delays.MachineChange));
        return Reply.Ok("Success");
    });

    private static Reply With(Call call, Func<Machine, Reply> act) =>
        call.Account.Machine(call.Id(), call.Now) is { } machine
            ? act(machine)
            : call.Missing("The virtual machine was not found.");

    private static Machine Make(Call call, string name, Home home, Flavor flavor)
    {
        var id = call.Account.NextId();
        var machine = new Machine
        {
            Id = id,
            Name = name,
            Home = home,
            Flavor = flavor,
            Image = call.Text("image_name")!,
            KeyPair = call.Text("key_name")!,
            FloatingIp = call.Flag("assign_floating_ip") == true
                ? string.Create(CultureInfo.InvariantCulture, $"203.0.113.{id % 250 + 1}")
                : null,
            UserData = call.Text("user_data") ?? "",
            Labels = call.Texts("labels"),
            CreatedAt = call.Now,
            PricePerHour = Catalog.PriceOf(flavor),
        };
        var ready = call.After(call.Delays.MachineCreate);
        machine.Become("CREATING", call.Meets(FaultKind.EndsInError) ? "ERROR" : "ACTIVE", ready);
        if (!call.Meets(FaultKind.EndsInError))
        {
            machine.BillFrom(ready);
        }

        call.Account.Machines.Add(machine);
        return machine;
    }

    // The filter is partial unless it is said to be exact.
    private static bool IsInEnvironment(Call call, Machine machine)
    {
        var environment = call.Query["environment"].ToString();
        return environment.Length == 0
            || (call.Query["exact_environment_match"] == "true"
                ? machine.Home.Name == environment
                : machine.Home.Name.Contains(environment, StringComparison.Ordinal));
    }
}
