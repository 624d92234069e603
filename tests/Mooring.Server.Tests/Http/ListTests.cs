using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Pods;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Http;

/// <summary>Lists: their order, their pages, and that both databases say the same.</summary>
public abstract class ListTests(Backend backend) : IAsyncLifetime
{
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
    public async Task Disks_come_newest_first_and_those_of_one_instant_by_id()
    {
        List<string> ids = [];
        for (var i = 0; i < 6; i++)
        {
            ids.Add(await Mooring.CreateDiskAsync($"disk {i}"));
            Mooring.Time.Advance(TimeSpan.FromMicroseconds(i % 2));
        }

        var rows = (await Mooring.GetAsync("/disks/")).Data;

        rows.Select(row => row["id"]!.GetValue<string>()).ShouldBe(rows
            .OrderByDescending(row => row["createdAt"]!.GetValue<string>(), StringComparer.Ordinal)
            .ThenByDescending(row => row["id"]!.GetValue<string>(), StringComparer.Ordinal)
            .Select(row => row["id"]!.GetValue<string>()));
        rows.Select(row => row["id"]!.GetValue<string>()).ShouldBe(ids, ignoreOrder: true);
        rows[0]["name"]!.GetValue<string>().ShouldBeOneOf("disk 4", "disk 5");
    }

