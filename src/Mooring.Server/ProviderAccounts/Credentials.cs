using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Mooring.Server.ProviderAccounts;

/// <summary>
/// Keeps credentials encrypted at rest, by ASP.NET Core Data Protection. Its keys lie apart from the records
/// (<see cref="MooringOptions.KeyRingDirectory"/>): a copy of the database alone lets nobody into a cloud.
/// </summary>
internal sealed class Credentials(MooringOptions options)
{
    private const string Purpose = "Mooring.ProviderAccount.Credential";

    // Made when it is first needed: a server without accounts at clouds has no key ring, and starts without one.
    private readonly Lazy<IDataProtectionProvider> _protection = new(() => DataProtectionProvider.Create(
        Directory.CreateDirectory(
            options.KeyRingDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute),
        protection => protection.SetApplicationName("mooring")));

    // What protects one account's is no use with another's row.
    public string Protect(ProviderAccountId account, string credential) => For(account).Protect(credential);

    /// <summary>The credential; null where the key ring that it was protected with is not this server's.</summary>
    public string? Reveal(ProviderAccount account)
    {
        try
        {
            return For(account.Id).Unprotect(account.Credential
                ?? throw new InvalidOperationException($"Provider account {account.Id} has no credential."));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector For(ProviderAccountId account) => _protection.Value.CreateProtector(Purpose, account.Value);
}
