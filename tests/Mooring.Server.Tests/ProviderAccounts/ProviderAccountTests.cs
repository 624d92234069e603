using Microsoft.EntityFrameworkCore;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.ProviderAccounts;

/// <summary>Accounts at clouds: what is stored of them, what is tried first, and what they then offer.</summary>
public abstract class ProviderAccountTests(Backend backend) : IAsyncLifetime
{
    private const string Route = "/api/mooring/v1/providers";
    private TestMooring? _mooring;

    private TestMooring Mooring => _mooring!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync(backend: backend);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task An_account_that_lets_us_in_is_stored_and_offers_its_disks()
    {
        var id = (await AddAsync("lab", ScriptedCloud.Good, place: "NO-1")).ShouldBe(201).Id;

        await Eventually.HoldsAsync(
            async () => (await OfferedAsync()).Contains("NO-1"), "its offers are shown");
        var disk = (await Mooring.PostAsync(
            "/disks/", $$$"""{"disk":{"size":10},"provider":{"type":"{{{ScriptedCloud.Type}}}"}}""")).ShouldBe(201).Id;
        await Mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
        (await Mooring.ReadAsync(db => db.Disks.AsNoTracking().SingleAsync(Ct))).ProviderAccountId.Value.ShouldBe(id);
    }

    [Fact]
    public async Task A_credential_is_nowhere_but_encrypted_in_its_row()
    {
        var added = await AddAsync("lab", ScriptedCloud.Good);

        added.Text.ShouldNotContain(ScriptedCloud.Good);
        (await Mooring.SendAsync("GET", Route)).ShouldBe(200).Text.ShouldNotContain(ScriptedCloud.Good);
        var row = await Mooring.ReadAsync(
            db => db.ProviderAccounts.AsNoTracking().SingleAsync(account => account.Name == "lab", Ct));
        row.Credential.ShouldNotBeNull().ShouldNotContain(ScriptedCloud.Good);
        Mooring.Log.All.ShouldAllBe(line => !line.Contains(ScriptedCloud.Good));
        var ring = new DirectoryInfo(Mooring.Options.KeyRingDirectory);
        ring.UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        ring.GetFiles().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task One_credential_is_not_taken_twice_at_one_cloud()
    {
        Mooring.Cloud.Shared = new ScriptedDisks { IdScope = new Uri("https://cloud.example") };
        var id = (await AddAsync("lab", ScriptedCloud.Good)).ShouldBe(201).Id;
        var other = (await AddAsync("other", ScriptedCloud.Better)).ShouldBe(201).Id;

        (await AddAsync("again", ScriptedCloud.Good)).ShouldRefuse(409, "'lab'");
        (await Mooring.SendAsync("POST", $"{Route}/{other}/rotate", Credential(ScriptedCloud.Good)))
            .ShouldRefuse(409, "'lab'");
        // Its own is no other's.
        (await Mooring.SendAsync("POST", $"{Route}/{id}/rotate", Credential(ScriptedCloud.Good))).ShouldBe(200);
        (await NamesAsync()).ShouldNotContain("again");

        static string Credential(string credential) => $$"""{"credential":"{{credential}}"}""";
    }

    [Theory]
    [InlineData(ScriptedCloud.Bad, "Who are you?")]
    [InlineData(ScriptedCloud.Lost, "There is nobody.")]
    public async Task One_that_does_not_let_us_in_is_not_stored(string credential, string words)
    {
        (await AddAsync("lab", credential)).ShouldRefuse(409, words);

        (await NamesAsync()).ShouldNotContain("lab");
    }

    [Fact]
    public async Task One_is_stored_untried_where_that_is_asked_for()
    {
        var id = (await AddAsync("lab", ScriptedCloud.Lost, more: ""","test":false""")).ShouldBe(201).Id;

        var trial = (await Mooring.SendAsync("POST", $"{Route}/{id}/test")).ShouldBe(200);
        foreach (var call in trial.Object["calls"]!.AsArray())
        {
            call!["succeeded"]!.GetValue<bool>().ShouldBeFalse();
            call["words"]!.GetValue<string>().ShouldBe("There is nobody.");
        }
    }

    [Fact]
    public async Task Another_start_opens_what_was_added_with_the_credential_that_holds()
    {
        var id = (await AddAsync("lab", ScriptedCloud.Good)).ShouldBe(201).Id;
        (await RotateAsync(id, ScriptedCloud.Better)).ShouldBe(200);

        await Mooring.RestartAsync();

        Mooring.Cloud.Opened.Last().ShouldBe(ScriptedCloud.Better);
        (await Mooring.SendAsync("POST", $"{Route}/{id}/test")).ShouldBe(200)
            .Object["calls"]![0]!["succeeded"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Without_its_key_ring_a_server_starts_and_says_which_account_it_can_t_open()
    {
        var id = (await AddAsync("lab", ScriptedCloud.Good)).ShouldBe(201).Id;
        Directory.Delete(Mooring.Options.KeyRingDirectory, recursive: true);

        await Mooring.RestartAsync();

        Mooring.Log.All.ShouldContain(line => line.Contains(id) && line.Contains("put back the key ring"));
        (await Mooring.SendAsync("POST", $"{Route}/{id}/test")).ShouldRefuse(409, "not set up on this server");
        (await RotateAsync(id, ScriptedCloud.Good)).ShouldBe(200);
        (await Mooring.SendAsync("POST", $"{Route}/{id}/test")).ShouldBe(200);
    }

    [Fact]
    public async Task A_credential_that_does_not_let_us_in_does_not_replace_one_that_does()
    {
        var id = (await AddAsync("lab", ScriptedCloud.Good)).ShouldBe(201).Id;

        (await RotateAsync(id, ScriptedCloud.Bad)).ShouldRefuse(409, "Who are you?");

        (await Mooring.SendAsync("POST", $"{Route}/{id}/test")).ShouldBe(200)
            .Object["calls"]![0]!["succeeded"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_disabled_account_offers_nothing_and_what_is_there_goes_on()
    {
        var id = (await AddAsync("lab", ScriptedCloud.Good, place: "NO-1")).ShouldBe(201).Id;
        await Eventually.HoldsAsync(async () => (await OfferedAsync()).Contains("NO-1"), "its offers are shown");
        var body = $$$"""{"disk":{"size":10},"provider":{"type":"{{{ScriptedCloud.Type}}}"}}""";
        var disk = (await Mooring.PostAsync("/disks/", body)).ShouldBe(201).Id;
        await Mooring.ShowsAsync("/disks/" + disk, "ACTIVE");

        (await Mooring.SendAsync("POST", $"{Route}/{id}/disable")).ShouldBe(200)
            .Object["disabledAt"].ShouldNotBeNull();

        (await OfferedAsync()).ShouldNotContain("NO-1");
        (await Mooring.PostAsync("/disks/", body)).ShouldFault("provider.type");
        (await Mooring.DeleteAsync("/disks/" + disk)).ShouldBe(200);
        await Mooring.ShowsAsync("/disks/" + disk, "TERMINATED");
        await Mooring.RestartAsync();
        (await OfferedAsync()).ShouldNotContain("NO-1");
        (await Mooring.SendAsync("POST", $"{Route}/{id}/enable")).ShouldBe(200);
        await Eventually.HoldsAsync(async () => (await OfferedAsync()).Contains("NO-1"), "its offers are back");
    }

    [Fact]
    public async Task Of_two_accounts_with_one_offer_that_of_higher_priority_is_used()
    {
        await AddAsync("first", ScriptedCloud.Good, place: "NO-1");
        var better = (await AddAsync("second", ScriptedCloud.Good, "NO-1", ""","priority":5""")).ShouldBe(201).Id;
        await Eventually.HoldsAsync(
            async () => (await Mooring.SendAsync("GET", "/api/mooring/v1/offers")).Data
                .Count(part => part["disks"]!.AsArray().Count > 0
                    && part["type"]!.GetValue<string>() == ScriptedCloud.Type) == 2,
            "both have answered");

        (await OfferedAsync()).Count(place => place == "NO-1").ShouldBe(1);
        (await Mooring.PostAsync(
            "/disks/", $$$"""{"disk":{"size":10},"provider":{"type":"{{{ScriptedCloud.Type}}}"}}""")).ShouldBe(201);
        (await Mooring.ReadAsync(db => db.Disks.AsNoTracking().SingleAsync(Ct)))
            .ProviderAccountId.Value.ShouldBe(better);
    }

    [Fact]
    public async Task Offers_of_an_account_have_an_age()
    {
        await AddAsync("lab", ScriptedCloud.Good, place: "NO-1");
        await Eventually.HoldsAsync(async () => (await OfferedAsync()).Contains("NO-1"), "its offers are shown");

        Mooring.Time.Advance(TimeSpan.FromSeconds(9));

        var part = (await Mooring.SendAsync("GET", "/api/mooring/v1/offers")).ShouldBe(200).Data
            .Single(one => one["type"]!.GetValue<string>() == ScriptedCloud.Type);
        part["ageSeconds"]!.GetValue<long>().ShouldBe(9);
        part["reason"].ShouldBeNull();
    }

    [Fact]
    public async Task What_can_t_be_an_account_is_refused_with_words()
    {
        await AddAsync("lab", ScriptedCloud.Good);

        (await AddAsync("lab", ScriptedCloud.Good)).ShouldRefuse(409, "already");
        (await Mooring.SendAsync("POST", Route, """{"type":"nimbus","name":"x","credential":"y"}"""))
            .ShouldFault("type");
        (await AddAsync("other", "has a space")).ShouldFault("credential");
        (await AddAsync("other", ScriptedCloud.Short)).ShouldFault("credential");
        (await AddAsync("other", ScriptedCloud.Good, more: ""","settings":{"palce":"x"}"""))
            .ShouldFault("settings");
        (await AddAsync("other", ScriptedCloud.Good, place: "nowhere")).ShouldFault("settings");
        (await AddAsync("other", ScriptedCloud.Good, more: ""","priority":1001""")).ShouldFault("priority");
        (await Mooring.SendAsync("POST", $"{Route}/nobody/rotate", """{"credential":"x"}""")).ShouldBe(404);
        var own = await Mooring.ReadAsync(
            db => db.ProviderAccounts.AsNoTracking().SingleAsync(account => account.Name == "test", Ct));
        (await RotateAsync(own.Id.Value, "x")).ShouldRefuse(409, "mooringd's own options");
        (await NamesAsync()).ShouldBe(["lab", "test"], ignoreOrder: true);
    }

    private Task<Reply> AddAsync(string name, string credential, string? place = null, string more = "")
    {
        var settings = place is null ? "" : $$""","settings":{"place":"{{place}}"}""";
        return Mooring.SendAsync(
            "POST",
            Route,
            $$"""
            {"type":"{{ScriptedCloud.Type}}","name":"{{name}}","credential":"{{credential}}"{{settings}}{{more}}}
            """);
    }

    private Task<Reply> RotateAsync(string id, string credential) =>
        Mooring.SendAsync("POST", $"{Route}/{id}/rotate", $$"""{"credential":"{{credential}}"}""");

    private async Task<List<string>> NamesAsync() =>
        [.. (await Mooring.SendAsync("GET", Route)).Data.Select(row => row["name"]!.GetValue<string>())];

    private async Task<List<string>> OfferedAsync() =>
    [
        .. (await Mooring.GetAsync("/availability/disks?envelope=false")).Json.AsArray()
            .Select(offer => offer!["dataCenter"]!.GetValue<string>()),
    ];
}

public sealed class SqliteProviderAccountTests() : ProviderAccountTests(Backend.Sqlite);

public sealed class PostgresProviderAccountTests() : ProviderAccountTests(Backend.PostgreSql);
