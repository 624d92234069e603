using Mooring.Providers.Billing;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>What is made of the cloud's history of a day, and that no part of it is taken for the whole.</summary>
public class BillingTests
{
    private const string Volumes = """
        {"status": true, "message": "Success", "billing_history_volume": {"org_id": 7, "billing_history": [
          {"attributes": {"id": "0b9f6a0e-0000-0000-0000-000000000001", "infrahub_id": 8429, "resource_name": "a",
            "status": "available", "contract_id": null},
           "metrics": {"incurred_bill": 0.023225764512345, "price_per_hour": 0.00096774, "usage_time": 24}},
          {"attributes": {"id": "0b9f6a0e-0000-0000-0000-000000000002", "infrahub_id": 8430, "resource_name": "free",
            "status": "deleted", "contract_id": 5},
           "metrics": {"incurred_bill": 0, "price_per_hour": 0, "usage_time": 0}}],
         "total_count": 2, "page": 1, "per_page": 100}}
        """;

    private const string Machines = """
        {"status": true, "message": "Success", "billing_history_vm": {"org_id": 7, "billing_history": [
          {"attributes": {"id": "0b9f6a0e-0000-0000-0000-000000000003", "infrahub_id": 1129, "resource_name": "b",
            "status": "ACTIVE", "contract_id": null},
           "metrics": {"incurred_bill": 45.6, "price_per_hour": 1.9, "usage_time": 24}}],
         "total_count": 1, "page": 1, "per_page": 100}}
        """;

    private static readonly DateOnly Day = new(2026, 12, 31);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_is_asked_for_by_its_own_bounds_and_each_thing_is_charged_once()
    {
        using var network = Answering(_ => Volumes, _ => Machines);
        using var provider = network.Provider();
        (await provider.Billing.ListChargesAsync(Day, Ct)).ShouldBe(
        [
            new Charge(ChargedKind.Disk, "8429", "a", Money.FromUsd(0.023225764512m)),
            new Charge(ChargedKind.Instance, "1129", "b", Money.FromUsd(45.6m)),
        ]);
        const string Times = "start_date=2026-12-31T00:00:00&end_date=2027-01-01T00:00:00&page=1&per_page=100";
        network.Asked.Select(asked => $"{asked.Method} {asked.Target}").ShouldBe(
        [
            $"GET /v1/billing/billing/history/volume?{Times}",
            $"GET /v1/billing/billing/history/virtual-machine?{Times}",
        ]);
    }

