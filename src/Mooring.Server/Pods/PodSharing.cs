using Microsoft.EntityFrameworkCore;
using Mooring.Server.Accounts;
using Mooring.Server.Persistence;

namespace Mooring.Server.Pods;

/// <summary>Which team members may log in to an instance, beside the one who makes it (contract 6.1).</summary>
internal static class PodSharing
{
    private const int KeysAtMost = 1_000;

    /// <summary>The SSH keys of the members that an instance is shared with, its maker's left out.</summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="account">The account that the instance is for.</param>
    /// <param name="maker">Who makes it.</param>
    /// <param name="withAll">Whether it is shared with every member.</param>
    /// <param name="members">Members that it is shared with.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<Result<IReadOnlyList<string>>> FindKeysAsync(
        MooringDb db,
        AccountView account,
        UserId maker,
        bool withAll,
        IReadOnlyList<string?> members,
        CancellationToken ct)
    {
        if (account.TeamId is not { } team || (!withAll && members.Count == 0))
        {
            return Result<IReadOnlyList<string>>.Of([]);
        }

        List<UserId> named = [.. members.OfType<string>().Distinct().Select(UserId.From)];
        var known = await db.TeamMembers
            .Where(member => member.TeamId == team && named.Contains(member.UserId))
            .Select(member => member.UserId)
            .ToListAsync(ct);
        if (named.Except(known).ToList() is [var stranger, ..])
        {
            return new NoSuchMember(team.Value, stranger.Value);
        }

        var keys = await db.SshKeys.AsNoTracking()
            .Where(key => key.UserId != maker
                && (withAll || named.Contains(key.UserId))
                && db.TeamMembers.Any(member => member.TeamId == team && member.UserId == key.UserId)
                && db.Users.Any(user => user.Id == key.UserId && user.DisabledAt == null))
            .OrderBy(key => key.CreatedAt)
            .ThenBy(key => key.Id)
            .Take(KeysAtMost)
            .Select(key => key.PublicKey)
            .ToListAsync(ct);
        return Result<IReadOnlyList<string>>.Of([.. keys.Distinct()]);
    }
}
