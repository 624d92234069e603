using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;
using Mooring.Server.Wallets;

namespace Mooring.Server.Tests.Wallets;

/// <summary>What becomes of what a prepaid wallet pays for, by the whole server, on both databases.</summary>
public abstract class PrepaidTests(Backend backend) : IAsyncLifetime
{
    private const int Requests = 32;
    private TestMooring? _mooring;

    private protected TestMooring Mooring => _mooring!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync(
        mooring => mooring.Disks.Offers =
        [
            ScriptedDisks.PageOffer with { CloudId = Block },
            ScriptedDisks.PageOffer with { CloudId = Shared, IsMultinode = true },
            ScriptedDisks.PageOffer with { CloudId = "free", PricePerGiBHour = Providers.Money.Zero },
        ],
        backend: backend);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_wallet_ends_instances_and_stops_disks_and_a_top_up_lets_those_go_on()
    {
        var ada = await PrepaidUserAsync(20);
        var used = await Mooring.CreateDiskAsync("used", key: ada.Key, cloudId: Block);
        var resting = await Mooring.CreateDiskAsync("resting", key: ada.Key, cloudId: Block);
        (await Mooring.SendAsync("POST", $"/api/mooring/v1/disks/{resting}/suspend", key: ada.Key)).ShouldBe(200);
        var pod = await Mooring.CreatePodForAsync(ada.Key, null, used);
        var fromElsewhere = await Mooring.CreateDiskAsync("of somebody else", cloudId: Block);

        await DrainAsync(ada, 9);
        await ToldAsync(ada, "BALANCE_LOW", 1);
        await RunOutAsync(ada);

        await ShowsAsync("/pods/" + pod, "TERMINATED", ada.Key);
        await ShowsAsync("/disks/" + used, "STOPPED", ada.Key);
        (await Mooring.GetAsync("/disks/" + fromElsewhere)).Object["status"]!.GetValue<string>().ShouldBe("ACTIVE");
        (await Mooring.PostAsync("/disks/", DiskBody, ada.Key)).ShouldRefuse(402, ada.Wallet, "topped up");
        (await Mooring.SendAsync("POST", $"/api/mooring/v1/disks/{used}/resume", key: ada.Key))
            .ShouldRefuse(402, ada.Wallet);
        (await ExplainedAsync(used, ada)).ShouldContain($"mooring wallets top-up {ada.Wallet}");
        (await WalletAsync(ada))["status"]!.GetValue<string>().ShouldBe("EMPTY");

        await TopUpAsync(ada, 50);

        await ShowsAsync("/disks/" + used, "ACTIVE", ada.Key);
        // Nobody who suspended it has ended that.
        (await Mooring.GetAsync("/disks/" + resting, ada.Key)).Object["status"]!.GetValue<string>().ShouldBe("STOPPED");
        (await Mooring.PostAsync("/disks/", DiskBody, ada.Key)).ShouldBe(201);
        (await HistoryAsync(ada)).Where(what => what != "CREDITED")
            .ShouldBe(["MODE_CHANGED", "BALANCE_LOW", "BALANCE_EMPTY", "BALANCE_RESTORED"]);
        await AuditAsync();
    }

