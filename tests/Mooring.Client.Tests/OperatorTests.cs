using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Client.Tests;

/// <summary>What the operator's calls send, and that their answers are read.</summary>
public sealed class OperatorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<MooringClient, Task<Intervention>>> Interventions => new()
    {
        { "/behind/api/mooring/v1/disks/d1/retry", client => client.RetryDiskAsync("d1", Ct) },
        { "/behind/api/mooring/v1/disks/d1/suspend", client => client.SuspendDiskAsync("d1", Ct) },
        { "/behind/api/mooring/v1/disks/d1/resume", client => client.ResumeDiskAsync("d1", Ct) },
        { "/behind/api/mooring/v1/disks/d1/force-detach", client => client.ForceDetachDiskAsync("d1", Ct) },
        { "/behind/api/mooring/v1/pods/p1/retry", client => client.RetryPodAsync("p1", Ct) },
    };

    [Theory]
    [MemberData(nameof(Interventions), DisableDiscoveryEnumeration = true)]
    public async Task Intervenes_without_a_body(string target, Func<MooringClient, Task<Intervention>> intervene)
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.AnswerAsync(
            context, new Intervention("d1", Statuses.Active, ["It was done."])));

        var done = await intervene(server.ClientAt(new Uri(server.Address, "/behind/api/v1")));

        done.Did.ShouldBe(["It was done."]);
        var seen = server.Requests.ShouldHaveSingleItem();
        (seen.Method, seen.Target, seen.Body).ShouldBe(("POST", target, ""));
    }

    [Fact]
    public async Task Forbids_a_deletion_and_asks_what_one_would_lose()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Request.Method == "PATCH"
            ? LoopbackServer.AnswerAsync(context, new DiskSettings("d1", true))
            : LoopbackServer.AnswerAsync(context, new DiskDeletion
            {
                Id = "d1",
                Name = "data",
                Status = Statuses.Active,
                Size = 1,
                WouldBeAccepted = false,
                Refusal = "It is forbidden.",
                ForbidDeletion = true,
                UsedBytes = 1L << 40,
                UsedWords = "As it says.",
                LastAttachedAt = null,
                LastReleasedAt = null,
                Holders = [],
                CostUsd = 0.000000000001m,
                PriceHr = null,
            }));

        (await server.Client.ForbidDiskDeletionAsync("d1", true, Ct)).ForbidDeletion.ShouldBeTrue();
        var deletion = await server.Client.PreviewDiskDeletionAsync("d1", Ct);

        (deletion.UsedBytes, deletion.CostUsd).ShouldBe((1L << 40, 0.000000000001m));
        server.Requests.Select(seen => (seen.Method, seen.Target, seen.Body)).ShouldBe(
        [
            ("PATCH", "/api/mooring/v1/disks/d1", """{"forbidDeletion":true}"""),
            ("GET", "/api/mooring/v1/disks/d1/deletion", ""),
        ]);
    }

    [Fact]
    public async Task Changes_a_team_and_asks_what_users_and_teams_may_have()
    {
        var quota = new AccountQuota { UserId = "u1", TeamId = null, Limits = new Quota(), InUse = new Quota() };
        await using var server = await LoopbackServer.StartAsync(context => context.Request.Method == "PATCH"
            ? LoopbackServer.AnswerAsync(
                context,
                new Team { Id = "t1", Name = "speech", Slug = "s-1", WalletId = "w1", CreatedAt = Sample.Created })
            : LoopbackServer.AnswerAsync(context, quota));

        (await server.Client.UpdateTeamAsync("t1", new UpdateTeamRequest { Slug = "s-1" }, Ct)).Name
            .ShouldBe("speech");
        (await server.Client.GetUserQuotaAsync("u1", Ct)).UserId.ShouldBe("u1");
        (await server.Client.GetTeamQuotaAsync("t1", Ct)).InUse.Disks.ShouldBeNull();

        server.Requests.Select(seen => (seen.Method, seen.Target, seen.Body)).ShouldBe(
        [
            ("PATCH", "/api/mooring/v1/teams/t1", """{"name":null,"slug":"s-1"}"""),
            ("GET", "/api/mooring/v1/users/u1/quota", ""),
            ("GET", "/api/mooring/v1/teams/t1/quota", ""),
        ]);
    }

    [Fact]
    public async Task Walks_a_history_to_its_end()
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.AnswerAsync(
            context,
            (string?)context.Request.Query["after"] == "0" ? Page(12, 7, 12) : Page(null, 15)));

        var all = await server.Client.ListDiskEventsAsync("d1", pageSize: 2, ct: Ct).ToListAsync(Ct);

        all.Select(happened => happened.Number).ShouldBe([7, 12, 15]);
        server.Requests.Select(seen => seen.Target).ShouldBe(
        [
            "/api/mooring/v1/disks/d1/events?after=0&limit=2", "/api/mooring/v1/disks/d1/events?after=12&limit=2",
        ]);
    }

    [Fact]
    public async Task A_history_whose_pages_do_not_move_on_ends()
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, Page(5, 5)));

        (await server.Client.ListPodEventsAsync("p1", after: 5, ct: Ct).ToListAsync(Ct)).Count.ShouldBe(1);

        server.Requests.ShouldHaveSingleItem().Target.ShouldBe("/api/mooring/v1/pods/p1/events?after=5&limit=500");
    }

    [Fact]
    public async Task Reads_explanations_and_what_is_stuck()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
            context.Request.Path.Value!.EndsWith("/stuck", StringComparison.Ordinal)
                ? LoopbackServer.AnswerAsync(context, new StuckList([]))
                : LoopbackServer.AnswerAsync(context, Explained()));

        (await server.Client.ExplainDiskAsync("d1", Ct)).YouCan.ShouldBe(["Wait."]);
        (await server.Client.ExplainPodAsync("p1", Ct)).Provider.Type.ShouldBe("local");
        (await server.Client.ListStuckAsync(ct: Ct)).Data.ShouldBeEmpty();

        server.Requests.Select(seen => seen.Target).ShouldBe(
        [
            "/api/mooring/v1/disks/d1/explain", "/api/mooring/v1/pods/p1/explain", "/api/mooring/v1/stuck?limit=100",
        ]);
    }

    [Fact]
    public async Task Walks_the_audit_trail_back_as_far_as_is_wanted()
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.AnswerAsync(
            context,
            (string?)context.Request.Query["before"] is null
                ? new AuditTrail([Entry(9), Entry(7)], 7)
                : new AuditTrail([Entry(4)], 4)));
        var filters = new AuditFilters
        {
            Key = "4f1c09a7be23",
            Address = "::1",
            UserId = "u1",
            Refused = false,
            From = new DateOnly(2025, 11, 7),
        };

        var all = await server.Client.ListAuditEntriesAsync(filters, 3, Ct).ToListAsync(Ct);
        // A server that says the same page again and again is asked no more.
        (await server.Client.ListAuditEntriesAsync(ct: Ct).ToListAsync(Ct)).Count.ShouldBe(4);

        all.Select(entry => entry.Number).ShouldBe([9, 7, 4]);
        const string Path = "/api/mooring/v1/audit";
        server.Requests.Select(seen => seen.Target).ShouldBe(
        [
            $"{Path}?key=4f1c09a7be23&address=%3A%3A1&user_id=u1&refused=false&from=2025-11-07&limit=3",
            $"{Path}?key=4f1c09a7be23&address=%3A%3A1&user_id=u1&refused=false&from=2025-11-07&before=7&limit=1",
            $"{Path}?limit=500",
            $"{Path}?before=7&limit=500",
            $"{Path}?before=4&limit=500",
        ]);
    }

    private static AuditTrailEntry Entry(long number) => new()
    {
        Number = number,
        At = Sample.Created,
        KeyPrefix = "0123456789ab",
        UserId = "u1",
        AccountId = "a1",
        Address = "192.0.2.1",
        RequestId = "r1",
        Action = "createDisk",
        Target = "d1",
        Status = 201,
        Words = null,
    };

    private static HistoryPage Page(long? next, params long[] numbers) => new()
    {
        Data =
        [
            .. numbers.Select(number => new HistoryEvent
            {
                Number = number,
                At = Sample.Created,
                What = "READY",
                Status = Statuses.Active,
                Words = null,
                PriceHr = 0.075m,
            }),
        ],
        Next = next,
    };

    private static Explanation Explained() => new()
    {
        Id = "d1",
        Kind = ResourceKinds.Disk,
        Name = "data",
        Status = Statuses.Active,
        Since = Sample.Created,
        Reason = null,
        Provider = new ExplainedProvider
        {
            Type = "local",
            Account = "this machine",
            RemoteName = "mrg-abcd1234-1",
            RemoteId = null,
            UnreadableSince = null,
            UnreadableReason = null,
        },
        Attempt = 0,
        NextTry = null,
        Deadline = null,
        IsOverdue = false,
        Holders = [],
        ForbidDeletion = false,
        Next = "Nothing, until you wish something.",
        YouCan = ["Wait."],
    };
}
