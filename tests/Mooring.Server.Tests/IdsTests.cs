using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests;

public sealed partial class IdsTests
{
    private readonly FakeTimeProvider _time = new(Rows.Noon);

    [Fact]
    public void A_uuid_is_version_7_in_32_lower_case_digits_with_its_time_first()
    {
        var id = new IdGenerator(_time, new Random(1)).Uuid();

        id.ShouldMatch("^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$");
        Convert.ToInt64(id[..12], 16).ShouldBe(Rows.Noon.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Uuids_of_later_milliseconds_sort_after_earlier_ones() => Gen.Int[1, int.MaxValue].Sample(
        wait =>
        {
            var time = new FakeTimeProvider(Rows.Noon);
            var ids = new IdGenerator(time, new Random(wait));
            var earlier = ids.Uuid();
            time.Advance(TimeSpan.FromMilliseconds(wait));

            string.CompareOrdinal(earlier, ids.Uuid()).ShouldBeLessThan(0);
        },
        iter: 500);

    [Fact]
    public void Ids_of_one_instant_differ()
    {
        var ids = new IdGenerator(_time, new Random(1));

        Enumerable.Range(0, 1_000).Select(_ => ids.Uuid()).ShouldBeUnique();
        Enumerable.Range(0, 1_000).Select(_ => ids.Cuid()).ShouldBeUnique();
    }

    [Fact]
    public void A_cuid_is_one_that_the_vendors_client_takes() => Gen.Int.Sample(
        seed => VendorsTeamId().IsMatch(new IdGenerator(_time, new Random(seed)).Cuid()).ShouldBeTrue(), iter: 500);

    [Fact]
    public void A_point_in_time_is_stored_in_whole_microseconds_and_comes_back() =>
        Gen.Long[-62_000_000_000_000_000, 250_000_000_000_000_000].Sample(
        micros => Clock.ToMicroseconds(Clock.FromMicroseconds(micros)).ShouldBe(micros), iter: 1_000);

    [Fact]
    public void Now_is_cut_to_what_can_be_stored()
    {
        _time.Advance(TimeSpan.FromTicks(19));

        _time.Now().ShouldBe(Rows.Noon + TimeSpan.FromTicks(10));
    }

    // Contract, section 8: the pattern of "prime config set-team-id".
    [GeneratedRegex("^c[a-z0-9]{24}$", RegexOptions.None, 1000)]
    private static partial Regex VendorsTeamId();
}
