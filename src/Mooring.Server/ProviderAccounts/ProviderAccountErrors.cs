namespace Mooring.Server.ProviderAccounts;

internal sealed record ProviderAccountNotFound(string Id)
    : MooringError(
        "provider_account_not_found",
        $"There is no provider account '{Id}'. GET /api/mooring/v1/providers lists them.");

internal sealed record ProviderAccountExists(string Type, string Name)
    : MooringError(
        "provider_account_exists",
        $"There is a provider account '{Name}' of type '{Type}' already. "
        + "Choose another name, or rotate its credential.");

internal sealed record ProviderCredentialInUse(string Name)
    : MooringError(
        "provider_credential_in_use",
        $"The provider account '{Name}' has this credential already. Use that, or a credential of another account.");

internal sealed record ProviderAccountIsSetUpElsewhere(string Id)
    : MooringError(
        "provider_account_set_up_elsewhere",
        $"Provider account '{Id}' is set up by mooringd's own options at each start: it has no credential here.");

internal sealed record ProviderAccountLetsNobodyIn(string Words)
    : MooringError(
        "provider_account_lets_nobody_in",
        $"The provider does not let us in with this credential, so nothing was stored. It says: {Words}");

internal sealed record ProviderAccountNotTried(string Words)
    : MooringError(
        "provider_account_not_tried",
        $"The provider could not be asked, so nothing was stored: {Words} Try again, or send \"test\": false to "
        + "store it as it is.");
