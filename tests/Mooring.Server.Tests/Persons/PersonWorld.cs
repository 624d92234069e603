using Mooring.Providers;
using Mooring.Server.Accounts;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Persons;

/// <summary>A server with one of each <see cref="Person"/>, two teams, and things of each of them.</summary>
public sealed class PersonWorld : IAsyncLifetime
{
    private const string Everything = "/api/mooring/v1/events/stream";
    private readonly Dictionary<Person, TestUser> _users = [];
    private readonly List<Thing> _things = [];
    private TestMooring? _mooring;

    internal static IReadOnlyList<Person> Team { get; } = [Person.Member, Person.TeamAdmin, Person.Owner];

    internal TestMooring Mooring => _mooring ?? throw new InvalidOperationException("The server is not started.");

    internal IReadOnlyList<Thing> Things => _things;

    internal string TeamId { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _mooring = await TestMooring.StartAsync(one => one.Agent.Report = one.Agent.Report with
        {
            Vcpus = 512,
            Memory = ByteSize.FromGiB(4_096),
        });
        foreach (var person in Enum.GetValues<Person>())
        {
            await EnterAsync(person);
        }

        TeamId = await NewTeamAsync();
        var others = await Mooring.MakeTeamAsync(Of(Person.Outsider));
        _things.Add(new(Kind.Team, TeamId, false, Team));
        _things.Add(new(Kind.Team, others, false, [Person.Outsider]));
        await FillAsync(Person.Stranger, null, [Person.Stranger]);
        await FillAsync(Person.Owner, null, [Person.Owner]);
        await FillAsync(Person.Owner, TeamId, Team);
        await FillAsync(Person.Outsider, others, [Person.Outsider]);
        foreach (var isTeams in new[] { false, true })
        {
            (await Mooring.SendAsync(
                "POST",
                $"/api/mooring/v1/wallets/{IdOf(Kind.Wallet, isTeams)}/credits",
                """{"amountUsd":1,"reference":"invoice 1"}""")).ShouldBe(201);
        }

        // So that everything has cost something.
        Mooring.Time.Advance(TimeSpan.FromHours(1));
    }

    public async ValueTask DisposeAsync()
    {
        if (_mooring is not null)
        {
            await _mooring.DisposeAsync();
        }
    }

    internal TestUser Of(Person person) => _users[person];

    internal static bool ReadsAll(Person person) => person is Person.Manager or Person.Operator;

    /// <summary>The one thing of a kind that is the owner's own, or the team's.</summary>
    internal string IdOf(Kind kind, bool isTeams) => Things.Single(
        thing => thing.Kind == kind && thing.IsPersonal != isTeams && thing.SeenBy.Contains(Person.Owner)).Id;

    /// <summary>A team of its own, with the people of the team.</summary>
    internal Task<string> NewTeamAsync() =>
        Mooring.MakeTeamAsync(Of(Person.TeamAdmin), Of(Person.Owner), Of(Person.Member));

    internal Task<string> NewDiskAsync(bool isTeams) =>
        Mooring.CreateDiskAsync(key: Of(Person.Owner).Key, team: isTeams ? TeamId : null);

    internal Task<string> NewPodAsync(bool isTeams, params IReadOnlyList<string> disks) =>
        Mooring.CreatePodForAsync(Of(Person.Owner).Key, isTeams ? TeamId : null, disks);

    internal async Task<string> NewKeyAsync() => (await Mooring.SendAsync(
        "POST", "/api/mooring/v1/keys/", """{"name":"n","permissions":["keys:read"]}""", Of(Person.Owner).Key))
        .ShouldBe(201).Object["prefix"]!.GetValue<string>();

    internal async Task<string> NewSshKeyAsync(Person person) => (await Mooring.PostAsync(
        "/ssh_keys/",
        $$"""{"name":"n","publicKey":"{{ContractRoutes.SshKeyLine}}"}""",
        Of(person).Key)).ShouldBe(200).Id;

    internal async Task<Reply> SendAsync(PersonRow row, Ask ask, Person person)
    {
        var key = Of(person).Key;
        if (row.Pattern == Everything)
        {
            return await ReadEverythingAsync(ask, person);
        }

        return row.Pattern.EndsWith("/stream", StringComparison.Ordinal)
            ? await Mooring.FirstEventAsync(ask.Path, key)
            : await Mooring.SendAsync(row.Method, ask.Path, ask.Body, key);
    }

    // Such a stream has no end: it is read up to something of the reader's own that happens last.
    private async Task<Reply> ReadEverythingAsync(Ask ask, Person person)
    {
        var reply = await Mooring.SendAsync("GET", ask.Path, key: Of(person).Key);
        var last = await Mooring.CreateDiskAsync(key: Of(person).Key);
        using var reader = await Mooring.FollowAsync(ask.Path["/api/mooring/v1".Length..], key: Of(person).Key);
        List<string> events = [];
        do
        {
            events.Add((await reader.NextEventAsync()).ToJsonString());
        }
        while (!events[^1].Contains(last, StringComparison.Ordinal));
        return reply with { Text = string.Join('\n', events) };
    }

    private async Task EnterAsync(Person person)
    {
        var user = person switch
        {
            Person.Operator => new TestUser(
                (await Mooring.GetAsync("/user/whoami")).Object["data"]!["id"]!.GetValue<string>(),
                Mooring.AdminKey,
                (await Mooring.GetAsync("/billing/wallet")).Object["wallet_id"]!.GetValue<string>()),
            Person.Manager => await Mooring.MintUserAsync("manager", UserRoles.Manager),
            _ => await Mooring.MintUserAsync(person.ToString()),
        };
        _users[person] = user;
        _things.Add(new(Kind.User, user.Id, true, Team.Contains(person) ? Team : [person]));
        _things.Add(new(Kind.Wallet, user.Wallet, true, [person]));
        _things.Add(new(Kind.Key, ApiKey.PrefixOf(user.Key)!, true, [person]));
        _things.Add(new(Kind.SshKey, await NewSshKeyAsync(person), true, [person]));
    }

    private async Task FillAsync(Person person, string? team, IReadOnlyList<Person> seenBy)
    {
        var key = Of(person).Key;
        var ended = await Mooring.CreatePodForAsync(key, team);
        (await Mooring.DeleteAsync("/pods/" + ended, key)).ShouldBe(200);
        await Mooring.ShowsAsync("/pods/" + ended, "TERMINATED", key);
        var isPersonal = team is null;
        _things.Add(new(Kind.EndedPod, ended, isPersonal, seenBy));
        var disk = await Mooring.CreateDiskAsync(key: key, team: team);
        _things.Add(new(Kind.Disk, disk, isPersonal, seenBy));
        _things.Add(new(Kind.Pod, await Mooring.CreatePodForAsync(key, team, disk), isPersonal, seenBy));
        if (!isPersonal)
        {
            var wallet = (await Mooring.GetAsync("/billing/wallet?teamId=" + team, key)).ShouldBe(200)
                .Object["wallet_id"]!.GetValue<string>();
            _things.Add(new(Kind.Wallet, wallet, false, seenBy));
        }
    }
}
