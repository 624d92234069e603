using Mooring.Providers.Billing;

namespace Mooring.Providers.RunPod.Tests;

/// <summary>What is made of RunPod's bill of a day, and that no part of it is ever taken for the whole.</summary>
public class BillingTests
{
    private const string NoRecords = """{"records": [], "metadata": {"recordCount": 0}}""";

    private const string Volumes = """
        {"records": [
          {"startTime": "2026-09-01T00:00:00Z", "endTime": "2026-09-02T00:00:00Z", "networkVolumeId": "2q9m7x4c1z",
           "totalAmount": 1.1506849315068493, "standardAmount": 1.1506849315068493, "highPerformanceAmount": 0},
          {"startTime": "2026-09-01T00:00:00Z", "endTime": "2026-09-02T00:00:00Z", "networkVolumeId": "somebodys",
           "totalAmount": 0.5, "standardAmount": 0, "highPerformanceAmount": 0.5},
          {"startTime": "2026-09-01T00:00:00Z", "endTime": "2026-09-02T00:00:00Z", "networkVolumeId": "free",
           "totalAmount": 0, "standardAmount": 0, "highPerformanceAmount": 0}],
         "metadata": {"query": {"startTime": "2026-09-01T00:00:00Z", "endTime": "2026-09-02T00:00:00Z",
           "bucketSize": "day"}, "recordCount": 3, "uniqueNetworkVolumeCount": 3, "totals": {"totalAmount": 1.65}}}
        """;

    private const string Pods = """
        {"records": [
          {"startTime": "2026-09-01T00:00:00Z", "endTime": "2026-09-02T00:00:00Z", "podId": "p1",
           "totalAmount": 16.56, "gpuAmount": 16.5, "cpuAmount": 0, "diskAmount": 0.06}],
         "metadata": {"recordCount": 1, "uniquePodCount": 1}}
        """;