    [Fact]
    public async Task Of_32_disks_at_once_no_more_are_made_than_the_balance_covers_for_an_hour()
    {
        // A disk of 2 GB costs 0.0003 USD an hour.
        var ada = await PrepaidUserAsync(0.0010m);

        var replies = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => Mooring.PostAsync(
            "/disks/", """{"disk":{"size":2,"cloudId":"block"},"provider":{"type":"hyperstack"}}""", ada.Key)));

        replies.Count(reply => reply.Status == 201).ShouldBe(3);
        replies.Where(reply => reply.Status != 201)
            .ShouldAllBe(reply => reply.ShouldRefuse(402, ada.Wallet, "0.0009 USD", "0.0003 USD") != "");
        (await WalletAsync(ada))["reservedUsd"]!.GetValue<decimal>().ShouldBe(0.0009m);
    }

    [Fact]
    public async Task What_owes_is_not_made_prepaid_and_showback_lets_everything_go_on()
    {
        var ada = await Mooring.MintUserAsync("ada");
        var disk = await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        Mooring.Time.Advance(TimeSpan.FromHours(1));
        (await SetModeAsync(ada, "prepaid")).ShouldRefuse(409, ada.Wallet, "-0.0015 USD", "Top it up");
        await TopUpAsync(ada, 1);
        (await SetModeAsync(ada, "prepaid")).ShouldBe(200);
        await RunOutAsync(ada);
        await ShowsAsync("/disks/" + disk, "STOPPED", ada.Key);

        (await SetModeAsync(ada, "showback")).ShouldBe(200);

        await ShowsAsync("/disks/" + disk, "ACTIVE", ada.Key);
        (await Mooring.PostAsync("/disks/", DiskBody, ada.Key)).ShouldBe(201);
        (await WalletAsync(ada))["status"]!.GetValue<string>().ShouldBe("FUNDED");
    }

    [Fact]
    public async Task A_disk_that_gets_ready_after_its_wallet_ran_out_is_stopped_too()
    {
        var ada = await PrepaidUserAsync(20);
        await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        Mooring.Disks.Calls.Fail("EnsureCreated", () => new Providers.UnreachableException("Nobody answers."));
        var late = (await Mooring.PostAsync("/disks/", DiskBody, ada.Key)).ShouldBe(201).Id;
        await TopUpAsync(ada, -19.9999m);
        await RunOutAsync(ada);

        Mooring.Disks.Calls.HealAll(["EnsureCreated"]);
        // It may have been tried again meanwhile, and wait for nothing.
        (await Mooring.SendAsync("POST", $"/api/mooring/v1/disks/{late}/retry", key: ada.Key))
            .Status.ShouldBeOneOf([200, 409]);

        await ShowsAsync("/disks/" + late, "STOPPED", ada.Key);
    }

    [Fact]
    public async Task Instances_that_share_a_disk_are_ended_too()
    {
        var ada = await PrepaidUserAsync(20);
        var disk = await Mooring.CreateDiskAsync(cloudId: Shared, key: ada.Key);
        string[] pods =
        [
            await Mooring.CreatePodForAsync(ada.Key, null, disk), await Mooring.CreatePodForAsync(ada.Key, null, disk),
        ];

        await RunOutAsync(ada);

        await ShowsAsync("/pods/" + pods[0], "TERMINATED", ada.Key);
        await ShowsAsync("/pods/" + pods[1], "TERMINATED", ada.Key);
        await ShowsAsync("/disks/" + disk, "STOPPED", ada.Key);
    }

    [Fact]
    public async Task A_suspended_disk_that_is_resumed_while_its_wallet_is_empty_is_stopped_again()
    {
        var ada = await PrepaidUserAsync(20);
        await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        var disk = await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        (await InterveneAsync(disk, "suspend", ada)).ShouldBe(200);
        await RunOutAsync(ada);
        (await ExplainedAsync(disk, ada)).ShouldContain("Otherwise it is deleted with all its data, not before");

        (await InterveneAsync(disk, "resume", ada)).ShouldBe(200);

        await ShowsAsync("/disks/" + disk, "STOPPED", ada.Key);
        (await InterveneAsync(disk, "resume", ada)).ShouldRefuse(402, ada.Wallet);
    }

    [Fact]
    public async Task What_somebody_suspends_while_it_is_unpaid_stays_suspended()
    {
        var ada = await PrepaidUserAsync(20);
        var disk = await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        var other = await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        await RunOutAsync(ada);
        await ShowsAsync("/disks/" + disk, "STOPPED", ada.Key);
        await ShowsAsync("/disks/" + other, "STOPPED", ada.Key);
        (await InterveneAsync(disk, "suspend", ada)).ShouldBe(200);

        await TopUpAsync(ada, 50);

        // All that goes on does so in one transaction.
        await ShowsAsync("/disks/" + other, "ACTIVE", ada.Key);
        (await Mooring.GetAsync("/disks/" + disk, ada.Key)).Object["status"]!.GetValue<string>().ShouldBe("STOPPED");
    }

    [Fact]
    public async Task A_free_disk_that_gets_ready_after_its_wallet_ran_out_is_stopped_too()
    {
        var ada = await PrepaidUserAsync(20);
        await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        Mooring.Disks.Calls.Fail("EnsureCreated", () => new Providers.UnreachableException("Nobody answers."));
        var late = (await Mooring.PostAsync(
            "/disks/", """{"disk":{"size":10,"cloudId":"free"},"provider":{"type":"hyperstack"}}""", ada.Key))
            .ShouldBe(201).Id;
        await TopUpAsync(ada, -19.9999m);
        await RunOutAsync(ada);

        Mooring.Disks.Calls.HealAll(["EnsureCreated"]);
        (await InterveneAsync(late, "retry", ada)).Status.ShouldBeOneOf([200, 409]);

        await ShowsAsync("/disks/" + late, "STOPPED", ada.Key);
    }

    [Fact]
    public async Task A_worker_that_dies_between_look_and_deed_leaves_the_wallet_due()
    {
        var ada = await PrepaidUserAsync(20);
        var disk = await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        await RunOutAsync(ada);
        await ShowsAsync("/disks/" + disk, "STOPPED", ada.Key);
        await HoldAsync(ada);
        await TopUpAsync(ada, 50);
        var services = Mooring.Services;
        var worker = new WalletWorker(
            Mooring.Database,
            new WalletThings(
                new DeadDatabase(services.GetRequiredService<IDbContextFactory<MooringDb>>()),
                Mooring.Options,
                Mooring.Time),
            Mooring.Options,
            services.GetRequiredService<BackOff>(),
            Mooring.Time,
            services.GetRequiredService<ILogger<WalletWorker>>());

        await Should.ThrowAsync<OperationCanceledException>(() => worker.StepAsync(ada.Wallet, Claim, false, Ct));
        await LetGoAsync();

        await ShowsAsync("/disks/" + disk, "ACTIVE", ada.Key);
    }

    [Fact]
    public async Task A_top_up_that_is_answered_is_a_new_beginning_whenever_a_worker_looks()
    {
        var ada = await PrepaidUserAsync(20);
        await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        await RunOutAsync(ada);
        await HoldAsync(ada);
        await Mooring.Database.WriteAsync(
            (db, ct) => db.Wallets.Where(one => one.Id == new WalletId(ada.Wallet)).ExecuteUpdateAsync(
                set => set.SetProperty(one => one.GraceStage, WalletLimits.Warnings + 1)
                    .SetProperty(one => one.GraceFrom, Mooring.Time.GetUtcNow().AddDays(-20))
                    .SetProperty(one => one.GraceStageAt, Mooring.Time.GetUtcNow().AddDays(-2)),
                ct),
            Ct);

        await TopUpAsync(ada, 100);
        (await WalletAsync(ada))["status"]!.GetValue<string>().ShouldBe("FUNDED");
        var disk = await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        await TopUpAsync(ada, -100);
        await LetGoAsync();

        await ShowsAsync("/disks/" + disk, "STOPPED", ada.Key);
        (await WalletAsync(ada))["warningsGiven"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_wallet_is_its_users_to_see_and_operators_to_change()
    {
        var (ada, bob) = (await PrepaidUserAsync(20), await Mooring.MintUserAsync("bob"));
        var path = "/api/mooring/v1/wallets/" + ada.Wallet;

        (await Mooring.SendAsync("GET", path, key: bob.Key)).ShouldRefuse(404, ada.Wallet);
        (await Mooring.SendAsync("POST", path + "/credits", Credit(1), ada.Key)).ShouldRefuse(403, "Admin");
        (await Mooring.SendAsync("PATCH", path, """{"mode":"showback"}""", ada.Key)).ShouldRefuse(403, "Admin");
        (await Mooring.SendAsync("GET", "/api/mooring/v1/wallets/?all=true", key: ada.Key)).ShouldRefuse(403, "Admin");
        (await IdsAsync("", bob.Key)).ShouldBe([bob.Wallet]);
        (await IdsAsync("?all=true&mode=prepaid")).ShouldBe([ada.Wallet]);
        (await Mooring.SendAsync("GET", path + "/credits", key: ada.Key)).ShouldBe(200).Data
            .Select(credit => credit["reference"]!.GetValue<string>()).ShouldBe(["paid in"]);
        (await Mooring.GetAsync("/billing/wallet", ada.Key)).Object["balance_usd"]!.GetValue<decimal>().ShouldBe(20);
    }

    [Fact]
    public async Task Records_of_before_there_were_lines_get_theirs_at_a_start()
    {
        await Mooring.CreateDiskAsync(cloudId: Block);
        (await Mooring.DeleteAsync("/disks/" + await Mooring.CreateDiskAsync("gone", cloudId: Block))).ShouldBe(200);
        Mooring.Time.Advance(TimeSpan.FromHours(5));
        await Mooring.Database.WriteAsync(
            (db, ct) => db.Wallets.ExecuteUpdateAsync(
                set => set.SetProperty(one => one.OffsetHigh, (long?)null)
                    .SetProperty(one => one.OffsetLow, (long?)null)
                    .SetProperty(one => one.Rate, Providers.Money.Zero),
                ct),
            Ct);

        await Mooring.RestartAsync();

        await AuditAsync();
        (await Mooring.SendAsync("GET", "/api/mooring/v1/wallets/")).ShouldBe(200).Data.Single()["spentUsd"]!
            .GetValue<decimal>().ShouldBe(0.0075m);
    }

    [Theory]
    [InlineData("UPDATE wallets SET rate = rate + 1", "keeps that it spends")]
    [InlineData("UPDATE wallets SET offset_low = offset_low + 1", "keeps that it spends")]
    [InlineData("UPDATE wallets SET credit_pico_usd = credit_pico_usd + 1", "keeps a credit of")]
    [InlineData("UPDATE credit_entries SET amount = amount - 1", "The bookings of wallet")]
    public async Task The_auditor_finds_what_a_wallet_keeps_wrongly(string sql, string words)
    {
        await PrepaidUserAsync(20);
        await Mooring.Database.WriteAsync((db, ct) => db.Database.ExecuteSqlRawAsync(sql, ct), Ct);

        var audit = (await Mooring.SendAsync("GET", "/api/mooring/v1/audit/ledger")).ShouldBe(200);

        audit.Object["differences"]!.AsArray().ShouldNotBeEmpty();
        audit.Text.ShouldContain(words);
    }

    private const string Claim = "0123456789abcdef0123456789abcdef";
    private protected const string Block = "block";
    private const string Shared = "shared";

    private const string DiskBody =
        """{"disk":{"size":10,"cloudId":"block"},"provider":{"type":"hyperstack"}}""";

    private static string Credit(decimal usd) =>
        FormattableString.Invariant($$"""{"amountUsd":{{usd}},"reference":"paid in"}""");

    private protected async Task<TestUser> PrepaidUserAsync(decimal usd)
    {
        var user = await Mooring.MintUserAsync("ada");
        await TopUpAsync(user, usd);
        (await SetModeAsync(user, "prepaid")).ShouldBe(200);
        return user;
    }

    private protected async Task TopUpAsync(TestUser user, decimal usd) => (await Mooring.SendAsync(
        "POST", $"/api/mooring/v1/wallets/{user.Wallet}/credits", Credit(usd))).ShouldBe(201);

    private Task<Reply> SetModeAsync(TestUser user, string mode) => Mooring.SendAsync(
        "PATCH", "/api/mooring/v1/wallets/" + user.Wallet, $$"""{"mode":"{{mode}}"}""");

    /// <summary>
    /// Leaves a wallet so many USD: by time, or by booking the rest out, where what is due goes by the database's own
    /// clock.
    /// </summary>
    private async Task DrainAsync(TestUser user, decimal leave)
    {
        var wallet = await WalletAsync(user);
        var most = wallet["balanceUsd"]!.GetValue<decimal>() - leave;
        if (backend == Backend.PostgreSql)
        {
            await TopUpAsync(user, -most);
            return;
        }

        var hours = most / wallet["spendPerHour"]!.GetValue<decimal>();
        Mooring.Time.Advance(TimeSpan.FromMicroseconds((long)(hours * 3_600_000_000) + 1));
    }

    private protected async Task RunOutAsync(TestUser user)
    {
        await DrainAsync(user, 0);
        await HoldsAsync(
            async () => (await WalletAsync(user))["status"]!.GetValue<string>() == "EMPTY",
            $"the wallet {user.Wallet} is empty");
    }

    private protected Task ShowsAsync(string path, string status, string? key) => HoldsAsync(
        async () => (await Mooring.GetAsync(path, key)).Object["status"]!.GetValue<string>() == status,
        $"{path} becomes {status}");

    /// <summary>
    /// Waits for something, in a time that goes on: the reconciler that was about to wait for what has come due
    /// meanwhile looks again a few milliseconds later.
    /// </summary>
    private Task HoldsAsync(Func<Task<bool>> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            Mooring.Time.Advance(backend == Backend.Sqlite ? TimeSpan.FromMilliseconds(10) : TimeSpan.Zero);
            return condition();
        },
        what);

    private protected Task ToldAsync(TestUser user, string what, int times) => HoldsAsync(
        async () => (await HistoryAsync(user)).Count(one => one == what) == times,
        $"{what} is told {times} times");

    private protected async Task<JsonObject> WalletAsync(TestUser user) =>
        (await Mooring.SendAsync("GET", "/api/mooring/v1/wallets/" + user.Wallet, key: user.Key)).ShouldBe(200).Object;

    private protected async Task<IReadOnlyList<string>> HistoryAsync(TestUser user) =>
    [
        .. (await Mooring.SendAsync("GET", $"/api/mooring/v1/wallets/{user.Wallet}/events", key: user.Key))
            .ShouldBe(200).Data.Select(happened => happened["what"]!.GetValue<string>()),
    ];

    private async Task<string> ExplainedAsync(string disk, TestUser user) =>
        (await Mooring.SendAsync("GET", $"/api/mooring/v1/disks/{disk}/explain", key: user.Key)).ShouldBe(200).Text;

    private async Task<IReadOnlyList<string>> IdsAsync(string query, string? key = null) =>
    [
        .. (await Mooring.SendAsync("GET", "/api/mooring/v1/wallets/" + query, key: key)).ShouldBe(200).Data
            .Select(wallet => wallet["id"]!.GetValue<string>()),
    ];

    private protected async Task AuditAsync()
    {
        var audit = (await Mooring.SendAsync("GET", "/api/mooring/v1/audit/ledger")).ShouldBe(200);
        audit.Object["totalCount"]!.GetValue<int>().ShouldBe(0, audit.Text);
    }

    private Task<Reply> InterveneAsync(string disk, string verb, TestUser user) =>
        Mooring.SendAsync("POST", $"/api/mooring/v1/disks/{disk}/{verb}", key: user.Key);

    /// <summary>Takes a wallet as a worker would that is slow.</summary>
    private Task HoldAsync(TestUser user) => Eventually.HoldsAsync(
        () => Mooring.Database.WriteAsync(
            async (db, ct) => await db.Wallets
                .Where(one => one.Id == new WalletId(user.Wallet) && one.ClaimToken == null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(one => one.ClaimToken, Claim)
                        .SetProperty(one => one.ClaimUntil, Mooring.Time.GetUtcNow().AddYears(10))
                        .SetProperty(one => one.Version, one => one.Version + 1),
                    ct) == 1,
            Ct),
        "nobody works on the wallet");

    private Task LetGoAsync() => Mooring.Database.WriteAsync(
        async (db, ct) =>
        {
            await db.Wallets.ExecuteUpdateAsync(
                set => set.SetProperty(one => one.ClaimToken, (string?)null)
                    .SetProperty(one => one.ClaimUntil, (DateTimeOffset?)null)
                    .SetProperty(one => one.Version, one => one.Version + 1),
                ct);
            db.Wakes |= WorkKinds.Wallets;
        },
        Ct);

    /// <summary>The records of a process that is gone.</summary>
    private sealed class DeadDatabase(IDbContextFactory<MooringDb> readers) : Database(readers)
    {
        public override Dialect Dialect => Dialect.Sqlite;

        public override Task<List<T>> QueryAsync<T>(
            Statement<T> statement, IReadOnlyList<object?> values, CancellationToken ct) =>
            throw new OperationCanceledException();

        public override Task<T> WriteAsync<T>(
            Func<MooringDb, CancellationToken, Task<T>> work, CancellationToken ct) =>
            throw new OperationCanceledException();
    }
}

