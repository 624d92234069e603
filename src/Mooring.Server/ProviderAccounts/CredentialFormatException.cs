namespace Mooring.Server.ProviderAccounts;

/// <summary>A text that can't be a credential of its cloud; the words say why, and not what it is.</summary>
public sealed class CredentialFormatException(string message, Exception? innerException = null)
    : FormatException(message, innerException);
