namespace Mooring.Server.Charges;

internal sealed record ProviderTellsNoCharges(string Id)
    : MooringError(
        "provider_tells_no_charges",
        $"The provider of account '{Id}' does not say what it charges, or the account is not set up on this server.");

internal sealed record ChargesNotRead(string Words)
    : MooringError(
        "charges_not_read",
        $"The provider did not say what it charged on each day, so that what was read before stays there: {Words} "
        + "It is asked again by itself; try again later.");