public sealed class SqlitePrepaidTests() : PrepaidTests(Backend.Sqlite)
{
    // By the test's clock, which what is due on PostgreSQL does not go by.

    [Fact]
    public async Task Disks_are_deleted_after_the_grace_time_and_three_warnings_and_not_before()
    {
        var ada = await PrepaidUserAsync(20);
        var disk = await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        (await Mooring.SendAsync(
            "PATCH", "/api/mooring/v1/disks/" + disk, """{"forbidDeletion":true}""", ada.Key)).ShouldBe(200);
        await RunOutAsync(ada);
        await ShowsAsync("/disks/" + disk, "STOPPED", ada.Key);
        var kept = (await WalletAsync(ada))["reclaimedFrom"]!.GetValue<DateTimeOffset>();

        foreach (var (days, warnings) in new[] { (7, 1), (4, 2), (2, 3) })
        {
            Mooring.Time.Advance(TimeSpan.FromDays(days));
            await ToldAsync(ada, "RECLAIM_WARNED", warnings);
            // Later by as much as the warning was, and never sooner.
            var end = (await WalletAsync(ada))["reclaimedFrom"]!.GetValue<DateTimeOffset>();
            end.ShouldBeInRange(kept, kept.AddMinutes(1));
            kept = end;
        }

        Mooring.Time.Advance(kept - Mooring.Time.GetUtcNow() - TimeSpan.FromSeconds(1));
        (await Mooring.GetAsync("/disks/" + disk, ada.Key)).Object["status"]!.GetValue<string>().ShouldBe("STOPPED");
        Mooring.Time.Advance(TimeSpan.FromSeconds(1));

        await ShowsAsync("/disks/" + disk, "TERMINATED", ada.Key);
        (await HistoryAsync(ada)).Count(what => what == "RECLAIMED").ShouldBe(1);
        await AuditAsync();
    }

    [Fact]
    public async Task What_is_topped_up_for_after_the_last_warning_is_kept()
    {
        var ada = await PrepaidUserAsync(20);
        var disk = await Mooring.CreateDiskAsync(key: ada.Key, cloudId: Block);
        await RunOutAsync(ada);
        await ShowsAsync("/disks/" + disk, "STOPPED", ada.Key);
        foreach (var (days, warnings) in new[] { (7, 1), (4, 2), (2, 3) })
        {
            Mooring.Time.Advance(TimeSpan.FromDays(days));
            await ToldAsync(ada, "RECLAIM_WARNED", warnings);
        }

        await TopUpAsync(ada, 100);
        await ShowsAsync("/disks/" + disk, "ACTIVE", ada.Key);
        Mooring.Time.Advance(TimeSpan.FromDays(1));

        await Mooring.SweepAsync();
        (await Mooring.GetAsync("/disks/" + disk, ada.Key)).Object["status"]!.GetValue<string>().ShouldBe("ACTIVE");
        (await WalletAsync(ada))["warningsGiven"]!.GetValue<int>().ShouldBe(0);
        await AuditAsync();
    }
}

public sealed class PostgresPrepaidTests() : PrepaidTests(Backend.PostgreSql);
