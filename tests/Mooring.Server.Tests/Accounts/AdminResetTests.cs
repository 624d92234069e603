using Mooring.Server.Accounts;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Accounts;

/// <summary>What <c>mooringd reset-admin</c> does to the records of a server that is ended.</summary>
public sealed class AdminResetTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_admin_key_is_replaced_by_one_in_the_key_file()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var lost = mooring.AdminKey;

        var key = await ResetAsync(mooring);

        (await mooring.GetAsync("/disks/" + disk, key)).ShouldBe(200);
        (await mooring.SendAsync("GET", "/api/mooring/v1/users", key: key)).ShouldBe(200);
        (await mooring.GetAsync("/disks/", lost)).ShouldBe(200);
        var entry = (await mooring.SendAsync("GET", "/api/mooring/v1/audit?action=resetAdmin")).Data
            .ShouldHaveSingleItem();
        entry["target"]!.GetValue<string>().ShouldBe(ApiKey.PrefixOf(key));
        File.GetUnixFileMode(Path.Combine(mooring.DataDirectory, "admin.key"))
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Keys_that_somebody_else_may_have_are_revoked_when_asked_for_and_others_hold()
    {
        await using var mooring = await TestMooring.StartAsync();
        var grace = await mooring.MintUserAsync();
        var reader = await mooring.MintKeyAsync(ApiKey.Permit((Section.Disks, Access.Read)));
        var stolen = mooring.AdminKey;

        var key = await ResetAsync(mooring, revokesOthers: true);

        (await mooring.GetAsync("/disks/", stolen)).ShouldRefuse(401);
        (await mooring.GetAsync("/disks/", reader)).ShouldBe(200);
        (await mooring.GetAsync("/disks/", key)).ShouldBe(200);
        // A key with everything that its user may not use is one of those, too.
        (await mooring.GetAsync("/disks/", grace.Key)).ShouldRefuse(401);
    }

    [Fact]
    public async Task A_user_who_is_named_becomes_the_operator()
    {
        await using var mooring = await TestMooring.StartAsync();
        var grace = await mooring.MintUserAsync();

        var key = await ResetAsync(mooring, $"{grace.Id}@localhost");

        (await mooring.GetAsync("/user/whoami", key)).Object["data"]!["id"]!.GetValue<string>().ShouldBe(grace.Id);
        (await mooring.SendAsync("GET", "/api/mooring/v1/users", key: key)).ShouldBe(200);
    }

    [Fact]
    public async Task Nobody_of_that_name_leaves_everything_as_it_was()
    {
        await using var mooring = await TestMooring.StartAsync();

        var thrown = await Should.ThrowAsync<InvalidOperationException>(() => ResetAsync(mooring, "x@localhost"));

        thrown.Message.ShouldContain("x@localhost");
        (await mooring.GetAsync("/disks/")).ShouldBe(200);
        (await File.ReadAllTextAsync(Path.Combine(mooring.DataDirectory, "admin.key"), Ct))
            .ShouldBe(mooring.AdminKey + "\n");
    }

    // The server is ended meanwhile, as the data directory's lock has it.
    private static async Task<string> ResetAsync(
        TestMooring mooring, string? email = null, bool revokesOthers = false)
    {
        await mooring.StopAsync();
        try
        {
            await AdminReset.RunAsync(
                mooring.RecordsPath, mooring.DataDirectory, email, revokesOthers, mooring.Time, Ct);
        }
        finally
        {
            await mooring.RunAsync();
        }

        (await RecordsCheck.RunAsync(mooring.RecordsPath, Ct)).ShouldBeEmpty();
        return (await File.ReadAllTextAsync(Path.Combine(mooring.DataDirectory, "admin.key"), Ct)).Trim();
    }
}