    [Fact]
    public async Task Pages_are_the_whole_list_cut_in_pieces_and_they_end()
    {
        for (var i = 0; i < 7; i++)
        {
            await Mooring.CreateDiskAsync($"disk {i}");
        }

        var whole = (await Mooring.GetAsync("/disks/")).Data.Select(row => row["id"]!.GetValue<string>()).ToList();
        List<string> paged = [];
        for (var offset = 0; ; offset += 3)
        {
            var page = await Mooring.GetAsync($"/disks/?limit=3&offset={offset}");
            (page.Object["limit"]!.GetValue<int>(), page.Object["offset"]!.GetValue<int>()).ShouldBe((3, offset));
            page.Object["totalCount"]!.GetValue<int>().ShouldBe(7);
            if (page.Data.Count == 0)
            {
                break;
            }

            paged.AddRange(page.Data.Select(row => row["id"]!.GetValue<string>()));
        }

        paged.ShouldBe(whole);
        (await Mooring.GetAsync("/disks/?offset=2147483647")).ShouldBe(200).Data.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_a_disks_holders_the_longest_comes_first()
    {
        var disk = await Mooring.CreateDiskAsync();
        var hoursOfHolders = new[] { 2, 3, 1 };
        await Mooring.Database.WriteAsync(
            (db, _) =>
            {
                db.Attachments.AddRange(hoursOfHolders.Select((hours, i) => Holder(disk, i, hours)));
                return Task.CompletedTask;
            },
            Ct);

        string[] longestFirst = [PodOf(2), PodOf(0), PodOf(1)];
        Pods((await Mooring.GetAsync($"/disks/{disk}")).Object).ShouldBe(longestFirst);
        Pods((await Mooring.GetAsync("/disks/")).Data[0]).ShouldBe(longestFirst);

        static IEnumerable<string> Pods(JsonNode disk) => disk["pods"]!.AsArray().Select(id => id!.GetValue<string>());
    }

    [Fact]
    public async Task History_sorts_by_end_or_start_in_either_direction()
    {
        var times = new[] { (Created: 1, Ended: 9), (Created: 2, Ended: 5), (Created: 3, Ended: 7) };
        await AddPastPodsAsync(times);

        (await NamesAsync("")).ShouldBe(["1", "3", "2"]);
        (await NamesAsync("?sort_by=terminatedAt&sort_order=asc")).ShouldBe(["2", "3", "1"]);
        (await NamesAsync("?sort_by=createdAt&sort_order=desc")).ShouldBe(["3", "2", "1"]);
        (await NamesAsync("?sort_by=createdAt&sort_order=asc&limit=2")).ShouldBe(["1", "2"]);
        (await NamesAsync("?sort_by=createdAt&sort_order=asc&limit=2&offset=2")).ShouldBe(["3"]);
        (await Mooring.GetAsync("/pods/history?sort_by=name")).ShouldFault("sort_by");
        (await Mooring.GetAsync("/pods/history?sort_order=up")).ShouldFault("sort_order");

        async Task<IEnumerable<string>> NamesAsync(string query) =>
            (await Mooring.GetAsync("/pods/history" + query)).ShouldBe(200)
                .Data.Select(row => row["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task One_account_never_sees_anothers()
    {
        var mine = await Mooring.CreateDiskAsync();
        var stranger = await Mooring.MintStrangerAsync();
        var theirs = await Mooring.CreateDiskAsync(key: stranger);
        var pod = await Mooring.CreatePodAsync();

        (await Mooring.GetAsync("/disks/")).Data.Select(row => row["id"]!.GetValue<string>()).ShouldBe([mine]);
        (await Mooring.GetAsync("/disks/", stranger)).Data.Select(row => row["id"]!.GetValue<string>())
            .ShouldBe([theirs]);
        (await Mooring.GetAsync("/pods/", stranger)).Data.ShouldBeEmpty();
        (await Mooring.GetAsync("/pods/status?pod_ids=" + pod, stranger)).Data.ShouldBeEmpty();
    }

    private async Task AddPastPodsAsync((int Created, int Ended)[] times)
    {
        var store = await Mooring.ReadAsync(db => db.Users.AsNoTracking().SingleAsync(Ct));
        await Mooring.Database.WriteAsync(
            (db, _) =>
            {
                foreach (var (created, ended) in times)
                {
                    db.Pods.Add(Past(store.AccountId, store.Id, created, ended));
                }

                return Task.CompletedTask;
            },
            Ct);
    }

    private static string PodOf(int index) => index.ToString("x32");

    private static Attachment Holder(string disk, int index, int hours) => new()
    {
        Id = new AttachmentId(PodOf(index)),
        DiskId = new DiskId(disk),
        PodId = new PodId(PodOf(index)),
        HostId = null,
        AccountId = new AccountId("a"),
        Ordinal = 0,
        MountPath = "/workspace",
        Generation = index,
        IsExclusive = false,
        Status = AttachmentStatus.Attached,
        ClaimedAt = TestMooring.Start.AddHours(hours),
        Version = 1,
    };

    private static Pod Past(AccountId account, UserId user, int created, int ended)
    {
        var id = created.ToString("x32");
        return new Pod
        {
            Id = new PodId(id),
            Name = created.ToString(),
            Status = PodStatus.Terminated,
            AccountId = account,
            CreatorId = user,
            WalletId = new WalletId("w"),
            ProviderAccountId = new ProviderAccountId("p"),
            ProviderType = "hyperstack",
            CloudId = "cpu-1",
            Security = Providers.Security.SecureCloud,
            RemoteName = Providers.RemoteName.For("abcd1234", id),
            HostId = null,
            GpuType = "CPU_NODE",
            GpuCount = 1,
            Socket = "PCIe",
            Vcpus = 1,
            MemoryGiB = 1,
            BootDiskGiB = 1,
            Image = "ubuntu_22_cuda_12",
            ImageReference = "image",
            AutoRestart = false,
            Environment = new Dictionary<string, string>(),
            AuthorizedKeys = [],
            PriceHr = Providers.Money.Zero,
            CreatedAt = TestMooring.Start.AddHours(created),
            UpdatedAt = TestMooring.Start.AddHours(ended),
            StatusSince = TestMooring.Start.AddHours(ended),
            TerminatedAt = TestMooring.Start.AddHours(ended),
            Version = 1,
        };
    }
}

public sealed class SqliteListTests() : ListTests(Backend.Sqlite);

public sealed class PostgresListTests() : ListTests(Backend.PostgreSql);
