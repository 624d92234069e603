using Mooring.Server.Accounts;

namespace Mooring.Server.Tests.Http;

/// <summary>Query parameters: bounds, defaults, forms of paths and ids.</summary>
public sealed class QueryTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private TestMooring Mooring => shared.Mooring;

    [Theory]
    [InlineData("/disks/?limit=201", "limit")]
    [InlineData("/disks/?limit=0", "limit")]
    [InlineData("/disks/?limit=-1", "limit")]
    [InlineData("/disks/?limit=abc", "limit")]
    [InlineData("/disks/?limit=5.0", "limit")]
    [InlineData("/disks/?limit=99999999999", "limit")]
    [InlineData("/disks/?limit=5&limit=6", "limit")]
    [InlineData("/disks/?offset=-1", "offset")]
    [InlineData("/disks/?offset=1e3", "offset")]
    [InlineData("/pods/?limit=0", "limit")]
    [InlineData("/pods/?limit=1001", "limit")]
    [InlineData("/pods/history?limit=x", "limit")]
    [InlineData("/ssh_keys/?limit=0", "limit")]
    [InlineData("/availability/disks?page=0", "page")]
    [InlineData("/availability/disks?page_size=101", "page_size")]
    [InlineData("/availability/disks?page_size=0", "page_size")]
    [InlineData("/availability/disks?regions=europe_west", "regions")]
    [InlineData("/availability/disks?envelope=maybe", "envelope")]
    [InlineData("/availability/disks?data_center_id=US-1&data_center_id=US-2", "data_center_id")]
    [InlineData("/availability/gpus?gpu_count=0", "gpu_count")]
    [InlineData("/availability/gpus?gpu_type=H100", "gpu_type")]
    [InlineData("/availability/gpus?socket=AGP", "socket")]
    [InlineData("/availability/gpus?security=none", "security")]
    [InlineData("/availability/multi-node?page=x", "page")]
    [InlineData("/availability/multi-node?gpu_type=H100", "gpu_type")]
    public async Task What_is_out_of_bounds_is_422_and_never_cut(string path, string parameter) =>
        (await Mooring.GetAsync(path)).ShouldFault(parameter);

    [Theory]
    [InlineData("costs", "all")]
    [InlineData("wallets", "all")]
    [InlineData("inventory", "all")]
    [InlineData("audit", "refused")]
    public async Task A_flag_is_true_or_false(string route, string flag)
    {
        var path = $"/api/mooring/v1/{route}?{flag}=";

        (await Mooring.SendAsync("GET", path + "yes")).ShouldFault(flag);
        (await Mooring.SendAsync("GET", path + "yes")).Text.ShouldContain("true, false");
        (await Mooring.SendAsync("GET", path + "true")).ShouldBe(200);
        (await Mooring.SendAsync("GET", path + "false")).ShouldBe(200);
    }

    [Theory]
    [InlineData("costs")]
    [InlineData("wallets")]
    public async Task Everybodys_things_are_operators_to_ask_for(string route)
    {
        var key = await Mooring.MintKeyAsync(ApiKey.Permit((Section.Billing, Access.Read)));
        var path = $"/api/mooring/v1/{route}?all=";

        (await Mooring.SendAsync("GET", path + "true", key: key)).ShouldRefuse(403, "Admin: read");
        (await Mooring.SendAsync("GET", path + "false", key: key)).ShouldBe(200);
    }

    [Fact]
    public async Task Several_faults_are_told_at_once() =>
        (await Mooring.GetAsync("/disks/?limit=0&offset=x")).ShouldFault("limit", "offset");

    [Fact]
    public async Task A_wrong_region_names_the_right_ones() =>
        (await Mooring.GetAsync("/availability/disks?regions=europe_west")).Text.ShouldContain("eu_west");

    [Theory]
    [InlineData("/disks/", 50)]
    [InlineData("/pods/", 100)]
    [InlineData("/pods/history", 100)]
    [InlineData("/ssh_keys/", 100)]
    public async Task Lists_have_their_default_limit_and_both_totals(string path, int limit)
    {
        var list = (await Mooring.GetAsync(path)).ShouldBe(200).Object;

        list["limit"]!.GetValue<int>().ShouldBe(limit);
        list["offset"]!.GetValue<int>().ShouldBe(0);
        list["totalCount"]!.GetValue<int>().ShouldBe(list["data"]!.AsArray().Count);
        list["total_count"]!.GetValue<int>().ShouldBe(list["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task Limits_at_their_bounds_are_taken()
    {
        (await Mooring.GetAsync("/disks/?limit=200")).ShouldBe(200);
        (await Mooring.GetAsync("/disks/?limit=1")).ShouldBe(200);
        (await Mooring.GetAsync("/disks/?limit=&offset=")).Object["limit"]!.GetValue<int>().ShouldBe(50);
        (await Mooring.GetAsync("/availability/disks?page_size=100&page=1000000")).ShouldBe(200);
    }

    [Theory]
    [InlineData("/disks")]
    [InlineData("/pods")]
    [InlineData("/pods/status")]
    [InlineData("/pods/history")]
    [InlineData("/ssh_keys")]
    [InlineData("/availability/disks")]
    [InlineData("/availability/gpus")]
    [InlineData("/availability/multi-node")]
    [InlineData("/availability/gpu-summary")]
    public async Task With_and_without_a_slash_the_answer_is_the_same_and_no_redirect(string path)
    {
        var without = (await Mooring.GetAsync(path)).ShouldBe(200);
        var with = (await Mooring.GetAsync(path + "/")).ShouldBe(200);

        with.Text.ShouldBe(without.Text);
    }

    [Fact]
    public async Task Creating_and_items_take_both_slash_forms_too()
    {
        const string Body = """{"disk":{"size":1},"provider":{"type":"hyperstack"}}""";
        var first = (await Mooring.PostAsync("/disks", Body)).ShouldBe(201).Id;
        var second = (await Mooring.PostAsync("/disks/", Body)).ShouldBe(201).Id;
        await Mooring.ShowsAsync("/disks/" + second, "ACTIVE");

        (await Mooring.GetAsync($"/disks/{first}/")).ShouldBe(200);
        (await Mooring.PatchAsync($"/disks/{first}/", """{"name":"n"}""")).ShouldBe(200);
        (await Mooring.DeleteAsync($"/disks/{first}/")).ShouldBe(200);
    }

    [Fact]
    public async Task An_id_may_be_dashed_or_in_capitals()
    {
        var id = await Mooring.CreateDiskAsync();

        (await Mooring.GetAsync("/disks/" + Guid.ParseExact(id, "N").ToString("D"))).ShouldBe(200).Id.ShouldBe(id);
        (await Mooring.GetAsync("/disks/" + id.ToUpperInvariant())).ShouldBe(200).Id.ShouldBe(id);
    }

    [Theory]
    [InlineData("/disks/fdb5205fd9b14c9d804d3f70b4c96da0")]
    [InlineData("/disks/x")]
    [InlineData("/disks/clvb0itli0000oxevorvgrpfn")]
    [InlineData("/disks/%20")]
    [InlineData("/disks/..%2Fpods")]
    [InlineData("/pods/fdb5205fd9b14c9d804d3f70b4c96da0")]
    [InlineData("/pods/x/log")]
    public async Task An_unknown_id_is_404(string path) => (await Mooring.GetAsync(path))
        .ShouldRefuse(404, "GET /api/v1/");

    [Fact]
    public async Task Another_accounts_things_are_404_for_every_verb()
    {
        var disk = await Mooring.CreateDiskAsync();
        var pod = await Mooring.CreatePodAsync(disk);
        var stranger = await Mooring.MintStrangerAsync();
        var before = await Mooring.SnapshotAsync();

        (await Mooring.GetAsync("/disks/" + disk, stranger)).ShouldRefuse(404);
        (await Mooring.PatchAsync("/disks/" + disk, """{"name":"mine"}""", stranger)).ShouldRefuse(404);
        (await Mooring.DeleteAsync("/disks/" + disk, stranger)).ShouldRefuse(404);
        (await Mooring.GetAsync("/pods/" + pod, stranger)).ShouldRefuse(404);
        (await Mooring.DeleteAsync("/pods/" + pod, stranger)).ShouldRefuse(404);
        (await Mooring.GetAsync($"/pods/{pod}/log", stranger)).ShouldRefuse(404);
        (await Mooring.PostAsync("/pods/", TestMooring.PodBody(disk), stranger)).ShouldRefuse(404, disk);
        (await Mooring.GetAsync("/availability/gpus?disks=" + disk, stranger)).ShouldRefuse(404, disk);

        (await Mooring.SnapshotAsync()).ShouldBe(before);
    }
}
