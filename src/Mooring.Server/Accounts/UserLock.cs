using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

internal static class UserLock
{
    /// <summary>
    /// Holds a user's row until the transaction ends, so that rules over all of a user's keys (how many, which is
    /// primary, which is the last) are not broken by two requests at once. SQLite has one writer anyway.
    /// </summary>
    public static Task LockUserAsync(this MooringDb db, UserId id, CancellationToken ct) => db.Users
        .Where(user => user.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(user => user.Role, user => user.Role), ct);
}
