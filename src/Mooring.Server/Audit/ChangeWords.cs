using System.Globalization;
using System.Security.Cryptography;
using Mooring.Providers;
using Mooring.Server.Accounts;
using Mooring.Server.Disks;
using Mooring.Server.Logins;
using Mooring.Server.Persistence;
using Mooring.Server.Wallets;
using WalletModes = Mooring.Contract.Native.WalletModes;

namespace Mooring.Server.Audit;

/// <summary>
/// What a change's entry says of it: what was, and what is now, as the unit of work has seen both. Null where it left
/// everything as it was. No secret and nothing that lets anybody in is in any of them.
/// </summary>
internal static class ChangeWords
{
    private const string Unlimited = "unlimited";

    public static string Of(User user) =>
        $"name '{user.Name}', mail address '{user.Email}', role {user.Role}";

    public static string? Of(Changed<User> user) => Joined(
        Named("name", user.Before.Name, user.After.Name),
        Named("mail address", user.Before.Email, user.After.Email),
        Now("role", user.Before.Role, user.After.Role),
        Disabled(user.Before.DisabledAt, user.After.DisabledAt),
        Named("slug", user.Before.Slug, user.After.Slug));

    public static string? Of(Team team, string? admin = null) => Joined(
        $"name '{team.Name}'",
        team.Slug is null ? null : $"slug '{team.Slug}'",
        admin is null ? null : $"first admin {admin}");

    public static string? Of(Changed<Team> team) => Joined(
        Named("name", team.Before.Name, team.After.Name), Named("slug", team.Before.Slug, team.After.Slug));

    /// <summary>Nobody was there before who joins, and nobody is now who has left.</summary>
    public static string? Of(Changed<TeamMember?> member) => (member.Before, member.After) switch
    {
        (null, { } after) => $"joined, role {after.Role}",
        ({ } before, null) => $"left, role was {before.Role}",
        ({ } before, { } after) => Now("role", before.Role, after.Role),
        _ => null,
    };

    public static string? Of(Changed<Account> account) => Joined(
        Now("disks", Number(account.Before.QuotaDisks), Number(account.After.QuotaDisks)),
        Now("GB", Number(account.Before.QuotaGiB), Number(account.After.QuotaGiB)),
        Now("instances", Number(account.Before.QuotaPods), Number(account.After.QuotaPods)),
        Now("spend", Rate(account.Before.QuotaRate), Rate(account.After.QuotaRate)));

    /// <summary>A key that is made, but for its text; what it may do comes first, as a name may be long.</summary>
    public static string Of(ApiKey key) => string.Join("; ",
    [
        $"permissions {string.Join(", ", Sections.ToWire(key.Permissions))}",
        key.ExpiresAt is { } end ? $"until {Instant(end)}" : "without an end",
        $"for user {key.UserId}" + (key.TeamId is { } team ? $" in team {team}" : ""),
        $"name '{key.Name}'",
    ]);

    public static string? Of(Changed<ApiKey> key) => Joined(
        Named("name", key.Before.Name, key.After.Name),
        Disabled(key.Before.DisabledAt, key.After.DisabledAt),
        (key.Before.RevokedAt, key.After.RevokedAt) switch
        {
            (null, not null) => $"revoked; name '{key.After.Name}'",
            _ => null,
        });

    /// <summary>The request's code is nobody's business; its id is in the log as well.</summary>
    public static string Of(SettledLogin login) =>
        $"login request {login.Request.Id} from {login.Request.Address}; {Of(login.Key)}";

    public static string Of(LoginRequest denied) => $"from {denied.Address}";

    public static string? Of(Changed<Disk> disk) => Joined(
        Named("name", disk.Before.Name, disk.After.Name),
        Now("deletion", Deletion(disk.Before), Deletion(disk.After)));

    /// <summary>A key that is gone later is known by its fingerprint, as <c>ssh-keygen -l</c> shows it.</summary>
    public static string Of(SshKey key) => $"{Fingerprint(key.PublicKey)}, name '{key.Name}'";

    public static string? Of(Changed<Wallet> wallet) => Now("mode", Mode(wallet.Before), Mode(wallet.After));

    public static string Of(CreditEntry entry) => $"{entry.Amount}, reference '{entry.Reference}'";

    public static string Of(ProviderAccounts.ProviderAccount account) =>
        $"{account.Type}, name '{account.Name}', priority {account.Priority}";

    /// <summary>What an operator took on, or has deleted, at a provider.</summary>
    public static string OfRemote(string account, string name) => $"'{name}' at provider account {account}";

    private static string? Joined(params IReadOnlyList<string?> parts) =>
        string.Join(", ", parts.OfType<string>()) is { Length: > 0 } words ? words : null;

    private static string? Now(string what, string before, string after) =>
        before == after ? null : $"{what} {before}, now {after}";

    private static string? Named(string what, string? before, string? after) =>
        Now(what, Quoted(before), Quoted(after));

    private static string Quoted(string? text) => text is null ? "none" : $"'{text}'";

    private static string? Disabled(DateTimeOffset? before, DateTimeOffset? after) => (before, after) switch
    {
        (null, not null) => "disabled",
        (not null, null) => "enabled",
        _ => null,
    };

    private static string Deletion(Disk disk) => disk.IsDeletionForbidden ? "forbidden" : "allowed";

    private static string Mode(Wallet wallet) => wallet.IsPrepaid ? WalletModes.Prepaid : WalletModes.Showback;

    private static string Number(long? most) => most?.ToString(CultureInfo.InvariantCulture) ?? Unlimited;

    private static string Rate(Money? most) => most is { } rate ? $"{rate} an hour" : Unlimited;

    private static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Fingerprint(string line) => "SHA256:" + Convert.ToBase64String(
        SHA256.HashData(Convert.FromBase64String(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])))
        .TrimEnd('=');
}
