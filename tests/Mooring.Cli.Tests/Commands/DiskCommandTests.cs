using System.Text.Json;
using Mooring.Cli.Tests.Demo;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Commands;

public sealed class DiskCommandTests : IAsyncLifetime
{
    private const string Delete = $"DELETE /api/v1/disks/{Rows.DiskId}";
    private const string Deletion = $"GET /api/mooring/v1/disks/{Rows.DiskId}/deletion";
    private const string Explain = $"GET /api/mooring/v1/disks/{Rows.DiskId}/explain";
    private readonly CommandLine _line = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _line.Speak(_server);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Fact]
    public async Task Lists_disks_as_a_table()
    {
        _server.HasDisks(Rows.Disk(), Rows.Disk(Rows.OtherId, "other", Statuses.Error) with { Pods = ["p1", "p2"] });

        (await _line.RunAsync("disks", "list")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe(
            $"""
            ID                                NAME           STATUS    SIZE  PLACE              USD/H  HELD BY  AGE
            {Rows.DiskId}  training-data  ACTIVE  500 GB  hyperstack · US-1  0.075  -        90m
            {Rows.OtherId}  other          ERROR   500 GB  hyperstack · US-1  0.075  2 pods   90m

            """);
        _line.Error.ShouldBeEmpty();
        _server.Requests.ShouldHaveSingleItem().Authorization.ShouldBe("Bearer mrg_test.key");
    }

    [Fact]
    public async Task Says_that_there_are_none_on_standard_error()
    {
        _server.HasDisks();

        (await _line.RunAsync("disks", "list")).ShouldBe(ExitCode.Done);

        (_line.Output, _line.Error).ShouldBe(("", "There are no disks.\n"));
        (await _line.RunAsync("disks", "list", "-o", "json")).ShouldBe(ExitCode.Done);
        (_line.Output, _line.Error).ShouldBe(("[]\n", ""));
    }

    [Fact]
    public async Task Json_has_the_members_of_the_server_and_nothing_else_is_on_standard_output()
    {
        _server.HasDisks(Rows.Disk());

        await _line.RunAsync("disks", "list", "-o", "json");
        var listed = JsonDocument.Parse(_line.Output).RootElement[0];
        await _line.RunAsync("disks", "get", Rows.DiskId, "--output", "json");
        var got = JsonDocument.Parse(_line.Output).RootElement;

        JsonElement.DeepEquals(listed, got).ShouldBeTrue();
        var served = JsonSerializer.SerializeToElement(Rows.Disk(), Contract.Json.ContractJson.Wire.Disk);
        got.EnumerateObject().Select(member => member.Name)
            .ShouldBe(served.EnumerateObject().Select(member => member.Name));
        got.GetProperty("priceHr").GetRawText().ShouldBe("0.075");
        got.GetProperty("terminatedAt").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("training-data")]
    [InlineData(Rows.DiskId)]
    [InlineData("01a2100f-14c0-7574-a46e-f9a46498d70f")]
    [InlineData("01A2100F14C07574A46EF9A46498D70F")]
    public async Task Knows_a_disk_by_name_and_by_id_in_any_form(string called)
    {
        _server.HasDisks(Rows.Disk(), Rows.Disk(Rows.OtherId, "other"));

        (await _line.RunAsync("disks", "get", called)).ShouldBe(ExitCode.Done);

        _line.Output.ShouldContain($"id       {Rows.DiskId}\n");
        _server.Requests.Last().Route.ShouldBe($"GET /api/v1/disks/{Rows.DiskId}");
    }

    [Theory]
    [InlineData(0.075, "0.075 USD/h, also while STOPPED")]
    [InlineData(0.02, "0.075 USD/h, 0.02 USD/h while STOPPED")]
    [InlineData(0, "0.075 USD/h, 0.00 USD/h while STOPPED")]
    public async Task Shows_what_a_disk_costs_while_it_is_stopped_and_how_to_see_why_it_is(double stopped, string words)
    {
        _server.HasDisks(
            Rows.Disk(status: Statuses.Stopped) with { StoppedPriceHr = (decimal)stopped, WalletId = "cwallet" });

        (await _line.RunAsync("disks", "get", Rows.DiskId)).ShouldBe(ExitCode.Done);

        _line.Output.ShouldContain($"\nprice    {words}\n");
        _line.Output.ShouldContain($"\nsee why  mooring disks explain {Rows.DiskId}\n");
        _line.Output.ShouldContain("\nwallet   cwallet\n");
        _server.HasDisks(Rows.Disk());
        (await _line.RunAsync("disks", "get", Rows.DiskId)).ShouldBe(ExitCode.Done);
        _line.Output.ShouldNotContain("see why");
    }

    [Theory]
    [InlineData("disks", "there is no disk with the id or name 'gone'; one that is gone is found by its id, ")]
    [InlineData("pods", "there is no pod with the id or name 'gone'; one that has ended is found by its id, ")]
    public async Task What_is_gone_has_no_name_and_where_its_id_stands_is_said(string noun, string words)
    {
        _server.HasDisks(Rows.Disk());
        _server.HasPods(Rows.Pod());

        (await _line.RunAsync(noun, "explain", "gone")).ShouldBe(ExitCode.NotFound);

        _line.Error.ShouldStartWith("mooring: " + words);
    }

    [Fact]
    public async Task A_name_of_several_disks_is_refused_with_their_ids()
    {
        _server.HasDisks(Rows.Disk(), Rows.Disk(Rows.OtherId));

        (await _line.RunAsync("disks", "delete", "training-data", "-y")).ShouldBe(ExitCode.Usage);

        _line.Error.ShouldBe(
            $"mooring: 2 disks have the name 'training-data': {Rows.DiskId}, {Rows.OtherId}. Say which by its id\n");
        _server.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Creates_a_disk_at_the_offer_with_the_short_id()
    {
        _server.OffersDisks(Offer("US-1"), Offer("US-2"));
        _server.On("POST /api/v1/disks/", Rows.Disk(status: Statuses.Provisioning));

        (await _line.RunAsync("disks", "create", "--size", "500", "--offer", "a869c3", "--name", "training-data"))
            .ShouldBe(ExitCode.Done, _line.Error);

        _server.Requests.Last().Body.ShouldBe(
            """{"disk":{"size":500,"name":"training-data","cloudId":null,"dataCenterId":"US-1","country":"US"},"""
            + "\"provider\":" + """{"type":"hyperstack"},"team":null}""");
        _line.Output.ShouldContain("status   PROVISIONING\n");
        _line.Error.ShouldBe($"disk training-data ({Rows.DiskId}) of 500 GB is accepted, 0.075 USD/h\n");
    }

    [Fact]
    public async Task Never_chooses_between_offers_silently()
    {
        _server.OffersDisks(Offer("US-1"), Offer("US-2"));

        (await _line.RunAsync("disks", "create", "--size", "5")).ShouldBe(ExitCode.Usage);

        _line.Output.ShouldBeEmpty();
        _line.Error.ShouldContain("a869c3  hyperstack");
        _line.Error.ShouldEndWith("mooring: 2 offers fit; say which with --offer, or with more of the other options\n");
        (await _line.RunAsync("disks", "create", "--size", "5", "--offer", "ffffff")).ShouldBe(ExitCode.NotFound);
        (await _line.RunAsync("disks", "create", "--size", "5000", "--data-center", "US-1")).ShouldBe(ExitCode.Refused);
        _server.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Waits_with_a_line_per_change_on_standard_error()
    {
        _server.OffersDisks(Offer("US-1"));
        _server.On("POST /api/v1/disks/", Rows.Disk(status: Statuses.Provisioning));
        _server.HasDisks(Rows.Disk());
        _server.On(
            Explain,
            Rows.Explanation(Statuses.Provisioning),
            Rows.Explanation(Statuses.Provisioning),
            Rows.Explanation(Statuses.Provisioning, "out of stock"),
            Rows.Explanation(Statuses.Active));

        (await _line.RunAsync("disks", "create", "--size", "500", "--wait", "-o", "json")).ShouldBe(ExitCode.Done);

        JsonDocument.Parse(_line.Output).RootElement.GetProperty("status").GetString().ShouldBe("ACTIVE");
        var what = $"disk training-data ({Rows.DiskId}): PROVISIONING · 0s · ";
        _line.Error.ShouldBe($"{what}next: It is asked again.\n{what}out of stock · next: It is asked again.\n");
    }

    [Fact]
    public async Task On_a_terminal_the_line_is_written_anew_and_fits()
    {
        _line.ErrorWidth = 40;
        _server.HasDisks(Rows.Disk(status: Statuses.Deleting));
        _server.On(Delete, new StatusOnly(Statuses.Deleting));
        _server.On(Explain, Rows.Explanation(Statuses.Deleting), Rows.Explanation(Statuses.Terminated));

        (await _line.RunAsync("disks", "delete", Rows.DiskId, "-y", "--wait")).ShouldBe(ExitCode.Done);

        _line.Error.ShouldBe("\r\u001b[KDELETING 0s · disk training-data · nex…\r\u001b[K");
        _line.Output.ShouldBe($"disk training-data ({Rows.DiskId}) is TERMINATED\n");
    }

    [Fact]
    public async Task A_disk_that_fails_ends_the_wait_with_the_reason()
    {
        _server.On(
            $"POST /api/mooring/v1/disks/{Rows.DiskId}/retry",
            new Intervention(Rows.DiskId, Statuses.Provisioning, ["It is tried again."]));
        _server.On(Explain, Rows.Explanation(Statuses.Error, "the region is closed."));

        (await _line.RunAsync("disks", "retry", Rows.DiskId, "--wait")).ShouldBe(ExitCode.Failed);

        _line.Output.ShouldBeEmpty();
        _line.Error.ShouldBe(
            $"mooring: disk training-data ({Rows.DiskId}) is ERROR, not at rest: the region is closed. "
            + $"See: mooring disks explain {Rows.DiskId}\n");
    }

    [Fact]
    public async Task A_wait_that_takes_too_long_ends_with_its_own_code_and_says_how_to_go_on()
    {
        _server.HasDisks(Rows.Disk());
        _server.On(Delete, new StatusOnly(Statuses.Deleting));
        _server.On(Explain, Rows.Explanation(Statuses.Deleting, "still in use"));

        (await _line.RunAsync("disks", "delete", Rows.DiskId, "-y", "--timeout", "0")).ShouldBe(ExitCode.TimedOut);

        _line.Error.ShouldEndWith(
            $"mooring: disk training-data ({Rows.DiskId}) is DELETING, not yet TERMINATED after 0s: still in use. "
            + $"It goes on. See: mooring disks explain {Rows.DiskId}\n");
    }

    [Fact]
    public async Task A_wait_outlives_a_server_that_is_away_for_a_moment()
    {
        var asked = 0;
        _server.HasDisks(Rows.Disk());
        _server.On(Delete, new StatusOnly(Statuses.Deleting));
        _server.On(Explain, context =>
        {
            context.Response.StatusCode = ++asked == 1 ? 503 : 404;
            return Task.CompletedTask;
        });

        (await _line.RunAsync("disks", "delete", Rows.DiskId, "-y", "--wait")).ShouldBe(ExitCode.Done);

        _line.Error.ShouldContain("The server answered 503");
    }

    [Fact]
    public async Task Shows_what_is_deleted_and_asks()
    {
        _server.HasDisks(Rows.Disk());
        _server.On(Delete, new StatusOnly(Statuses.Terminated));
        _server.On(Deletion, Rows.Deletion());
        _line.Keyboard.IsTerminal = true;
        _line.Keyboard.Lines.Enqueue("");
        _line.Keyboard.Lines.Enqueue("Yes");

        (await _line.RunAsync("disks", "delete", "training-data")).ShouldBe(ExitCode.Failed);
        _line.Error.ShouldBe(
            $"training-data ({Rows.DiskId}): 500 GB at hyperstack · US-1, ACTIVE, held by nobody\n"
            + "used: 3.42 GiB. As its provider says now.\n"
            + "last attached: never\n"
            + "cost so far: 12.50 USD, 0.075 USD/h now\n"
            + "Delete this disk and all its data for good? [y/N] mooring: nothing was done\n");
        _server.Changes.ShouldBeEmpty();

        (await _line.RunAsync("disks", "delete", "training-data")).ShouldBe(ExitCode.Done);
        _server.Changes.ShouldBe([Delete]);
    }

    [Fact]
    public async Task A_delete_that_would_be_refused_is_not_asked_for()
    {
        _server.HasDisks(Rows.Disk() with { Pods = ["p1"] });
        _server.On(Deletion, Rows.Deletion() with
        {
            UsedBytes = null,
            UsedWords = "Nobody knows.",
            LastAttachedAt = new DateTimeOffset(2026, 11, 25, 2, 45, 28, TimeSpan.Zero),
            Holders = Rows.Explanation(Statuses.Active).Holders,
            WouldBeAccepted = false,
            Refusal = "Deletion is forbidden. Lift that first.",
        });
        _line.Keyboard.IsTerminal = true;

        (await _line.RunAsync("disks", "delete", Rows.DiskId)).ShouldBe(ExitCode.Refused);

        _line.Error.ShouldContain("used: not known. Nobody knows.\nlast attached: 2026-11-25 02:45:28Z (");
        _line.Error.ShouldEndWith("mooring: Deletion is forbidden. Lift that first. Nothing was done\n");
        _server.Changes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("protect", true, "can't be deleted; undo that with: mooring disks unprotect " + Rows.DiskId)]
    [InlineData("unprotect", false, "can be deleted")]
    public async Task Forbids_a_deletion_and_allows_it_again(string verb, bool forbid, string words)
    {
        var route = $"PATCH /api/mooring/v1/disks/{Rows.DiskId}";
        _server.HasDisks(Rows.Disk());
        _server.On(route, new DiskSettings(Rows.DiskId, forbid));

        (await _line.RunAsync("disks", verb, "training-data")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe($"disk {Rows.DiskId} {words}\n");
        _server.Changes.ShouldBe([route]);
        _server.Requests.Last().Body.ShouldBe($$"""{"forbidDeletion":{{(forbid ? "true" : "false")}}}""");
    }

    [Theory]
    [InlineData("disks", "delete", Rows.DiskId)]
    [InlineData("disks", "force-detach", Rows.DiskId)]
    [InlineData("pods", "delete", Rows.PodId)]
    [InlineData("keys", "revoke", "0123456789ab")]
    public async Task Without_a_terminal_nothing_is_undone_without_agreement(params string[] args)
    {
        _server.HasDisks(Rows.Disk());
        _server.On(Deletion, Rows.Deletion());
        _server.HasPods(Rows.Pod());
        _server.On("GET /api/mooring/v1/keys", new KeyList([Rows.Key("0123456789ab", "ci")]));

        (await _line.RunAsync(args)).ShouldBe(ExitCode.Usage);

        _line.Error.ShouldContain("add -y if you mean it. Nothing was done");
        _server.Changes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("suspend")]
    [InlineData("resume")]
    [InlineData("retry")]
    [InlineData("force-detach", "-y")]
    public async Task Says_what_an_intervention_did(string verb, params string[] more)
    {
        var route = $"POST /api/mooring/v1/disks/{Rows.DiskId}/{verb}";
        _server.HasDisks(Rows.Disk());
        _server.On(route, new Intervention(Rows.DiskId, Statuses.Pending, ["One.", "Two."]));

        (await _line.RunAsync(["disks", verb, "training-data", .. more])).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe($"One.\nTwo.\ndisk {Rows.DiskId} is PENDING\n");
        _server.Changes.ShouldBe([route]);
    }

    [Fact]
    public async Task Waits_until_a_disk_is_free()
    {
        var held = Rows.Explanation(Statuses.Pending) with
        {
            Holders =
            [
                new ExplainedHolder
                {
                    PodId = Rows.PodId,
                    DiskId = Rows.DiskId,
                    Status = "RELEASING",
                    MountPath = "/workspace",
                    Since = default,
                },
            ],
        };
        _server.HasDisks(Rows.Disk());
        _server.On(
            $"POST /api/mooring/v1/disks/{Rows.DiskId}/force-detach",
            new Intervention(Rows.DiskId, Statuses.Pending, ["One."]));
        _server.On(Explain, held, held with { Status = Statuses.Active }, Rows.Explanation(Statuses.Active));

        (await _line.RunAsync("disks", "force-detach", Rows.DiskId, "-y", "-w", "-o", "json")).ShouldBe(ExitCode.Done);

        JsonDocument.Parse(_line.Output).RootElement.GetProperty("status").GetString().ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task Explains_with_everything_that_is_known()
    {
        _server.HasDisks(Rows.Disk());
        _server.On(Explain, Rows.Explanation(Statuses.Provisioning, "out of stock") with
        {
            Attempt = 4,
            Deadline = TimeProvider.System.GetUtcNow().AddMinutes(-3),
            IsOverdue = true,
            YouCan = ["Wait.", "Delete it."],
        });

        (await _line.RunAsync("disks", "explain", "training-data")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldContain($"disk         training-data ({Rows.DiskId})\n");
        _line.Output.ShouldContain("why          out of stock\n");
        _line.Output.ShouldContain("attempt      4\n");
        _line.Output.ShouldMatch("deadline .* \\(3m ago\\), overdue\n");
        _line.Output.ShouldEndWith("you can      Wait.\nyou can      Delete it.\n");
    }

    [Fact]
    public async Task Shows_the_history_page_by_page()
    {
        static HistoryEvent Happened(long number, string what) => new()
        {
            Number = number,
            At = new DateTimeOffset(2026, 11, 25, 2, 45, 28, TimeSpan.Zero),
            What = what,
            Status = Statuses.Active,
            Words = null,
            PriceHr = 0.075m,
        };
        _server.On(
            $"GET /api/mooring/v1/disks/{Rows.DiskId}/events",
            new HistoryPage { Data = [Happened(1, "CREATED")], Next = 1 },
            new HistoryPage { Data = [Happened(7, "READY")], Next = null });

        (await _line.RunAsync("disks", "events", Rows.DiskId)).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe(
            """
            NO  AT                    WHAT     STATUS  USD/H  WORDS
             1  2026-11-25 02:45:28Z  CREATED  ACTIVE  0.075  -
             7  2026-11-25 02:45:28Z  READY    ACTIVE  0.075  -

            """);
    }

    private static DiskOffer Offer(string dataCenter)
    {
        var offer = Offers.Disk("hyperstack", null, 0.00015m);
        return offer with { DataCenter = dataCenter, Spec = offer.Spec with { DefaultCount = 0, MinCount = 0 } };
    }
}
