using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Providers;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Wallets;

/// <summary>What operators do to wallets: book credit, and say how they pay.</summary>
internal sealed class WalletChanges(
    Database database, KeyLookup keys, MooringOptions options, TimeProvider time)
{
    /// <summary>USD of one booking at the most, in or out.</summary>
    public const decimal AmountAtMost = 1_000_000m;

    /// <summary>Books what was paid in, or is taken out.</summary>
    /// <exception cref="InvalidRequestException">The request breaks a rule of its form.</exception>
    public async Task<Result<(CreditEntry Entry, Wallet Wallet)>> BookAsync(
        string id, TopUpRequest request, Caller caller, Keep<(CreditEntry, Wallet)> keep, CancellationToken ct)
    {
        var (amount, reference) = Check(request);
        return await database.TryWriteAsync<(CreditEntry, Wallet)>(
            async (db, token) =>
            {
                if (await HoldAsync(db, id, token) is not { } wallet)
                {
                    return new WalletNotFound(id);
                }

                var now = time.Now();
                var entry = new CreditEntry
                {
                    WalletId = wallet.Id,
                    At = now,
                    Amount = amount,
                    Reference = reference,
                    UserId = caller.UserId,
                };
                db.CreditEntries.Add(entry);
                await db.SaveChangesAsync(token);
                var after = await db.WriteAsync(
                    Settled(
                        wallet,
                        wallet with { Credit = wallet.Credit + amount.PicoUsd },
                        now,
                        new Happening(Happened.Credited, $"{amount}: {reference}") { Amount = amount }),
                    token);
                return (entry, after);
            },
            keep,
            ct);
    }

    /// <summary>Says how a wallet pays from now on.</summary>
    /// <exception cref="InvalidRequestException">The request breaks a rule of its form.</exception>
    public async Task<Result<Changed<Wallet>>> SetModeAsync(
        string id, ChangeWalletRequest request, Keep<Changed<Wallet>> keep, CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(
            request.Mode is WalletModes.Showback or WalletModes.Prepaid,
            "body.mode",
            $"must be {WalletModes.Showback} or {WalletModes.Prepaid}");
        faults.Throw();
        var isPrepaid = request.Mode == WalletModes.Prepaid;
        var set = await database.TryWriteAsync<Changed<Wallet>>(
            async (db, token) =>
            {
                if (await HoldAsync(db, id, token) is not { } wallet)
                {
                    return new WalletNotFound(id);
                }

                if (wallet.IsPrepaid == isPrepaid)
                {
                    return new Changed<Wallet>(wallet, wallet);
                }

                var now = time.Now();
                if (isPrepaid && wallet.BalanceAt(now) <= 0)
                {
                    return new WalletWouldBeEmpty(wallet.Id, Accrual.Usd(wallet.BalanceAt(now)));
                }

                var after = await db.WriteAsync(
                    Settled(
                        wallet,
                        wallet with { IsPrepaid = isPrepaid },
                        now,
                        new Happening(Happened.ModeChanged, $"It is {request.Mode} from now on.")),
                    token);
                return new Changed<Wallet>(wallet, after);
            },
            keep,
            ct);
        // Keys are remembered with how their accounts pay.
        keys.ForgetAll();
        return set;
    }

    // Where it pays from now on, it does so from this moment: what was to come of its emptiness, no worker that looks
    // later may hold against what was made since. What being empty means is the worker's, which knows its disks.
    private WalletChange Settled(Wallet before, Wallet after, DateTimeOffset now, Happening happening)
    {
        var isPaid = !after.IsPrepaid || after.BalanceAt(now) > 0;
        var looked = isPaid ? WalletLifecycle.Look(after, true, options.WalletLimits, now) : null;
        return new WalletChange(
            before,
            looked?.After ?? after,
            before.IsPrepaid || after.IsPrepaid ? Due.AtOnce : null,
            now,
            [happening, .. looked?.Happenings ?? []]);
    }

    private static (Money Amount, string Reference) Check(TopUpRequest request)
    {
        var faults = new Faults();
        faults.Check(
            request.AmountUsd is { } usd and not 0 and >= -AmountAtMost and <= AmountAtMost
                && decimal.Round(usd, 12) == usd,
            "body.amountUsd",
            "is required: -1000000 to 1000000 USD, not 0, with 12 decimals at the most");
        faults.Check(
            request.Reference is { Length: > 0 }, "body.reference", "is required: what the money is for");
        if (request.Reference is { Length: > 0 } text && TextRules.FaultOfName(text) is { } fault)
        {
            faults.Add("body.reference", fault);
        }

        faults.Throw();
        return (Money.FromUsd(request.AmountUsd!.Value), request.Reference!);
    }

    // Held, so that of two bookings at once the second sees the first.
    private static async Task<Wallet?> HoldAsync(MooringDb db, string text, CancellationToken ct)
    {
        if (ResourceIds.ParseWallet(text) is not { } id
            || await db.LockWalletAsync(id, ct) == 0)
        {
            return null;
        }

        return await db.Wallets.AsNoTracking().SingleAsync(one => one.Id == id, ct);
    }
}
