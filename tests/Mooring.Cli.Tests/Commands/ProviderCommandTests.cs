using Mooring.Contract.Native;

namespace Mooring.Cli.Tests.Commands;

/// <summary>Accounts at clouds, and what is there and in no record.</summary>
public sealed class ProviderCommandTests : IAsyncLifetime
{
    private const string Orphan = "mrg-k3f9q2ab-01a21fb7466f7e479555917279f4177a";
    private const string Machine = "mrg-k3f9q2ab-01a21fb7466f7e479555917279f40000";
    private readonly CommandLine _line = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _line.Speak(_server);
        _server.On("GET /api/mooring/v1/providers", new ProviderAccountList([Lab]));
        _server.On("POST /api/mooring/v1/providers", Lab);
        _server.On("POST /api/mooring/v1/providers/cacc/rotate", Lab);
        _server.On("POST /api/mooring/v1/providers/cacc/disable", Lab);
        _server.On("POST /api/mooring/v1/providers/cacc/test", new ProviderAccountTrial(
            "cacc",
            [new TriedCall("disks", true, "3 found"), new TriedCall("instances", false, "Not with this key.")]));
        _server.On("POST /api/mooring/v1/providers/cacc/charges/read", new ChargesReading(
            "cacc", new DateOnly(2026, 11, 26), new DateOnly(2026, 11, 28), default, 3));
        _server.On("GET /api/mooring/v1/providers/cacc/charges", Charges);
        _server.On("GET /api/mooring/v1/inventory", new InventoryList(
        [
            new InventoryFinding
            {
                Kind = "orphan_disk",
                ProviderAccountId = "cacc",
                ProviderType = "runpod",
                Name = Orphan,
                RemoteId = "r1",
                SizeGb = 500,
                CostHr = 0.048m,
                Words = "No record is about it.",
                FirstSeenAt = default,
                ListedAt = default,
            },
            new InventoryFinding
            {
                Kind = "orphan_instance",
                ProviderAccountId = "cacc",
                ProviderType = "runpod",
                Name = Machine,
                RemoteId = "r1",
                SizeGb = null,
                CostHr = null,
                Words = "No record is about it.",
                FirstSeenAt = default,
                ListedAt = default,
            },
            new InventoryFinding
            {
                Kind = "foreign_disk",
                ProviderAccountId = "cacc",
                ProviderType = "runpod",
                Name = "notes",
                RemoteId = "r2",
                SizeGb = 10,
                CostHr = null,
                Words = "Somebody else made it.",
                FirstSeenAt = default,
                ListedAt = default,
            },
        ],
        2));
        _server.On("POST /api/mooring/v1/inventory/adopt", Rows.Disk(name: "notes"));
        _server.On(
            "POST /api/mooring/v1/inventory/delete", new Intervention("d1", "DELETING", ["It is being deleted."]));
    }

    private static ProviderAccount Lab => new()
    {
        Id = "cacc",
        Type = "runpod",
        Name = "lab",
        Priority = 0,
        Settings = new Dictionary<string, string>(),
        CreatedAt = default,
        CredentialSetAt = default(DateTimeOffset),
        DisabledAt = null,
        UnreadableSince = null,
        UnreadableReason = null,
    };

    private static ProviderCharges Charges => new()
    {
        ProviderAccountId = "cacc",
        Type = "runpod",
        From = new DateOnly(2026, 11, 1),
        To = new DateOnly(2026, 11, 28),
        ReadAt = default(DateTimeOffset),
        Reason = "Ask later.",
        TotalUsd = 3.25m,
        DisksUsd = 1.25m,
        InstancesUsd = 2m,
        UnmatchedUsd = 0.25m,
        Days = [new DayOfCharges
        {
            Day = new DateOnly(2026, 11, 27), DisksUsd = 1.25m, InstancesUsd = 2m, UnmatchedUsd = 0.25m,
        }],
        TotalCount = 700,
        Resources = [new ChargedResource
        {
            Kind = "disk", RemoteId = "r1", Name = null, ResourceId = "d1", ChargedUsd = 1m, AccruedUsd = 1.5m,
        }],
        Offset = 0,
        Limit = 500,
    };

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Fact]
    public async Task A_credential_comes_from_standard_input_and_is_printed_nowhere()
    {
        _line.Keyboard.Lines.Enqueue("rp_sekret");

        (await _line.RunAsync(
            "providers", "add", "runpod", "lab", "--priority", "3", "--set", "address=http://[::1]:1"))
            .ShouldBe(ExitCode.Done);

        _server.Requests.Last().Body.ShouldBe(
            """{"type":"runpod","name":"lab","credential":"rp_sekret","priority":3,"settings":{"""
            + """ "address":"http://[::1]:1"},"test":true}""".TrimStart());
        (_line.Output + _line.Error).ShouldNotContain("sekret");
    }

    [Fact]
    public async Task Without_a_credential_nothing_is_sent()
    {
        (await _line.RunAsync("providers", "add", "runpod", "lab")).ShouldBe(ExitCode.Usage);

        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_test_says_how_each_call_went_and_fails_where_one_did()
    {
        (await _line.RunAsync("providers", "test", "lab")).ShouldBe(ExitCode.Failed);

        _line.Output.ShouldBe("ok   disks: 3 found\nFAIL instances: Not with this key.\n");
    }

    [Fact]
    public async Task An_account_is_found_by_its_name()
    {
        _line.Keyboard.Lines.Enqueue("rp_new");
        (await _line.RunAsync("providers", "rotate", "lab", "--no-test")).ShouldBe(ExitCode.Done);
        _server.Requests.Last().Body.ShouldBe("""{"credential":"rp_new","test":false}""");

        (await _line.RunAsync("providers", "disable", "lab")).ShouldBe(ExitCode.Done);
        (await _line.RunAsync("providers", "disable", "nobody")).ShouldBe(ExitCode.NotFound);
    }

    [Fact]
    public async Task Charges_are_rows_alone_on_standard_output_by_day_or_by_what_they_are_for()
    {
        (await _line.RunAsync("providers", "charges", "lab")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldBe(
            """
            DAY         DISKS USD  INSTANCES USD  UNMATCHED USD
            2026-11-27       1.25           2.00           0.25

            """);
        _line.Error.ShouldContain("3.25 USD from 2026-11-01 to 2026-11-28, read ");
        _line.Error.ShouldContain("They could not be read the last time: Ask later.");
        _server.Changes.ShouldBeEmpty();

        (await _line.RunAsync(
            "providers", "charges", "lab", "--from", "2026-11-01", "--to", "2026-11-28", "--by", "resource", "--read"))
            .ShouldBe(ExitCode.Done);
        _line.Output.ShouldContain("disk  d1  r1            1.00         1.50");
        _line.Error.ShouldContain("700 things were charged");
        _server.Requests.Last().Route.ShouldEndWith("/charges?from=2026-11-01&to=2026-11-28&offset=0&limit=500");
        _server.Changes.ShouldHaveSingleItem();

        (await _line.RunAsync("providers", "charges", "lab", "--from", "yesterday")).ShouldBe(ExitCode.Usage);
        _line.Error.ShouldContain("write it as 2026-11-30");
    }

    [Fact]
    public async Task An_orphaned_instance_is_ended_and_never_adopted()
    {
        (await _line.RunAsync("inventory", "adopt", Machine)).ShouldBe(ExitCode.NotFound);
        _server.Changes.ShouldBeEmpty();

        (await _line.RunAsync("inventory", "delete", Machine, "-y")).ShouldBe(ExitCode.Done);

        _server.Requests.Last().Body.ShouldBe($$"""{"providerAccountId":"cacc","name":"{{Machine}}"}""");
    }

    [Fact]
    public async Task An_orphan_is_listed_with_its_cost_and_deleted_only_on_a_clear_yes()
    {
        (await _line.RunAsync("inventory", "list")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldContain(Orphan);
        _line.Output.ShouldContain("0.048");

        (await _line.RunAsync("inventory", "delete", Orphan)).ShouldBe(ExitCode.Usage);
        _server.Changes.ShouldBeEmpty();
        (await _line.RunAsync("inventory", "delete", Orphan, "-y")).ShouldBe(ExitCode.Done);
        _server.Requests.Last().Body.ShouldBe($$"""{"providerAccountId":"cacc","name":"{{Orphan}}"}""");
        (await _line.RunAsync("inventory", "delete", Orphan[..^1], "-y")).ShouldBe(ExitCode.NotFound);
    }

    [Fact]
    public async Task What_somebody_else_made_is_listed_with_its_id_and_registered_by_it()
    {
        (await _line.RunAsync("inventory", "list", "--all")).ShouldBe(ExitCode.Done);
        _server.Requests.Last().Route.ShouldEndWith("&all=true");
        _line.Output.ShouldContain("r2");

        (await _line.RunAsync("inventory", "adopt", "--account", "lab", "--remote-id", "r2", "--price", "0.5"))
            .ShouldBe(ExitCode.Done);
        _server.Requests.Last().Body.ShouldBe(
            """{"providerAccountId":"cacc","name":null,"remoteId":"r2","diskName":null,"priceHr":0.5}""");

        // An orphan is no such disk, and neither of both, or both, names nothing.
        (await _line.RunAsync("inventory", "adopt", "--remote-id", "r1")).ShouldBe(ExitCode.NotFound);
        (await _line.RunAsync("inventory", "adopt", "--remote-id", "r2", "--account", "none"))
            .ShouldBe(ExitCode.NotFound);
        (await _line.RunAsync("inventory", "adopt")).ShouldBe(ExitCode.Usage);
        (await _line.RunAsync("inventory", "adopt", Orphan, "--remote-id", "r2")).ShouldBe(ExitCode.Usage);
        _server.Changes.ShouldHaveSingleItem();
    }
}