    [Fact]
    public async Task Pages_are_read_until_a_short_one()
    {
        (await ChargesAsync(2, [Page(5, 2, 1, 2), Page(5, 2, 3, 4), Page(5, 2, 5)]))
            .Select(charge => charge.RemoteId).ShouldBe(["1", "2", "3", "4", "5"]);
        // A full page may be the last, which only the next one shows.
        (await ChargesAsync(2, [Page(2, 2, 1, 2), Page(2, 2)])).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_page_is_full_that_has_as_many_as_the_cloud_gives() =>
        (await ChargesAsync(100, [Page(3, 2, 1, 2), Page(3, 2, 3)])).Count.ShouldBe(3);

    [Fact]
    public async Task Lines_of_one_thing_are_summed()
    {
        var bill = Bill(3, 100, Line("x", 1, "0.5"), Line("y", 1, "0.25"), Line("z", 2, "0.125"));
        (await ChargesAsync(100, [bill])).Select(charge => (charge.RemoteId, charge.Amount.Usd))
            .ShouldBe([("1", 0.75m), ("2", 0.125m)]);
    }

    [Fact]
    public async Task A_bill_from_which_a_line_was_skipped_or_came_twice_is_none()
    {
        // A line came in before 2 while pages were read: 2 comes twice, and the new one not at all.
        await ShouldBeNoneAsync(2, Page(3, 2, 1, 2), Page(4, 2, 2, 3), Page(4, 2));
        await ShouldBeNoneAsync(2, Page(4, 2, 1, 2), Page(4, 2, 2, 3), Page(4, 2));
        // One went: 3 moved to where nobody looks any more.
        await ShouldBeNoneAsync(2, Page(5, 2, 1, 2), Page(4, 2, 4, 5), Page(4, 2));
        await ShouldBeNoneAsync(2, Page(3, 2, 1));
        await ShouldBeNoneAsync(2, Page(1, 2, 1, 2), Page(1, 2, 3));
        await ShouldBeNoneAsync(2, Page(4, 2, 1, 2), Page(4, 2, 1, 2), Page(4, 2, 1, 2));
    }

    [Theory]
    [InlineData("""{"status": true, "message": "Success"}""")]
    [InlineData("""{"status": true, "billing_history_volume": null, "billing_history_vm": null}""")]
    [InlineData("""{"status": true, "billing_history_volume": {"total_count": 0}, "billing_history_vm": {}}""")]
    [InlineData("""{"status": true, "billing_history_volume": {"billing_history": []}, "billing_history_vm": {}}""")]
    [InlineData("""{"status": false, "message": "Not now"}""")]
    [InlineData("""{"billing_history_volume": {"billing_history": [], "total_count": 0}}""")]
    [InlineData("<html>Welcome</html>")]
    [InlineData("")]
    [InlineData("null")]
    public async Task What_can_not_be_read_is_no_bill(string body)
    {
        using var ofVolumes = Answering(_ => body, _ => Machines);
        using var ofMachines = Answering(_ => Volumes, _ => body);
        foreach (var network in (Canned[])[ofVolumes, ofMachines])
        {
            using var provider = network.Provider();
            await Should.ThrowAsync<UnreachableException>(() => provider.Billing.ListChargesAsync(Day, Ct));
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"attributes": {"infrahub_id": 1}}""")]
    [InlineData("""{"attributes": {"infrahub_id": 1}, "metrics": {}}""")]
    [InlineData("""{"attributes": {"infrahub_id": null}, "metrics": {"incurred_bill": 1}}""")]
    [InlineData("""{"attributes": {"infrahub_id": "1"}, "metrics": {"incurred_bill": 1}}""")]
    [InlineData("""{"attributes": {"infrahub_id": 1}, "metrics": {"incurred_bill": "1"}}""")]
    [InlineData("""{"attributes": {"infrahub_id": 1}, "metrics": {"incurred_bill": 1e40}}""")]
    [InlineData("""{"attributes": {"infrahub_id": 1}, "metrics": {"incurred_bill": 1e12}}""")]
    public Task A_line_that_says_not_what_for_or_how_much_is_no_line(string line) =>
        ShouldBeNoneAsync(100, Bill(1, 100, line));

    [Theory]
    [InlineData(401, typeof(UnauthorizedException))]
    [InlineData(403, typeof(UnauthorizedException))]
    [InlineData(404, typeof(UnreachableException))]
    [InlineData(429, typeof(ThrottledException))]
    [InlineData(500, typeof(UnreachableException))]
    public async Task A_failure_becomes_the_same_error_as_of_any_look(int status, Type error)
    {
        using var network = Canned.Answering(status, """{"status": false, "message": "No"}""");
        using var provider = network.Provider();
        (await Record.ExceptionAsync(() => provider.Billing.ListChargesAsync(Day, Ct))).ShouldBeOfType(error);
    }

    [Fact]
    public async Task A_bill_that_breaks_off_between_its_pages_is_none()
    {
        using var network = Answering(
            page => page == 1 ? Page(3, 2, 1, 2) : throw new HttpRequestException("The response ended."),
            _ => Machines);
        using var provider = network.Provider(new HyperstackOptions { PageSize = 2 });
        await Should.ThrowAsync<UnreachableException>(() => provider.Billing.ListChargesAsync(Day, Ct));
    }

    private static async Task ShouldBeNoneAsync(int pageSize, params string[] pages) =>
        await Should.ThrowAsync<UnreachableException>(() => ChargesAsync(pageSize, pages));

    private static async Task<IReadOnlyList<Charge>> ChargesAsync(int pageSize, string[] pages)
    {
        using var network = Answering(
            page => pages[page - 1], _ => Bill(0, 100).Replace("billing_history_volume", "billing_history_vm"));
        using var provider = network.Provider(new HyperstackOptions { PageSize = pageSize });
        return await provider.Billing.ListChargesAsync(Day, Ct);
    }

    private static Canned Answering(Func<int, string> volumes, Func<int, string> machines) => new(request =>
    {
        var query = request.RequestUri!.Query;
        var page = int.Parse(query.Split("&page=")[1].Split('&')[0]);
        var answer = request.RequestUri.AbsolutePath.EndsWith("/volume", StringComparison.Ordinal) ? volumes : machines;
        return Task.FromResult(Canned.Answer(200, answer(page)));
    });

    private static string Page(int total, int perPage, params int[] ids) =>
        Bill(total, perPage, [.. ids.Select(id => Line($"{id}", id, "1"))]);

    private static string Bill(int total, int perPage, params string[] lines) => $$"""
        {"status": true, "message": "Success", "billing_history_volume": {"org_id": 7,
         "total_count": {{total}}, "page": 1, "per_page": {{perPage}},
         "billing_history": [{{string.Join(", ", lines)}}] } }
        """;

    private static string Line(string line, int id, string usd) => $$$"""
        {"attributes": {"id": "{{{line}}}", "infrahub_id": {{{id}}}, "resource_name": "x"},
         "metrics": {"incurred_bill": {{{usd}}}}}
        """;
}
