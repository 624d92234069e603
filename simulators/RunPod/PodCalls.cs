using System.Text.Json.Nodes;

namespace Mooring.Simulators.RunPod;

/// <summary>What can be done with pods.</summary>
internal static class PodCalls
{
    private const string NoStock =
        "There are no longer any instances available with the requested specifications. Please refresh and try again.";

    public static Answer List(Call call)
    {
        var there = call.Place.Pods.Where(pod => pod.IsThereAt(call.Now)).ToList();
        if (call.Meets(FaultKind.Disappears) && there is [var oldest, ..])
        {
            oldest.Delete(call.Now, TimeSpan.Zero);
            there.Remove(oldest);
        }

        return new Answer(200, new JsonObject
        {
            ["pods"] = new JsonArray(
            [
                .. there.Where(pod => call.Place.IsListed(pod.CreatedAt, call.Now)).Select(pod => Show(call, pod)),
            ]),
        });
    }

    public static Answer Get(Call call) =>
        call.Place.Pod(call.Id, call.Now) is { } pod ? new Answer(200, Show(call, pod)) : NotFound();

    public static Answer Create(Call call)
    {
        var (body, unreadable) = Body.Read(call);
        if (body is null)
        {
            return unreadable!;
        }

        var (order, refusal) = PodOrders.Read(call, body);
        if (order is null)
        {
            return refusal!;
        }

        if (call.Meets(FaultKind.OutOfStock)
            || order.Gpu.Stock.GetValueOrDefault(order.DataCenter, "NONE") == "NONE")
        {
            return Answer.Problem(400, call.Fault?.Words ?? NoStock);
        }

        var pod = call.Place.AddPod(order, call.Now);
        if (call.Meets(FaultKind.Slow))
        {
            pod.Delay(call.FaultTime());
        }

        pod.EndsAt = call.Meets(FaultKind.Ends) ? call.Now + call.FaultTime() : null;
        pod.FailsAt = call.Meets(FaultKind.Fails) ? call.Now + call.FaultTime() : null;
        return new Answer(201, Show(call, pod));
    }

    public static Answer Update(Call call)
    {
        if (call.Place.Pod(call.Id, call.Now) is not { } pod)
        {
            return NotFound();
        }

        var (body, unreadable) = Body.Read(call);
        if (body is null)
        {
            return unreadable!;
        }

        body.Expect([], ["name", "mounts"]);
        var name = body.Text("name");
        var mounts = body.Object("mounts")?.Expect([], ["network"]).Objects("network", 1);
        var mount = (mounts is [var only, ..] ? only : null)?.Expect(["volumeId", "path"], []);
        var (volumeId, path) = (mount?.Text("volumeId"), mount?.Text("path"));
        if (body.Refusal() is { } refusal)
        {
            return refusal;
        }

        if (mounts is not null && (mount is null || volumeId != pod.Order.VolumeId))
        {
            return Answer.Problem(400, "Only the path of a network volume can be changed after a pod was created.");
        }

        pod.Name = name ?? pod.Name;
        pod.Path = path ?? pod.Path;
        return new Answer(200, Show(call, pod));
    }

    public static Answer Act(Call call)
    {
        if (call.Place.Pod(call.Id, call.Now) is not { } pod)
        {
            return NotFound();
        }

        var (body, unreadable) = Body.Read(call);
        if (body is null)
        {
            return unreadable!;
        }

        body.Expect(["action"], []);
        var action = body.Text("action", "start", "stop", "restart", "terminate");
        if (body.Refusal() is { } refusal)
        {
            return refusal;
        }

        if (!pod.ActionsAt(call.Now).Contains(action))
        {
            return Answer.Problem(409, $"A pod that is {pod.StatusAt(call.Now)} can't {action}.");
        }

        switch (action)
        {
            case "terminate":
                return Delete(call);
            case "stop":
                pod.Stop(call.Now);
                break;
            default:
                pod.Start(call.Now);
                break;
        }

        return new Answer(200, Show(call, pod));
    }

    public static Answer Delete(Call call)
    {
        if (call.Place.Pod(call.Id, call.Now) is not { } pod)
        {
            return NotFound();
        }

        if (pod.DeletedAt is not null)
        {
            return new Answer(204, null);
        }

        var lingers = call.Place.Options.Assumptions.DeletedPodsLinger;
        pod.Delete(call.Now, lingers + (call.Meets(FaultKind.Slow) ? call.FaultTime() : TimeSpan.Zero));
        if (call.Meets(FaultKind.StuckDetach) && call.Place.Volume(pod.Order.VolumeId, call.Now) is { } volume)
        {
            volume.StuckUntil = call.Now + call.FaultTime();
        }

        return new Answer(204, null);
    }

    private static JsonObject Show(Call call, SimulatedPod pod)
    {
        var order = pod.Order;
        var status = call.Meets(FaultKind.WrongStatus) ? call.Fault!.Status : pod.StatusAt(call.Now);
        var isRunning = status == "RUNNING";
        var hasSsh = isRunning && order.Ports.Contains("22/tcp");
        return new JsonObject
        {
            ["id"] = pod.Id,
            ["name"] = pod.Name,
            ["status"] = status,
            ["actions"] = Texts(pod.ActionsAt(call.Now)),
            ["image"] = order.Image,
            ["args"] = "",
            ["disk"] = order.DiskGb,
            ["ports"] = Texts(order.Ports),
            ["env"] = new JsonObject(order.EnvironmentNames.Select(name => KeyValuePair.Create(name, (JsonNode?)"…"))),
            ["registry"] = null,
            ["mounts"] = order.VolumeId is null
                ? new JsonObject()
                : new JsonObject
                {
                    ["network"] = new JsonArray(new JsonObject { ["volumeId"] = order.VolumeId, ["path"] = pod.Path }),
                },
            ["gpu"] = new JsonObject { ["id"] = order.Gpu.Id, ["count"] = order.GpuCount },
            ["cloud"] = "SECURE",
            ["dataCenterId"] = status == "PROVISIONING" ? null : order.DataCenter,
            ["cudaVersion"] = isRunning ? "12.8" : null,
            ["ssh"] = new JsonObject { ["proxy"] = null, ["direct"] = hasSsh ? Ssh(pod) : null },
            ["template"] = null,
            ["cost"] = order.Gpu.UsdPerHour * order.GpuCount,
            ["locked"] = false,
            ["globalNetworking"] = new JsonObject { ["enabled"] = false },
            ["runtime"] = hasSsh ? new JsonObject { ["ports"] = new JsonArray(Port(pod)) } : null,
            ["createdAt"] = VolumeCalls.Time(pod.CreatedAt),
            ["startedAt"] = pod.StartedAt is { } at && at <= call.Now ? VolumeCalls.Time(at) : null,
        };
    }

    // An address that documentation may use (RFC 5737): nothing answers there.
    private static JsonObject Ssh(SimulatedPod pod) => new()
    {
        ["host"] = "192.0.2.1",
        ["port"] = pod.SshPort,
        ["username"] = "root",
        ["command"] = $"ssh root@192.0.2.1 -p {pod.SshPort}",
    };

    private static JsonObject Port(SimulatedPod pod) =>
        new() { ["private"] = 22, ["public"] = pod.SshPort, ["type"] = "tcp", ["ip"] = "192.0.2.1" };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static Answer NotFound() => Answer.Problem(404, "There is no such pod.");
}
