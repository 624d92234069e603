using CsCheck;
using Mooring.Providers;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;
using Mooring.Server.Wallets;

namespace Mooring.Server.Tests.Wallets;

public class WalletLifecycleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly WalletLimits Limits = new();

    [Fact]
    public void Nothing_is_reclaimed_before_the_grace_time_and_three_warnings_however_seldom_somebody_looks() =>
        Gen.Long[1, 40L * 86_400_000_000].Array[1, 60].Sample(pauses =>
        {
            var wallet = Empty();
            var now = Start;
            List<(Happened What, DateTimeOffset At)> told = [];
            foreach (var pause in pauses.Prepend(0))
            {
                now += TimeSpan.FromMicroseconds(pause);
                var change = WalletLifecycle.Look(wallet, true, Limits, now);
                told.AddRange(change.Happenings.Select(happening => (happening.What, now)));
                wallet = change.After;
            }

            var warned = told.Where(one => one.What == Happened.ReclaimWarned).Select(one => one.At).ToList();
            warned.Count.ShouldBe(Math.Min(wallet.GraceStage, WalletLimits.Warnings));
            // A day at the least is left after each warning, two weeks in all.
            warned.Zip(warned.Skip(1), (first, second) => second - first)
                .ShouldAllBe(gap => gap >= TimeSpan.FromDays(2));
            if (WalletLifecycle.WorkOf(wallet) == WalletWork.Reclaim)
            {
                var reclaimed = told.Single(one => one.What == Happened.Reclaimed).At;
                warned.Count.ShouldBe(WalletLimits.Warnings);
                (reclaimed - warned[^1]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromDays(1));
                (reclaimed - Start).ShouldBeGreaterThanOrEqualTo(Limits.Grace);
            }
        });

    [Fact]
    public void Who_looks_whenever_it_is_due_warns_with_7_days_3_days_and_1_day_left()
    {
        var wallet = Empty();
        var now = Start;
        List<(Happened What, double Days)> told = [];
        while (true)
        {
            var change = WalletLifecycle.Look(wallet, true, Limits, now);
            told.AddRange(change.Happenings.Select(happening => (happening.What, (now - Start).TotalDays)));
            wallet = change.After;
            if (change.Due is not Due.At next)
            {
                break;
            }

            // What is said of the end does not change on the way.
            WalletLifecycle.KeptUntil(wallet, Limits).ShouldBe(Start.AddDays(14));
            now = next.Time;
        }

        told.ShouldBe(
        [
            (Happened.BalanceEmpty, 0),
            (Happened.ReclaimWarned, 7),
            (Happened.ReclaimWarned, 11),
            (Happened.ReclaimWarned, 13),
            (Happened.Reclaimed, 14),
        ]);
    }

    [Fact]
    public void It_is_due_the_microsecond_its_balance_is_used_up() => Gen.Select(
            Gen.Long[1, 1_000_000_000_000_000], Gen.Long[1, 1_000_000_000_000], Gen.Long[0, 86_400_000_000])
        .Sample((credit, rate, age) =>
        {
            var wallet = Paying(new Money(credit), new Money(rate));
            var now = Start + TimeSpan.FromMicroseconds(age);
            if (WalletLifecycle.RunsOutAt(wallet, now) is not { } at || wallet.BalanceAt(now) <= 0)
            {
                return;
            }

            wallet.BalanceAt(at).ShouldBeLessThanOrEqualTo(0);
            wallet.BalanceAt(at - TimeSpan.FromMicroseconds(1)).ShouldBeGreaterThan(0);
            WalletLifecycle.Look(wallet, true, Limits, at).After.EmptySince.ShouldBe(at);
            WalletLifecycle.Look(wallet, true, Limits, at - TimeSpan.FromMicroseconds(1))
                .After.EmptySince.ShouldBeNull();
        });

    [Fact]
    public void A_low_balance_is_told_once_until_it_was_enough_again()
    {
        var low = Paying(Money.FromUsd(9), Money.FromUsd(1));

        var first = WalletLifecycle.Look(low, true, Limits, Start);
        var second = WalletLifecycle.Look(first.After, true, Limits, Start.AddHours(1));
        var enough = WalletLifecycle.Look(
            second.After with { Credit = Money.FromUsd(100).PicoUsd }, true, Limits, Start.AddHours(1));
        var again = WalletLifecycle.Look(enough.After, true, Limits, ((Due.At)enough.Due!).Time);

        first.Happenings.Single().What.ShouldBe(Happened.BalanceLow);
        first.Happenings.Single().Words.ShouldBe(
            "Its balance is 9 USD, and low from 10 USD on. As things are it is used up at 2026-01-01 09:00:00Z; then "
            + "instances are ended and disks stopped.");
        second.Happenings.ShouldBeEmpty();
        enough.After.LowSince.ShouldBeNull();
        again.At.ShouldBe(Start.AddHours(90));
        again.Happenings.Single().What.ShouldBe(Happened.BalanceLow);
    }

    [Fact]
    public void An_empty_wallet_without_disks_warns_of_nothing()
    {
        var change = WalletLifecycle.Look(Empty(), false, Limits, Start.AddDays(30));

        change.Happenings.Single().What.ShouldBe(Happened.BalanceEmpty);
        change.Due.ShouldBe(Due.Nothing);
    }

    [Fact]
    public void Time_without_a_disk_is_no_grace_time()
    {
        var bare = WalletLifecycle.Look(Empty(), false, Limits, Start).After;

        var found = WalletLifecycle.Look(bare, true, Limits, Start.AddDays(30));

        found.Happenings.ShouldBeEmpty();
        WalletLifecycle.KeptUntil(bare, Limits).ShouldBeNull();
        WalletLifecycle.KeptUntil(found.After, Limits).ShouldBe(Start.AddDays(44));
    }

    [Fact]
    public void A_clock_that_is_set_back_to_where_there_was_a_balance_is_believed()
    {
        var wallet = Paying(Money.FromUsd(1), Money.FromUsd(1));
        var empty = WalletLifecycle.Look(wallet, true, Limits, Start.AddHours(1)).After;

        var change = WalletLifecycle.Look(empty, true, Limits, Start.AddMinutes(30));

        empty.EmptySince.ShouldBe(Start.AddHours(1));
        change.After.EmptySince.ShouldBeNull();
        change.Due.ShouldBe(new Due.At(Start.AddHours(1)));
    }

    [Fact]
    public void Credit_is_kept_exactly_however_much_it_is() => Gen.Select(Gen.Long, Gen.Long[0, 1_000_000])
        .Sample((pico, times) =>
        {
            var credit = (Int128)pico * times;
            var wallet = Empty() with { Credit = credit };

            wallet.Credit.ShouldBe(credit);
            wallet.CreditPicoUsd.ShouldBeInRange(0, 999_999_999_999);
        });

    [Fact]
    public void In_showback_nothing_is_asked_of_it() =>
        WalletLifecycle.Look(Empty() with { IsPrepaid = false }, true, Limits, Start)
            .ShouldSatisfyAllConditions(
                change => change.Happenings.ShouldBeEmpty(),
                change => change.After.EmptySince.ShouldBeNull(),
                change => change.Due.ShouldBe(Due.Nothing));

    private static Wallet Empty() => Paying(Money.Zero, Money.FromUsd(0.001m));

    private static Wallet Paying(Money credit, Money rate)
    {
        var line = SpendingLine.Turn(null, rate, Start);
        var (high, low) = line.Stored();
        return new Wallet
        {
            Id = new WalletId("w"),
            AccountId = new AccountId("a"),
            CreatedAt = Start,
            IsPrepaid = true,
            Credit = credit.PicoUsd,
            Rate = rate,
            OffsetHigh = high,
            OffsetLow = low,
        };
    }
}
