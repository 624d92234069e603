using System.Text.Json.Nodes;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Wallets;

/// <summary>Users who pay in advance, at a server on SQLite, whose time a test moves.</summary>
internal static class Prepaying
{
    private const string Wallets = "/api/mooring/v1/wallets/";

    /// <summary>Books money in, or out where it is below zero.</summary>
    public static async Task BookAsync(this TestMooring mooring, TestUser user, decimal usd)
    {
        var body = FormattableString.Invariant($$"""{"amountUsd":{{usd}},"reference":"paid in"}""");
        (await mooring.SendAsync("POST", $"{Wallets}{user.Wallet}/credits", body)).ShouldBe(201);
    }

    /// <summary>Has a user's wallet prepaid, with so much in it.</summary>
    public static async Task PayInAdvanceAsync(this TestMooring mooring, TestUser user, decimal usd)
    {
        await mooring.BookAsync(user, usd);
        (await mooring.SendAsync("PATCH", Wallets + user.Wallet, """{"mode":"prepaid"}""")).ShouldBe(200);
    }

    /// <summary>How a user's wallet stands.</summary>
    public static async Task<JsonObject> WalletOfAsync(this TestMooring mooring, TestUser user) =>
        (await mooring.SendAsync("GET", Wallets + user.Wallet)).ShouldBe(200).Object;

    /// <summary>Waits until the worker has seen that nothing is left.</summary>
    public static Task BecomesEmptyAsync(this TestMooring mooring, TestUser user) => Eventually.HoldsAsync(
        async () =>
        {
            mooring.Time.Advance(TimeSpan.FromMilliseconds(10));
            return (await mooring.WalletOfAsync(user))["status"]!.GetValue<string>() == "EMPTY";
        },
        $"the wallet of {user.Id} is empty");

    /// <summary>Waits until a disk or pod has a status.</summary>
    public static Task BecomesAsync(this TestMooring mooring, string path, string status) => Eventually.HoldsAsync(
        async () =>
        {
            mooring.Time.Advance(TimeSpan.FromMilliseconds(10));
            return (await mooring.GetAsync(path)).Object["status"]!.GetValue<string>() == status;
        },
        $"{path} becomes {status}");
}
