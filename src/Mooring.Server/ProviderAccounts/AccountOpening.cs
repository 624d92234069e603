using Microsoft.Extensions.Logging;
using Mooring.Server.Offers;

namespace Mooring.Server.ProviderAccounts;

/// <summary>Makes provider accounts that are in the records ready to be called.</summary>
internal sealed partial class AccountOpening(
    IEnumerable<ProviderKind> kinds,
    Credentials credentials,
    InstallationId installation,
    IServiceProvider services,
    ILogger<AccountOpening> logger)
{
    private readonly Dictionary<string, ProviderKind> _kinds = kinds.ToDictionary(kind => kind.Type);

    /// <summary>The kinds of which accounts can be added, by name.</summary>
    public IReadOnlyCollection<string> Types => _kinds.Keys;

    public ProviderKind? KindOf(string type) => _kinds.GetValueOrDefault(type);

    /// <summary>An account's parts, by a credential that may not be stored yet.</summary>
    /// <exception cref="FormatException">The credential or a setting can't be used; the words say why.</exception>
    public ProviderParts Open(ProviderKind kind, string credential, IReadOnlyDictionary<string, string> settings) =>
        kind.Open(new ProviderOpening(credential, settings, installation.Value, services));

    /// <summary>
    /// The account, ready to be called; null where this server can't, which its log says. Its disks then keep their
    /// state until it can.
    /// </summary>
    public Provider? Open(ProviderAccount account)
    {
        if (KindOf(account.Type) is not { } kind)
        {
            LogKindUnknown(account.Id, account.Name, account.Type);
            return null;
        }

        if (credentials.Reveal(account) is not { } credential)
        {
            LogUnreadable(account.Id, account.Name, account.Type);
            return null;
        }

        try
        {
            return ProviderOf(account, Open(kind, credential, account.Settings));
        }
        catch (FormatException exception)
        {
            LogUnusable(account.Id, account.Name, account.Type, exception.Message);
            return null;
        }
    }

    public static Provider ProviderOf(ProviderAccount account, ProviderParts parts) =>
        new(account.Id, account.Type, parts.Disks, parts.Instances)
        {
            Billing = parts.Billing,
            Priority = account.Priority,
            IsDisabled = account.DisabledAt is not null,
        };

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Provider account {Account} ({Name}) is of type {Type}, which this server does not know")]
    private partial void LogKindUnknown(ProviderAccountId account, string name, string type);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The credential of provider account {Account} ({Name}, {Type}) can't be decrypted with this server's "
            + "key ring: put back the key ring that it was stored with, or rotate the credential")]
    private partial void LogUnreadable(ProviderAccountId account, string name, string type);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Provider account {Account} ({Name}, {Type}) can't be used as it is set: {Words}")]
    private partial void LogUnusable(ProviderAccountId account, string name, string type, string words);
}
