using System.Globalization;

namespace Mooring.Server.Wallets;

internal sealed record WalletNotFound(string Id)
    : MooringError("wallet_not_found", $"You see no wallet '{Id}'. GET /api/mooring/v1/wallets lists yours.");

internal sealed record BalanceTooLow(WalletId Id, decimal BalanceUsd, decimal InUseUsd, decimal WantedUsd)
    : MooringError(
        "balance_too_low",
        BalanceUsd > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Wallet {Id} has {BalanceUsd:0.00####} USD left, which has to cover an hour of all it pays for: "
                + $"{InUseUsd:0.00##########} USD for what there is, and {WantedUsd:0.00##########} USD for this. "
                + $"Have it topped up, delete what is not needed, or ask for less.")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Wallet {Id} has nothing left: its balance is {BalanceUsd:0.00####} USD. Have it topped up until that "
                + $"covers an hour of all it pays for: {InUseUsd:0.00##########} USD for what there is, and "
                + $"{WantedUsd:0.00##########} USD for this."));

internal sealed record WalletWouldBeEmpty(WalletId Id, decimal BalanceUsd)
    : MooringError(
        "wallet_would_be_empty",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The balance of wallet {Id} is {BalanceUsd:0.00####} USD, all that it has ever spent included: "
            + $"prepaid, it would end its instances at once. Top it up first."));
