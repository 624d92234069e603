using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary>Makes users, and changes what they are.</summary>
internal sealed class UserChanges(
    Database database, KeyLookup lookup, IdGenerator ids, MooringOptions options, TimeProvider time)
{
    /// <exception cref="InvalidRequestException">The request breaks a rule of its form.</exception>
    public async Task<Result<(User User, WalletId Wallet)>> CreateAsync(
        CreateUserRequest request, Keep<(User User, WalletId Wallet)> keep, CancellationToken ct)
    {
        var faults = new Faults();
        faults.Check(request.Name is not null, "body.name", "is required");
        faults.Check(request.Email is not null, "body.email", "is required: a mail address");
        Check(request.Name, request.Email, request.Role, faults);
        faults.Throw();
        var now = time.Now();
        var id = new UserId(ids.Cuid());
        var account = NewAccount.Of(request.Name!, id, null, ids, now, options.NewWalletsArePrepaid);
        var user = new User
        {
            Id = id,
            AccountId = account.Account.Id,
            Name = request.Name!,
            Email = request.Email!,
            Role = request.Role ?? UserRoles.User,
            CreatedAt = now,
        };
        return await database.TryWriteAsync<(User, WalletId)>(
            async (db, token) =>
            {
                if (await IsTakenAsync(db, user.Email, user.Id, token))
                {
                    return new UserExists(user.Email);
                }

                await db.InsertAsync(account, token);
                await db.InsertAsync(user, token);
                return (user, account.Wallet.Id);
            },
            keep,
            ct);
    }

    /// <exception cref="InvalidRequestException">The request breaks a rule of its form.</exception>
    public async Task<Result<Changed<User>>> UpdateAsync(
        string id, UpdateUserRequest request, Keep<Changed<User>> keep, CancellationToken ct)
    {
        var faults = new Faults();
        Check(request.Name, request.Email, request.Role, faults);
        faults.Throw();
        var updated = await database.TryWriteAsync<Changed<User>>(
            async (db, token) =>
            {
                await db.LockInstallationAsync(token);
                if (ResourceIds.ParseUser(id) is not { } wanted
                    || await db.Users.AsNoTracking().SingleOrDefaultAsync(one => one.Id == wanted, token)
                        is not { } user)
                {
                    return new UserNotFound(id);
                }

                var after = user with
                {
                    Name = request.Name ?? user.Name,
                    Email = request.Email ?? user.Email,
                    Role = request.Role ?? user.Role,
                    DisabledAt = request.IsDisabled switch
                    {
                        true => user.DisabledAt ?? time.Now(),
                        false => null,
                        null => user.DisabledAt,
                    },
                };
                if (after.Email != user.Email && await IsTakenAsync(db, after.Email, user.Id, token))
                {
                    return new UserExists(after.Email);
                }

                if (IsOperator(user) && !IsOperator(after)
                    && !await db.FindWaysIn().AnyAsync(key => key.UserId != user.Id, token))
                {
                    return new LastAdmin(id);
                }

                await db.Users.Where(one => one.Id == user.Id).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(one => one.Name, after.Name)
                        .SetProperty(one => one.Email, after.Email)
                        .SetProperty(one => one.Role, after.Role)
                        .SetProperty(one => one.DisabledAt, after.DisabledAt),
                    token);
                return new Changed<User>(user, after);
            },
            keep,
            ct);
        lookup.ForgetAll();
        return updated;
    }

    private static bool IsOperator(User user) => user is { Role: UserRoles.Admin, DisabledAt: null };

    private static Task<bool> IsTakenAsync(MooringDb db, string email, UserId but, CancellationToken ct) =>
        db.Users.AnyAsync(user => user.Email == email && user.Id != but, ct);

    private static void Check(string? name, string? email, string? role, Faults faults)
    {
        if (name is not null && TextRules.FaultOfName(name) is { } fault)
        {
            faults.Add("body.name", fault);
        }

        faults.Check(email is null || UserRules.IsEmail(email), "body.email", UserRules.EmailMust);
        faults.Check(
            role is null || UserRoles.All.Contains(role),
            "body.role",
            $"must be one of {string.Join(", ", UserRoles.All)}");
    }
}
