using Microsoft.AspNetCore.Http;
using Mooring.Server.Accounts;
using Mooring.Server.Charges;
using Mooring.Server.Disks;
using Mooring.Server.Inventory;
using Mooring.Server.Live;
using Mooring.Server.Logins;
using Mooring.Server.Pods;
using Mooring.Server.ProviderAccounts;
using Mooring.Server.Wallets;

namespace Mooring.Server.Http;

/// <summary>Which HTTP status each expected error has: the one table (contract, section 2 and 16).</summary>
internal static class ErrorMap
{
    private static readonly Dictionary<Type, int> Statuses = new()
    {
        [typeof(DiskNotFound)] = StatusCodes.Status404NotFound,
        [typeof(DiskInUse)] = StatusCodes.Status409Conflict,
        [typeof(DiskDeletionForbidden)] = StatusCodes.Status409Conflict,
        [typeof(DiskDeletionAccepted)] = StatusCodes.Status409Conflict,
        [typeof(DiskHeld)] = StatusCodes.Status409Conflict,
        [typeof(DiskNotActive)] = StatusCodes.Status409Conflict,
        [typeof(DiskElsewhere)] = StatusCodes.Status409Conflict,
        [typeof(DiskNotSuspendable)] = StatusCodes.Status409Conflict,
        [typeof(DiskNotSuspended)] = StatusCodes.Status409Conflict,
        [typeof(DiskNeedsNoRetry)] = StatusCodes.Status409Conflict,
        [typeof(DiskNotHeld)] = StatusCodes.Status409Conflict,
        [typeof(NoCapacity)] = StatusCodes.Status409Conflict,
        [typeof(TooManyStreams)] = StatusCodes.Status429TooManyRequests,
        [typeof(StreamsTaken)] = StatusCodes.Status503ServiceUnavailable,
        [typeof(PodNotFound)] = StatusCodes.Status404NotFound,
        [typeof(PodNeedsNoRetry)] = StatusCodes.Status409Conflict,
        [typeof(PodHasNoLog)] = StatusCodes.Status409Conflict,
        [typeof(LogUnreadable)] = StatusCodes.Status503ServiceUnavailable,
        [typeof(HostCannotRunPods)] = StatusCodes.Status409Conflict,
        [typeof(ImageNotPresent)] = StatusCodes.Status409Conflict,
        [typeof(PriceTooHigh)] = StatusCodes.Status409Conflict,
        [typeof(TeamNotFound)] = StatusCodes.Status404NotFound,
        [typeof(SlugTaken)] = StatusCodes.Status409Conflict,
        [typeof(KeyNotFound)] = StatusCodes.Status404NotFound,
        [typeof(TooManyKeys)] = StatusCodes.Status409Conflict,
        [typeof(KeyOutlivesYours)] = StatusCodes.Status403Forbidden,
        [typeof(DiskOfAnotherAccount)] = StatusCodes.Status409Conflict,
        [typeof(LastAdminKey)] = StatusCodes.Status409Conflict,
        [typeof(LoginRequestNotFound)] = StatusCodes.Status404NotFound,
        [typeof(LoginRequestSettled)] = StatusCodes.Status409Conflict,
        [typeof(TooManyLoginRequests)] = StatusCodes.Status429TooManyRequests,
        [typeof(SshKeyNotFound)] = StatusCodes.Status404NotFound,
        [typeof(TooManySshKeys)] = StatusCodes.Status409Conflict,
        [typeof(ProviderAccountNotFound)] = StatusCodes.Status404NotFound,
        [typeof(ProviderAccountExists)] = StatusCodes.Status409Conflict,
        [typeof(ProviderCredentialInUse)] = StatusCodes.Status409Conflict,
        [typeof(ProviderAccountIsSetUpElsewhere)] = StatusCodes.Status409Conflict,
        [typeof(ProviderAccountLetsNobodyIn)] = StatusCodes.Status409Conflict,
        [typeof(ProviderAccountNotTried)] = StatusCodes.Status409Conflict,
        [typeof(ProviderTellsNoCharges)] = StatusCodes.Status409Conflict,
        [typeof(ChargesNotRead)] = StatusCodes.Status503ServiceUnavailable,
        [typeof(OrphanNotFound)] = StatusCodes.Status404NotFound,
        [typeof(OrphanHasNoPrice)] = StatusCodes.Status409Conflict,
        [typeof(ForeignDiskNotFound)] = StatusCodes.Status404NotFound,
        [typeof(ForeignDiskIsAdopted)] = StatusCodes.Status409Conflict,
        [typeof(ForeignDisksNotKnown)] = StatusCodes.Status409Conflict,
        [typeof(NotYours)] = StatusCodes.Status403Forbidden,
        [typeof(QuotaExceeded)] = StatusCodes.Status403Forbidden,
        [typeof(BalanceTooLow)] = StatusCodes.Status402PaymentRequired,
        [typeof(DiskUnpaid)] = StatusCodes.Status402PaymentRequired,
        [typeof(WalletNotFound)] = StatusCodes.Status404NotFound,
        [typeof(WalletWouldBeEmpty)] = StatusCodes.Status409Conflict,
        [typeof(NoSuchMember)] = StatusCodes.Status404NotFound,
        [typeof(UserNotFound)] = StatusCodes.Status404NotFound,
        [typeof(UserExists)] = StatusCodes.Status409Conflict,
        [typeof(LastAdmin)] = StatusCodes.Status409Conflict,
        [typeof(LastTeamAdmin)] = StatusCodes.Status409Conflict,
        [typeof(NotTeamAdmin)] = StatusCodes.Status403Forbidden,
        [typeof(TeamNotEmpty)] = StatusCodes.Status409Conflict,
        [typeof(TooManyTeams)] = StatusCodes.Status409Conflict,
        [typeof(TeamFull)] = StatusCodes.Status409Conflict,
        [typeof(RequestStillRuns)] = StatusCodes.Status409Conflict,
        [typeof(TooManyIdempotencyKeys)] = StatusCodes.Status429TooManyRequests,
        [typeof(IdempotencyKeyLost)] = StatusCodes.Status409Conflict,
        [typeof(NotAMember)] = StatusCodes.Status403Forbidden,
        [typeof(KeyRefused)] = StatusCodes.Status401Unauthorized,
        [typeof(PermissionMissing)] = StatusCodes.Status403Forbidden,
    };

    /// <summary>Every error type that has a row.</summary>
    public static IReadOnlyCollection<Type> Known => Statuses.Keys;

    /// <exception cref="InvalidOperationException">The error's type has no row: a bug that a test finds.</exception>
    public static int StatusOf(MooringError error) => StatusOf(error.GetType());

    /// <inheritdoc cref="StatusOf(MooringError)"/>
    public static int StatusOf(Type error) => Statuses.TryGetValue(error, out var status)
        ? status
        : throw new InvalidOperationException($"{error.Name} has no row in the error map.");
}
