using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Inventory;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;
using Mooring.Server.Tests.ProviderAccounts;

namespace Mooring.Server.Tests.Http;

/// <summary>
/// The whole server on a free loopback port, composed as <c>mooringd</c> composes it, with a real database and one
/// scripted provider account. Its clock stands still unless a test moves it.
/// </summary>
internal sealed class TestMooring : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2025, 11, 7, 21, 7, 15, 183, TimeSpan.Zero);

    // What two servers make at once differs, as it does without a seed.
    private const int OtherSeed = 12;

    private readonly TestDatabases _databases;
    private readonly RecordsOptions _records;
    private readonly bool _isReplica;
    private int _seed = 11;
    private Action<WebApplication>? _map;
    private WebApplication? _app;
    private HttpClient? _http;

    private TestMooring(TestDatabases databases, RecordsOptions records, bool isReplica = false)
    {
        _databases = databases;
        _records = records;
        _isReplica = isReplica;
        Options = new MooringOptions { DataDirectory = databases.NewDirectory() };
    }

    public ScriptedDisks Disks { get; } = new();

    public ScriptedAgent Agent { get; } = new();

    /// <summary>A kind of cloud of which accounts can be added.</summary>
    public ScriptedCloud Cloud { get; } = new();

    /// <summary>More accounts of the same provider, each a host like the first in a place of its own.</summary>
    public IReadOnlyList<Providers.Place> OtherPlaces { get; set; } = [];

    public FakeTimeProvider Time { get; } = new(Start);

    public CapturedLog Log { get; } = new();

    /// <summary>What it logs, with the ids in its scopes.</summary>
    public ScopedLog Scoped { get; } = new();

    public MooringOptions Options { get; set; }

    public string AdminKey { get; private set; } = "";

    public WebApplication App => _app ?? throw new InvalidOperationException("The server is not started.");

    public IServiceProvider Services => App.Services;

    public Database Database => Services.GetRequiredService<Database>();

    /// <summary>The records' file, of a server on SQLite.</summary>
    public string RecordsPath => ((RecordsOptions.Sqlite)_records).Path;

    /// <summary>How to connect to the records of a server on PostgreSQL, past every pool.</summary>
    public string PostgresConnection => ((RecordsOptions.PostgreSql)_records).ConnectionString + ";Pooling=false";

    public string DataDirectory => Options.DataDirectory;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<TestMooring> StartAsync(
        Action<TestMooring>? script = null, Backend backend = Backend.Sqlite, Action<WebApplication>? map = null)
    {
        var databases = await TestDatabases.CurrentAsync();
        var mooring = new TestMooring(databases, await databases.MakeAsync(backend));
        try
        {
            mooring._map = map;
            script?.Invoke(mooring);
            await mooring.RunAsync();
            return mooring;
        }
        catch
        {
            await mooring.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another server beside this one, over the same database; to be disposed before it.</summary>
    public async Task<TestMooring> StartReplicaAsync()
    {
        var replica = new TestMooring(_databases, _records, isReplica: true) { AdminKey = AdminKey };
        await replica.RunAsync();
        return replica;
    }

    /// <summary>Two servers over one database without a schema, not started yet; the second is to go first.</summary>
    public static async Task<(TestMooring First, TestMooring Second)> PairAsync()
    {
        var databases = await TestDatabases.CurrentAsync();
        var records = await databases.MakeBareAsync(Backend.PostgreSql);
        return (
            new TestMooring(databases, records),
            new TestMooring(databases, records, isReplica: true) { _seed = OtherSeed });
    }

    /// <summary>Stops it and starts it again over the same database.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await RunAsync();
    }

    /// <summary>Sends a request with the admin key, unless told to send another one or none ("").</summary>
    public async Task<Reply> SendAsync(
        string method, string path, string? body = null, string? key = null, Action<HttpRequestMessage>? change = null)
    {
        using var request =
            new HttpRequestMessage(new HttpMethod(method), new Uri(_http!.BaseAddress + path.TrimStart('/')));
        if (key != "")
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? AdminKey);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        change?.Invoke(request);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        var type = response.Content.Headers.ContentType?.MediaType;
        return new Reply(
            (int)response.StatusCode,
            // A stream has no end: where it stands is all that is read of it here.
            type == LiveReader.ContentType
                ? (await new LiveReader(await response.Content.ReadAsStreamAsync(Ct)).NextAsync())!.ToString()
                : await response.Content.ReadAsStringAsync(Ct),
            response.Headers,
            type);
    }

    /// <summary>Follows a stream of events.</summary>
    /// <param name="path">Below <c>/api/mooring/v1</c>.</param>
    /// <param name="lastEventId">What a client that comes back sends; null for none.</param>
    /// <param name="key">Another key than the admin's.</param>
    public async Task<LiveReader> FollowAsync(string path, string? lastEventId = null, string? key = null)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Get, new Uri(_http!.BaseAddress + "api/mooring/v1" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? AdminKey);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        ((int)response.StatusCode).ShouldBe(200);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(LiveReader.ContentType);
        return new LiveReader(await response.Content.ReadAsStreamAsync(Ct), response);
    }

    /// <summary>The first event of a stream, or the refusal.</summary>
    public async Task<Reply> FirstEventAsync(string path, string? key)
    {
        var reply = await SendAsync("GET", path, key: key);
        if (reply.Status != 200)
        {
            return reply;
        }

        using var reader = await FollowAsync(path["/api/mooring/v1".Length..], key: key);
        return reply with { Text = (await reader.NextEventAsync()).ToJsonString() };
    }

    public Task<Reply> GetAsync(string path, string? key = null) => SendAsync("GET", "/api/v1" + path, key: key);

    public Task<Reply> PostAsync(string path, string body, string? key = null) =>
        SendAsync("POST", "/api/v1" + path, body, key);

    public Task<Reply> PatchAsync(string path, string body, string? key = null) =>
        SendAsync("PATCH", "/api/v1" + path, body, key);

    public Task<Reply> DeleteAsync(string path, string? key = null) => SendAsync("DELETE", "/api/v1" + path, key: key);

    /// <summary>Creates a disk and waits until it is ACTIVE.</summary>
    public async Task<string> CreateDiskAsync(
        string name = "data", int size = 10, string? cloudId = null, string? key = null, string? team = null)
    {
        var cloud = cloudId is null ? "null" : $"\"{cloudId}\"";
        var body = $$$"""
            {"disk":{"size":{{{size}}},"name":"{{{name}}}","cloudId":{{{cloud}}}},"provider":{"type":"hyperstack"},
             "team":{{{(team is null ? "null" : $$"""{"teamId":"{{team}}"}""")}}}}
            """;
        var id = (await PostAsync("/disks/", body, key)).ShouldBe(201).Id;
        await ShowsAsync("/disks/" + id, "ACTIVE", key);
        return id;
    }

    /// <summary>The body of a request for an instance of one CPU with these disks.</summary>
    public static string PodBody(params IReadOnlyList<string> disks) => $$$"""
        {"pod":{"name":"trainer","cloudId":"cpu-1","gpuType":"CPU_NODE","socket":"PCIe","gpuCount":1},
         "provider":{"type":"hyperstack"},"disks":[{{{string.Join(',', disks.Select(disk => $"\"{disk}\""))}}}]}
        """;

    /// <summary>Creates an instance and waits until it is ACTIVE.</summary>
    public async Task<string> CreatePodAsync(params IReadOnlyList<string> disks)
    {
        var id = (await PostAsync("/pods/", PodBody(disks))).ShouldBe(200).Id;
        await ShowsAsync("/pods/" + id, "ACTIVE");
        return id;
    }

    /// <summary>Creates an instance with another key, perhaps for a team, and waits until it is ACTIVE.</summary>
    public async Task<string> CreatePodForAsync(string key, string? team, params IReadOnlyList<string> disks)
    {
        var body = System.Text.Json.Nodes.JsonNode.Parse(PodBody(disks))!.AsObject();
        body["team"] = team is null ? null : new System.Text.Json.Nodes.JsonObject { ["teamId"] = team };
        var id = (await PostAsync("/pods/", body.ToJsonString(), key)).ShouldBe(200).Id;
        await ShowsAsync("/pods/" + id, "ACTIVE", key);
        return id;
    }

    /// <summary>Lets the provider's account be one that can't be read, until it is read again.</summary>
    public Task MakeUnreadableAsync() => Database.WriteAsync(
        (db, ct) => db.ProviderAccounts.ExecuteUpdateAsync(
            set => set.SetProperty(account => account.UnreadableSince, Time.Now()), ct),
        Ct);

    /// <summary>Ends every instance, so that the host has room again.</summary>
    public async Task EndPodsAsync()
    {
        foreach (var pod in (await GetAsync("/pods/")).Data)
        {
            var path = "/pods/" + pod["id"]!.GetValue<string>();
            (await DeleteAsync(path)).ShouldBe(200);
            await ShowsAsync(path, "TERMINATED");
        }
    }

    /// <summary>Has the inventory taken once, now.</summary>
    public Task SweepAsync() => Services.GetRequiredService<Sweep>().RunOnceAsync(Ct);

    /// <summary>Puts a disk under an installation's name at the provider that no record is about.</summary>
    /// <returns>Its remote name.</returns>
    public string PlantOrphan(int gib = 1, string? installation = null)
    {
        var name = Providers.RemoteName.For(
            installation ?? Services.GetInstallationId(), Services.GetRequiredService<IdGenerator>().Uuid());
        Disks.Disks[name] = new(
            name, "remote-orphan", Providers.ByteSize.FromGiB(gib), Providers.Disks.RemoteDiskState.Ready);
        return name;
    }

    /// <summary>The id of the one provider account that there is from the start.</summary>
    public async Task<string> ProviderAccountIdAsync() => (await ReadAsync(
        db => db.ProviderAccounts.AsNoTracking().SingleAsync(account => account.Type == ScriptedDisks.Type, Ct)))
        .Id.Value;

    /// <summary>Waits until a disk or an instance shows a status.</summary>
    public Task ShowsAsync(string path, string status, string? key = null) => Eventually.HoldsAsync(
        async () => (await GetAsync(path, key)).Object["status"]!.GetValue<string>() == status,
        $"{path} becomes {status}");

    /// <summary>A key of the first user's, or of another account's, made past the API.</summary>
    public async Task<string> MintKeyAsync(
        int permissions, Func<ApiKey, ApiKey>? change = null, (UserId User, AccountId Account)? of = null)
    {
        var secret = ApiKey.NewSecret();
        await Database.WriteAsync(
            async (db, ct) =>
            {
                var first =
                    await db.Users.AsNoTracking().SingleAsync(user => user.Email == Options.FirstUserEmail, ct);
                var key = new ApiKey
                {
                    Prefix = ApiKey.PrefixOf(secret)!,
                    Name = "test",
                    Hash = ApiKey.HashOf(secret),
                    UserId = of?.User ?? first.Id,
                    AccountId = of?.Account ?? first.AccountId,
                    Permissions = permissions,
                    CreatedAt = Time.Now(),
                };
                db.ApiKeys.Add(change is null ? key : change(key));
            },
            Ct);
        return secret;
    }

    /// <summary>Another user with an account of their own, and a key that may do everything there.</summary>
    public async Task<string> MintStrangerAsync() => (await MintUserAsync("stranger")).Key;

    /// <summary>Another user, with a key that may do everything that the role admits.</summary>
    public async Task<TestUser> MintUserAsync(string name = "grace", string role = UserRoles.User)
    {
        var ids = Services.GetRequiredService<IdGenerator>();
        var user = new UserId(ids.Cuid());
        var now = Time.Now();
        var made = NewAccount.Of(name, user, null, ids, now);
        await Database.WriteAsync(
            async (db, ct) =>
            {
                await db.InsertAsync(made, ct);
                db.Users.Add(new User
                {
                    Id = user,
                    AccountId = made.Account.Id,
                    Name = name,
                    Email = $"{user}@localhost",
                    Role = role,
                    CreatedAt = now,
                });
            },
            Ct);
        var key = await MintKeyAsync(ApiKey.AllPermissions, of: (user, made.Account.Id));
        return new TestUser(user.Value, key, made.Wallet.Id.Value);
    }

    /// <summary>A team of these users, whose first is its admin.</summary>
    /// <returns>The team's id.</returns>
    public async Task<string> MakeTeamAsync(TestUser admin, params IReadOnlyList<TestUser> members)
    {
        const string Teams = "/api/mooring/v1/teams/";
        var team = (await SendAsync("POST", Teams, $$"""{"name":"vision","adminUserId":"{{admin.Id}}"}"""))
            .ShouldBe(201).Id;
        foreach (var member in members)
        {
            (await SendAsync("PUT", $"{Teams}{team}/members/{member.Id}", "{}")).ShouldBe(200);
        }

        return team;
    }

    public async Task<T> ReadAsync<T>(Func<MooringDb, Task<T>> read)
    {
        await using var db = await Database.ReadAsync(Ct);
        return await read(db);
    }

    /// <summary>Waits until what was begun is done, so that nothing changes by itself any more.</summary>
    public Task SettleAsync() => Eventually.HoldsAsync(
        () => ReadAsync(async db => !await db.Disks.AnyAsync(disk => disk.DueAt != null, Ct)
            && !await db.Pods.AnyAsync(pod => pod.DueAt != null, Ct)),
        "nothing is due");

    /// <summary>
    /// How many there are of what requests create or reserve, in one query; refused requests leave it as it was.
    /// </summary>
    public Task<string> SnapshotAsync() => ReadAsync(async db => (await db.Installations.Select(_ => new
    {
        Disks = db.Disks.Count(),
        DiskVersions = db.Disks.Sum(disk => disk.Version),
        Pods = db.Pods.Count(),
        Attachments = db.Attachments.Count(),
        SshKeys = db.SshKeys.Count(),
        SshKeyVersions = db.SshKeys.Sum(key => key.Version),
        Keys = db.ApiKeys.Count(),
        Logins = db.LoginRequests.Count(),
        RevokedKeys = db.ApiKeys.Count(key => key.RevokedAt != null),
        Users = db.Users.Count(),
        Teams = db.Teams.Count(team => team.DeletedAt == null),
        Members = db.TeamMembers.Count(),
        Quotas = db.Accounts.Sum(account => account.QuotaDisks),
        Slug = db.Users.Max(user => user.Slug),
        Events = db.Events.Count(),
        Spans = db.UsageSpans.Count(),
        Promised = db.CapacityPools.Sum(pool => pool.PromisedGiB),
        Vcpus = db.Hosts.Sum(host => host.VcpusUsed),
        Memory = db.Hosts.Sum(host => host.MemoryGiBUsed),
        Gpus = db.HostGpus.Count(gpu => gpu.PodId != null),
    }).SingleAsync(Ct)).ToString()!);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (!_isReplica)
        {
            await _databases.RemoveAsync(_records);
        }
    }

    /// <summary>Starts it, over the records that there are.</summary>
    public async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(Log);
        builder.Logging.AddProvider(Scoped);
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter(CapturedLog.SqlCategory, LogLevel.Information);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.SetForMooring();
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddMooringServer(Options, _records, new Random(_seed));
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton(new ProviderSetup(
            ScriptedDisks.Type, "test", (_, _) => Task.FromResult(new ProviderParts(ScriptedDisks.Us1, Disks, Agent))));
        builder.Services.AddSingleton(Cloud.Kind);
        foreach (var (index, place) in OtherPlaces.Index())
        {
            builder.Services.AddSingleton(new ProviderSetup(
                ScriptedDisks.Type,
                $"other {index}",
                (_, _) => Task.FromResult(new ProviderParts(place, null, new ScriptedAgent()))));
        }

        _app = builder.Build();
        _app.UseMooring();
        _map?.Invoke(_app);
        AdminKey = await _app.Services.StartMooringAsync(Ct) ?? AdminKey;
        await _app.StartAsync(Ct);
        // What a test then lets fail has answered once.
        await Services.GetRequiredService<OfferCatalog>().FirstAnswersAsync(Ct);
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            // Who reads a stream no more is gone at once.
            ResponseDrainTimeout = TimeSpan.Zero,
        })
        {
            BaseAddress = new Uri(_app.Urls.Single()),
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    /// <summary>Ends it; its records stay.</summary>
    public async Task StopAsync()
    {
        _http?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
            _app = null;
        }
    }
}

/// <summary>A user of a test's.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Key">A key that may do everything that the user's role admits.</param>
internal sealed record TestUser(string Id, string Key, string Wallet);
