namespace Mooring.Server.ProviderAccounts;

/// <summary>A kind of cloud of which accounts can be added while the server runs.</summary>
/// <param name="Type">The provider's type, as clients name it.</param>
/// <param name="Credential">What the credential is, in words: <c>an API key</c>.</param>
/// <param name="Settings">What else an account can be told, by name; what each means, in a sentence.</param>
/// <param name="Open">
/// Makes an account ready to be called, without a call. Throws <see cref="FormatException"/>, in words for the
/// operator, where a setting can't be used, and <see cref="CredentialFormatException"/> where the credential can't.
/// </param>
public sealed record ProviderKind(
    string Type,
    string Credential,
    IReadOnlyDictionary<string, string> Settings,
    Func<ProviderOpening, ProviderParts> Open);

/// <summary>What an account of a cloud is opened with.</summary>
/// <param name="Credential">What lets us in there. Never logged, never shown.</param>
/// <param name="Settings">By name, those of <see cref="ProviderKind.Settings"/> that the operator gave.</param>
/// <param name="InstallationId">The 8 characters in every remote name.</param>
/// <param name="Services">The process's services.</param>
public sealed record ProviderOpening(
    string Credential,
    IReadOnlyDictionary<string, string> Settings,
    string InstallationId,
    IServiceProvider Services);
