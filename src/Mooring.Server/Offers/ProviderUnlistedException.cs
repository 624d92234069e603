namespace Mooring.Server.Offers;

/// <summary>A request means a provider whose offers nobody knows yet: it has not listed them since the start.</summary>
internal sealed class ProviderUnlistedException(string type, string words) : Exception(
    $"Provider '{type}' has not told what it offers since the server was started: {words} Nothing was made. "
    + "It is asked again every few seconds: try again.");
