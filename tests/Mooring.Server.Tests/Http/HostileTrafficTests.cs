using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Mooring.Server.Http;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Http;

/// <summary>
/// Generated requests that nobody should send (<see cref="HostileRequests"/>), from several connections at once, to a
/// real server with a real database. Whatever comes: no answer is a fault of the server's, each refusal has its words,
/// nothing is logged as an error, and the records agree with themselves afterwards.
/// </summary>
public sealed class HostileTrafficTests
{
    private const int Connections = 8;
    private const int Ids = 64;

    private readonly ConcurrentDictionary<int, string> _ids = [];
    private readonly ConcurrentDictionary<int, int> _statuses = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static int Requests => Environment.GetEnvironmentVariable("MOORING_TEST_SOAK") == "1" ? 200_000 : 20_000;

    private static int Seed => Environment.GetEnvironmentVariable("MOORING_TEST_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : 3;

    [Fact]
    public async Task Nothing_that_is_sent_breaks_the_server_or_its_records()
    {
        await using var mooring = await TestMooring.StartAsync(one =>
        {
            one.Options = one.Options with
            {
                DeleteWait = TimeSpan.Zero,
                Limits = new RequestLimits { PerKey = 0, PerAddress = 0 },
            };
            one.Disks.Offers = [ScriptedDisks.PooledOffer(5_000)];
        });
        await SeedAsync(mooring);
        var requests = new HostileRequests(
            Seed,
            [mooring.AdminKey, await mooring.MintKeyAsync(0), await mooring.MintStrangerAsync()],
            random => _ids.GetValueOrDefault(random.Next(Ids)) ?? "fdb5205fd9b14c9d804d3f70b4c96da0");
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(
            async () =>
            {
                using var connection = new RawConnection(new Uri(mooring.App.Urls.Single()).Port);
                for (int number; (number = Interlocked.Increment(ref next)) < Requests;)
                {
                    await SendAsync(mooring, connection, requests.Make(number), number);
                }
            },
            Ct)));

        // All kinds of ends were met, so that what was looked for could have been found.
        _statuses.Keys.ShouldBeSubsetOf([200, 201, 204, 301, 302, .. Enumerable.Range(400, 100), 505]);
        foreach (var status in new[] { 200, 201, 400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 431 })
        {
            _statuses.GetValueOrDefault(status).ShouldBeGreaterThan(0, $"{status} is among the answers");
        }

        (await RecordsCheck.RunAsync(mooring.RecordsPath, Ct)).ShouldBeEmpty();
        (await mooring.SendAsync("GET", "/api/v1/disks/")).ShouldBe(200);
        mooring.Log.Errors.ShouldBeEmpty($"after the last request of seed {Seed}");
    }

    private async Task SeedAsync(TestMooring mooring)
    {
        var disk = await mooring.CreateDiskAsync();
        var pod = await mooring.CreatePodAsync(disk);
        foreach (var (index, id) in new[] { disk, pod, await mooring.ProviderAccountIdAsync() }.Index())
        {
            _ids[index] = id;
        }
    }

    private async Task SendAsync(TestMooring mooring, RawConnection connection, HostileRequest request, int number)
    {
        var said = $"request {number} of seed {Seed}: {request}";
        IReadOnlyList<RawAnswer> answers = request.IsHttp
            ? [await AskAsync(connection, request, said)]
            : await connection.ThrowAtAsync(request.Bytes, Ct);
        foreach (var answer in answers)
        {
            _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
            Check(answer, request, said);
        }

        if (number % 50 == 0)
        {
            mooring.Log.Errors.ShouldBeEmpty(said);
            mooring.Log.Sql.Clear();
            mooring.Log.All.Clear();
            // What waits for its time comes in between.
            mooring.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task<RawAnswer> AskAsync(RawConnection connection, HostileRequest request, string said)
    {
        try
        {
            return await connection.AskAsync(request.Bytes, request.Method == "HEAD", Ct);
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
        {
            throw new InvalidOperationException($"No answer to {said}", exception);
        }
    }

    private void Check(RawAnswer answer, HostileRequest request, string said)
    {
        // A version of HTTP that there is not is for the HTTP server to refuse.
        (answer.Status < 500 || (answer.Status == 505 && !request.IsHttp))
            .ShouldBeTrue($"{answer.Status} {answer.Body}\n{said}");
        if (answer.Status >= 400 && request.Method != "HEAD" && (request.IsHttp || answer.Body.Length > 0))
        {
            answer.Headers.GetValueOrDefault("content-type").ShouldBe("application/json", $"{answer}\n{said}");
            JsonNode.Parse(answer.Body)!["detail"].ShouldNotBeNull(said);
        }

        if (answer.Status is 200 or 201 && request.Method == "POST"
            && JsonNode.Parse(answer.Body) is JsonObject made
            && (made["id"] ?? made["prefix"]) is JsonValue id)
        {
            _ids[PlaceOf(id.GetValue<string>())] = id.GetValue<string>();
        }
    }

    private static int PlaceOf(string id) => id.Sum(character => character) % Ids;
}
