using System.Net;
using Mooring.Simulators.RunPod;

namespace Mooring.Providers.RunPod.Tests.Simulator;

public class PodCallTests
{
    private const string Good = "\"name\": \"p\", \"image\": \"i\", \"gpu\": {\"id\": \"NVIDIA L4\", \"count\": 1}";

    [Fact]
    public async Task A_pod_is_provisioned_then_starts_then_runs()
    {
        await using var played = await Played.StartAsync();
        var path = $"/v2/pods/{await played.MakePodAsync()}";
        var (_, first) = await played.CallAsync("GET", path);
        first!["status"]!.GetValue<string>().ShouldBe("PROVISIONING");
        first["ssh"]!["direct"].ShouldBeNull();
        first["env"]!.ToJsonString().ShouldNotContain("hush");
        played.Time.Advance(TimeSpan.FromSeconds(8));
        (await played.CallAsync("GET", path)).Body!["status"]!.GetValue<string>().ShouldBe("STARTING");
        played.Time.Advance(TimeSpan.FromSeconds(12));
        var (_, last) = await played.CallAsync("GET", path);
        last!["status"]!.GetValue<string>().ShouldBe("RUNNING");
        last["ssh"]!["direct"]!["port"]!.GetValue<int>().ShouldBeInRange(20_000, 39_999);
        last["actions"]!.ToJsonString().ShouldBe("""["stop","restart","terminate"]""");
    }

    [Theory]
    [InlineData("\"disk\": 50", 422, "missing property 'name'")]
    [InlineData("\"name\": \"p\", \"image\": \"i\"", 400, "Exactly one of gpu and cpu")]
    [InlineData("\"name\": \"p\", \"image\": \"i\", \"gpu\": {\"id\": \"NVIDIA L4\"}", 422, "missing property 'count'")]
    [InlineData("\"name\": \"p\", \"gpu\": {\"id\": \"NVIDIA L4\", \"count\": 1}", 400, "image is required")]
    [InlineData("\"name\": \"p\", \"image\": \"i\", \"gpu\": {\"id\": \"NVIDIA L4\", \"count\": 5}", 400, "so many")]
    [InlineData("\"name\": \"p\", \"image\": \"i\", \"gpu\": {\"id\": \"Voodoo2\", \"count\": 1}", 400, "no such GPU")]
    [InlineData(Good + ", \"imageName\": \"i\"", 422, "'imageName' not allowed")]
    [InlineData(Good + ", \"dataCenterIds\": [\"US-KS-2\"]", 400, "no longer any instances available")]
    [InlineData(Good + ", \"dataCenterIds\": [\"eu-ro-1\"]", 400, "no data center eu-ro-1")]
    [InlineData(Good + ", \"env\": null", 422, "$.env: got null")]
    [InlineData(Good + ", \"mounts\": {\"network\": [{\"volumeId\": \"a\"}]}", 422, "missing property 'path'")]
    [InlineData(Good + ", \"mounts\": {\"network\": [{\"volumeId\": \"a\", \"path\": \"/w\"}]}", 404, "no network vol")]
    [InlineData(Good + ", \"mounts\": {\"network\": [{}, {}]}", 422, "maxItems: got 2, want 1")]
    public async Task An_order_that_is_not_as_the_schema_says_is_refused(string fields, int status, string words)
    {
        await using var played = await Played.StartAsync();
        using var response = await played.SendAsync("POST", "/v2/pods", $"{{{fields}}}");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(status, text);
        text.ShouldContain(words);
        played.Books.Pods.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pod_goes_only_where_its_volume_is()
    {
        await using var played = await Played.StartAsync();
        var volume = await played.MakeVolumeAsync(dataCenter: "EU-RO-1");
        var (status, body) = await played.CallAsync(
            "POST",
            "/v2/pods",
            "{" + Good + $$"""
            , "dataCenterIds": ["US-KS-2"], "mounts": {"network": [{"volumeId": "{{volume}}", "path": "/workspace"}]}
            """ + "}");
        (status, body!["detail"]!.GetValue<string>()).ShouldBe(
            (HttpStatusCode.BadRequest, "The network volume is in data center EU-RO-1."));
    }

    [Fact]
    public async Task Only_the_actions_of_its_status_can_be_done_with_a_pod()
    {
        await using var played = await Played.StartAsync();
        var path = $"/v2/pods/{await played.MakePodAsync()}";
        (await ActAsync("start")).ShouldBe(HttpStatusCode.Conflict);
        (await ActAsync("stop")).ShouldBe(HttpStatusCode.OK);
        (await ActAsync("stop")).ShouldBe(HttpStatusCode.Conflict);
        (await ActAsync("start")).ShouldBe(HttpStatusCode.OK);
        (await ActAsync("dance")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await ActAsync("terminate")).ShouldBe(HttpStatusCode.NoContent);
        (await ActAsync("terminate")).ShouldBe(HttpStatusCode.NotFound);

        async Task<HttpStatusCode> ActAsync(string action) =>
            (await played.CallAsync("POST", path + "/action", $$"""{"action": "{{action}}"}""")).Status;
    }

    [Fact]
    public async Task A_volume_is_mounted_at_the_creation_or_never()
    {
        await using var played = await Played.StartAsync();
        var volume = await played.MakeVolumeAsync();
        var bare = await played.MakePodAsync();
        var pod = await played.MakePodAsync(volume);
        var mount = $$$"""{"mounts": {"network": [{"volumeId": "{{{volume}}}", "path": "/elsewhere"}]}}""";
        (await played.CallAsync("PATCH", $"/v2/pods/{bare}", mount)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await played.CallAsync("PATCH", $"/v2/pods/{pod}", mount)).Body!["mounts"]!["network"]![0]!["path"]!
            .GetValue<string>().ShouldBe("/elsewhere");
        (await played.CallAsync("PATCH", $"/v2/pods/{pod}", """{"mounts": {"network": []}}""")).Status
            .ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_pod_costs_until_it_is_stopped_or_deleted()
    {
        await using var played = await Played.StartAsync();
        var path = $"/v2/pods/{await played.MakePodAsync()}";
        played.Time.Advance(TimeSpan.FromHours(2));
        await played.CallAsync("POST", path + "/action", """{"action": "stop"}""");
        played.Time.Advance(TimeSpan.FromHours(5));
        await played.CallAsync("POST", path + "/action", """{"action": "start"}""");
        played.Time.Advance(TimeSpan.FromHours(1));
        await played.CallAsync("DELETE", path);
        played.Time.Advance(TimeSpan.FromHours(9));
        played.Books.CostUsd.ShouldBe(3 * 0.69m);
    }

    [Fact]
    public async Task A_deleted_pod_may_stand_in_the_list_for_a_while()
    {
        await using var played = await Played.StartAsync(new SimulatorOptions
        {
            Assumptions = new Assumptions { DeletedPodsLinger = TimeSpan.FromSeconds(30) },
        });
        var path = $"/v2/pods/{await played.MakePodAsync()}";
        await played.CallAsync("DELETE", path);
        (await played.CallAsync("GET", path)).Body!["status"]!.GetValue<string>().ShouldBe("TERMINATED");
        played.Time.Advance(TimeSpan.FromSeconds(30));
        (await played.CallAsync("GET", path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
