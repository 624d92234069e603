using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary>
/// Keys with which an operator can let others in, and that do not end by themselves: without any nobody would get in
/// again but by <c>mooringd reset-admin</c>.
/// </summary>
internal static class WaysIn
{
    private static readonly int Needed = ApiKey.Permit(
        (Section.Admin, Access.Read | Access.Write), (Section.Keys, Access.Read | Access.Write));

    /// <summary>Whether a key is one, if its user is an operator.</summary>
    public static bool IsWayIn(this ApiKey key) =>
        key is { RevokedAt: null, DisabledAt: null, ExpiresAt: null, TeamId: null }
        && (key.Permissions & Needed) == Needed;

    /// <summary>All that there are.</summary>
    public static IQueryable<ApiKey> FindWaysIn(this MooringDb db)
    {
        var needed = Needed;
        return db.ApiKeys.AsNoTracking().Where(key => key.RevokedAt == null
            && key.DisabledAt == null
            && key.ExpiresAt == null
            && key.TeamId == null
            && (key.Permissions & needed) == needed
            && db.Users.Any(user =>
                user.Id == key.UserId && user.Role == UserRoles.Admin && user.DisabledAt == null));
    }
}
