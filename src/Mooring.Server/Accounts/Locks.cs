using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary>
/// Rows that a transaction holds until it ends, so that rules over many rows are not broken by two requests at once.
/// SQLite has one writer anyway.
/// </summary>
internal static class Locks
{
    /// <summary>For rules over all of a user's keys: how many, which is primary.</summary>
    public static Task LockUserAsync(this MooringDb db, UserId id, CancellationToken ct) => db.Users
        .Where(user => user.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(user => user.Role, user => user.Role), ct);

    /// <summary>For rules over a team's members: how many, whether one is an admin.</summary>
    public static Task LockTeamAsync(this MooringDb db, TeamId id, CancellationToken ct) => db.Teams
        .Where(team => team.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(team => team.Name, team => team.Name), ct);

    /// <summary>For rules over a wallet's credit, and what is done because of it.</summary>
    /// <returns>How many there are of that id: 1 or 0.</returns>
    public static Task<int> LockWalletAsync(this MooringDb db, WalletId id, CancellationToken ct) => db.Wallets
        .Where(wallet => wallet.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(wallet => wallet.CreatedAt, wallet => wallet.CreatedAt), ct);

    /// <summary>
    /// For rules over the whole installation: that an operator is left who can let others in, how many ask to be let
    /// in.
    /// </summary>
    public static Task LockInstallationAsync(this MooringDb db, CancellationToken ct) =>
        db.Installations.ExecuteUpdateAsync(set => set.SetProperty(one => one.CreatedAt, one => one.CreatedAt), ct);
}
