using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Http;
using Npgsql;

namespace Mooring.Server.Tests.Persistence;

/// <summary>Servers that start at once on one PostgreSQL database that nobody has used before.</summary>
public sealed class FirstStartTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_first_starts_at_once_make_one_installation()
    {
        var (first, second) = await TestMooring.PairAsync();
        await using var later = first;
        await using var sooner = second;

        // Both are there before either may begin.
        await using (var turn = await TakeTurnAsync(first))
        {
            var starts = Task.WhenAll(first.RunAsync(), second.RunAsync());
            await Eventually.HoldsAsync(
                () => IsWaiting(first) && IsWaiting(second), "both wait for the turn that is taken");
            await turn.DisposeAsync();
            await Eventually.EndsAsync(starts);
        }

        first.Services.GetInstallationId().ShouldBe(second.Services.GetInstallationId());
        (await first.ReadAsync(db => db.Installations.CountAsync(Ct))).ShouldBe(1);
        (await first.ReadAsync(db => db.Users.CountAsync(Ct))).ShouldBe(1);
        (await first.ReadAsync(db => db.Accounts.CountAsync(Ct))).ShouldBe(1);
        (await first.ReadAsync(db => db.ApiKeys.CountAsync(Ct))).ShouldBe(1);
        (await first.ReadAsync(db => db.ProviderAccounts.CountAsync(Ct))).ShouldBe(1);
        string[] keys = [first.AdminKey, second.AdminKey];
        var key = keys.Where(one => one.Length > 0).ShouldHaveSingleItem("the other one has made none");
        (await first.GetAsync("/disks/", key)).ShouldBe(200);
        (await second.GetAsync("/disks/", key)).ShouldBe(200);
    }

    [Fact]
    public async Task A_turn_ends_with_the_start_and_nobody_waits_for_a_server_that_runs()
    {
        await using var mooring = await TestMooring.StartAsync(backend: Backend.PostgreSql);
        await using var replica = await mooring.StartReplicaAsync();

        IsWaiting(replica).ShouldBeFalse();
    }

    private static bool IsWaiting(TestMooring server) => server.Log.All.Any(line => line.Contains("this one waits"));

    private static async Task<NpgsqlConnection> TakeTurnAsync(TestMooring server)
    {
        var connection = new NpgsqlConnection(server.PostgresConnection);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = StartTurn.Number });
        await command.ExecuteNonQueryAsync(Ct);
        return connection;
    }
}