    private static readonly DateOnly Day = new(2026, 9, 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_is_asked_for_by_its_own_bounds_and_each_thing_is_charged_once()
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, Volumes).Then(200, Pods).Open();
        (await provider.Billing.ListChargesAsync(Day, Ct)).ShouldBe(
        [
            new Charge(ChargedKind.Disk, "2q9m7x4c1z", null, Money.FromUsd(1.150684931507m)),
            new Charge(ChargedKind.Disk, "somebodys", null, Money.FromUsd(0.5m)),
            new Charge(ChargedKind.Instance, "p1", null, Money.FromUsd(16.56m)),
        ]);
        canned.Asked.Select(asked => $"{asked.Method} {asked.PathAndQuery}").ShouldBe(
        [
            "GET /v2/billing/network-volumes"
                + "?startTime=2026-09-01T00:00:00Z&endTime=2026-09-02T00:00:00Z&bucketSize=day",
            "GET /v2/billing/pods?startTime=2026-09-01T00:00:00Z&endTime=2026-09-02T00:00:00Z&bucketSize=day",
        ]);
    }

    [Fact]
    public async Task Several_records_of_one_thing_are_summed_before_they_are_rounded()
    {
        var bill = $$"""{"records": [{{Entry("a", 1, "0.0000000000004")}}, {{Entry("a", 1, "0.0000000000004")}}]}""";
        (await ChargesOfVolumesAsync(bill)).ShouldBe([new Charge(ChargedKind.Disk, "a", null, new Money(1))]);
    }

    [Theory]
    [InlineData("0.0000000000005", 0)]
    [InlineData("0.0000000000015", 2)]
    [InlineData("0.0000000000025", 2)]
    [InlineData("-0.25", -250_000_000_000)]
    [InlineData("1e-3", 1_000_000_000)]
    public async Task An_amount_is_rounded_to_even(string usd, long pico) =>
        (await ChargesOfVolumesAsync($$"""{"records": [{{Entry("a", 1, usd)}}]}"""))
            .Sum(charge => charge.Amount.PicoUsd).ShouldBe(pico);

    [Fact]
    public async Task What_is_of_another_day_is_left_to_that_day()
    {
        var records = string.Join(", ", Entry("a", 31, "1", month: 8), Entry("a", 1, "2"), Entry("a", 2, "4"));
        (await ChargesOfVolumesAsync($$"""{"records": [{{records}}]}"""))
            .ShouldHaveSingleItem().Amount.ShouldBe(Money.FromUsd(2));
    }

    [Fact]
    public async Task A_day_of_hours_is_the_sum_of_them()
    {
        const string Hours = """
            {"records": [
              {"startTime": "2026-09-01T00:00:00Z", "networkVolumeId": "a", "totalAmount": 0.5},
              {"startTime": "2026-09-01T23:00:00+00:00", "networkVolumeId": "a", "totalAmount": 0.25},
              {"startTime": "2026-09-02T01:00:00+02:00", "networkVolumeId": "a", "totalAmount": 0.125}]}
            """;
        (await ChargesOfVolumesAsync(Hours)).ShouldHaveSingleItem().Amount.ShouldBe(Money.FromUsd(0.875m));
    }

    /// <summary>What is no bill of that day, or not all of it.</summary>
    public static TheoryData<string> Unreadable =>
    [
        "", "null", "[]", "{}", "<html>Welcome</html>",
        """{"records": null}""",
        """{"records": [null]}""",
        """{"records": {}}""",
        $$"""{"metadata": {"recordCount": 2}, "records": [{{Entry("a", 1, "1")}}]}""",
        $$"""{"metadata": {"recordCount": "one"}, "records": [{{Entry("a", 1, "1")}}]}""",
        $$"""{"records": [{{Entry("", 1, "1")}}]}""",
        $$"""{"records": [{{Entry("a", 1, "null")}}]}""",
        $$"""{"records": [{{Entry("a", 1, "\"1\"")}}]}""",
        $$"""{"records": [{{Entry("a", 1, "1e40")}}]}""",
        $$"""{"records": [{{Entry("a", 1, "79228162514264337593543950335")}}]}""",
        $$"""{"records": [{{Entry("a", 1, "5e6")}}, {{Entry("a", 1, "5e6")}}]}""",
        """{"records": [{"startTime": "2026-09-01T00:00:00Z", "networkVolumeId": "a"}]}""",
        """{"records": [{"startTime": "2026-09-01T00:00:00Z", "totalAmount": 1}]}""",
        """{"records": [{"networkVolumeId": "a", "totalAmount": 1}]}""",
        """{"records": [{"startTime": "yesterday", "networkVolumeId": "a", "totalAmount": 1}]}""",
        """
        {"records": [{"startTime": "2026-08-15T00:00:00Z", "endTime": "2026-09-15T00:00:00Z", "networkVolumeId": "a",
         "totalAmount": 1}]}
        """,
        """
        {"records": [{"startTime": "2026-09-01T00:00:00Z", "endTime": "2026-10-01T00:00:00Z", "networkVolumeId": "a",
         "totalAmount": 1}]}
        """,
    ];

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_can_not_be_read_is_no_bill(string bill)
    {
        using var canned = new Canned();
        using var ofVolumes = canned.Then(200, bill).Then(200, NoRecords).Open();
        await Should.ThrowAsync<UnreachableException>(() => ofVolumes.Billing.ListChargesAsync(Day, Ct));

        using var other = new Canned();
        using var ofPods = other.Then(200, NoRecords).Then(200, bill.Replace("networkVolumeId", "podId")).Open();
        await Should.ThrowAsync<UnreachableException>(() => ofPods.Billing.ListChargesAsync(Day, Ct));
    }

    [Theory]
    [InlineData(400, typeof(UnreachableException))]
    [InlineData(401, typeof(UnauthorizedException))]
    [InlineData(403, typeof(UnauthorizedException))]
    [InlineData(404, typeof(UnreachableException))]
    [InlineData(429, typeof(ThrottledException))]
    [InlineData(500, typeof(UnreachableException))]
    [InlineData(503, typeof(UnreachableException))]
    public async Task A_failure_becomes_the_same_error_as_of_any_look(int status, Type error)
    {
        var problem = $$"""{"title": "No", "status": {{status}}, "detail": "Not now."}""";
        using var canned = new Canned();
        using var ofVolumes = canned.Then(status, problem).Open();
        (await Record.ExceptionAsync(() => ofVolumes.Billing.ListChargesAsync(Day, Ct))).ShouldBeOfType(error);

        using var other = new Canned();
        using var ofPods = other.Then(200, Volumes).Then(status, problem).Open();
        (await Record.ExceptionAsync(() => ofPods.Billing.ListChargesAsync(Day, Ct))).ShouldBeOfType(error);
    }

    [Fact]
    public async Task A_bill_that_breaks_off_is_none()
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, Volumes).ThenFail(new HttpRequestException("The response ended.")).Open();
        await Should.ThrowAsync<UnreachableException>(() => provider.Billing.ListChargesAsync(Day, Ct));
    }

    private static async Task<IReadOnlyList<Charge>> ChargesOfVolumesAsync(string bill)
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, bill).Then(200, NoRecords).Open();
        return await provider.Billing.ListChargesAsync(Day, Ct);
    }

    private static string Entry(string id, int day, string usd, int month = 9) =>
        $$"""{"startTime": "2026-{{month:00}}-{{day:00}}T00:00:00Z", "networkVolumeId": "{{id}}","""
            + $$""" "totalAmount": {{usd}}}""";
}
