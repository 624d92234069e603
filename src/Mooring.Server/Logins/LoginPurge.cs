using Microsoft.Extensions.Logging;

namespace Mooring.Server.Logins;

/// <summary>
/// Forgets, each minute, the login requests that have ended, and revokes the keys that nobody came for: they do not
/// wait for the next one who asks.
/// </summary>
internal sealed partial class LoginPurge(LoginRequests logins, TimeProvider time, ILogger<LoginPurge> logger)
    : PeriodicWork(TimeSpan.FromMinutes(1), time)
{
    protected override async Task DoAsync(CancellationToken ct)
    {
        foreach (var prefix in await logins.ForgetEndedAsync(ct))
        {
            LogRevoked(prefix);
        }
    }

    protected override void TellFailed(Exception exception) => LogNotForgotten(exception);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Key {Key} is revoked: whoever asked for it did not come for it in time")]
    private partial void LogRevoked(string key);

    [LoggerMessage(Level = LogLevel.Error, Message = "Login requests that have ended could not be forgotten")]
    private partial void LogNotForgotten(Exception exception);
}
