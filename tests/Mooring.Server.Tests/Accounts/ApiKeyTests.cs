using System.Text.RegularExpressions;
using CsCheck;
using Mooring.Server.Accounts;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests.Accounts;

public sealed partial class ApiKeyTests
{
    [Fact]
    public void A_new_secret_has_a_prefix_to_find_it_by_and_256_random_bits()
    {
        var secrets = Enumerable.Range(0, 50).Select(_ => ApiKey.NewSecret()).ToList();

        secrets.ShouldAllBe(secret => Secret().IsMatch(secret));
        secrets.ShouldBeUnique();
        secrets.Select(ApiKey.PrefixOf).ShouldBeUnique();
        ApiKey.PrefixOf(secrets[0]).ShouldBe(secrets[0].Substring(4, 12));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mrg_")]
    [InlineData("mrg_0123456789ab_")]
    [InlineData("xyz_0123456789ab_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("mrg_0123456789abcAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Text_that_is_no_key_of_ours_has_no_prefix(string text) => ApiKey.PrefixOf(text).ShouldBeNull();

    [Fact]
    public void No_text_makes_it_throw() => Gen.Select(Gen.OneOf("", "mrg_", "mrg_0123456789ab"), Gen.String).Sample(
        (start, rest) => { ApiKey.PrefixOf(start + rest)?.Length.ShouldBe(12); },
        iter: 2_000);

    [Fact]
    public void Only_the_whole_secret_matches()
    {
        var secret = ApiKey.NewSecret();
        var key = Key(ApiKey.AllPermissions) with { Hash = ApiKey.HashOf(secret) };

        key.Hash.Length.ShouldBe(32);
        key.Matches(secret).ShouldBeTrue();
        key.Matches(secret[..^1]).ShouldBeFalse();
        key.Matches(secret + "A").ShouldBeFalse();
        key.Matches(ApiKey.NewSecret()).ShouldBeFalse();
    }

    [Fact]
    public void A_key_allows_what_was_granted_and_nothing_else() =>
        Gen.Int[0, (1 << (2 * Enum.GetValues<Section>().Length)) - 1].Sample(
            bits =>
            {
                var granted = Enum.GetValues<Section>()
                    .Select(section => (section, Access: (Access)((bits >> (2 * (int)section)) & 3)))
                    .ToList();
                var key = Key(ApiKey.Permit(granted));
                foreach (var (section, access) in granted)
                {
                    key.Allows(section, Access.Read).ShouldBe(access is Access.Read or (Access.Read | Access.Write));
                    key.Allows(section, Access.Write).ShouldBe(access is Access.Write or (Access.Read | Access.Write));
                }
            },
            iter: 1_000);

    [Fact]
    public void All_permissions_are_read_and_write_everywhere() =>
        Enum.GetValues<Section>()
            .ShouldAllBe(section => Key(ApiKey.AllPermissions).Allows(section, Access.Read | Access.Write));

    [Fact]
    public void A_key_can_be_used_until_it_expires_or_is_revoked()
    {
        var key = Key(0);
        key.IsUsableAt(Rows.Noon).ShouldBeTrue();
        var expiring = key with { ExpiresAt = Rows.Noon };
        expiring.IsUsableAt(Rows.Noon - TimeSpan.FromTicks(10)).ShouldBeTrue();
        expiring.IsUsableAt(Rows.Noon).ShouldBeFalse();
        (key with { RevokedAt = Rows.Noon + TimeSpan.FromDays(1) }).IsUsableAt(Rows.Noon)
            .ShouldBeFalse("whatever the clock says");
    }

    private static ApiKey Key(int permissions) => new()
    {
        Prefix = "0123456789ab",
        Name = "test",
        Hash = new byte[32],
        UserId = Rows.User,
        AccountId = Rows.Account,
        Permissions = permissions,
        CreatedAt = Rows.Noon,
    };

    [GeneratedRegex("^mrg_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$", RegexOptions.None, 1000)]
    private static partial Regex Secret();
}
