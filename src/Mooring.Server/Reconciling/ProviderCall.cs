using Microsoft.Extensions.Logging;
using Mooring.Providers;

namespace Mooring.Server.Reconciling;

/// <summary>Why a provider did not do what it was asked: the typed errors of <see cref="ProviderException"/>.</summary>
internal enum FailureKind
{
    Refused,
    OutOfStock,
    Unauthorized,
    Throttled,
    Unreachable,
    Unknown,
}

/// <summary>Why a call did not do what it was asked.</summary>
internal sealed record ProviderFailure(FailureKind Kind, string Words, TimeSpan? RetryAfter = null);

/// <summary>Makes one call to a provider or an agent, and turns whatever it throws into an answer.</summary>
internal sealed partial class ProviderCall(TimeProvider time, ILogger<ProviderCall> logger)
{
    /// <summary>The call's value, or how it failed. Only the caller's own cancellation is thrown.</summary>
    public async Task<(T? Value, ProviderFailure? Failure)> MakeAsync<T>(
        string what, string about, Func<CancellationToken, Task<T>> call, CancellationToken ct)
        where T : class
    {
        using var timeout = new CancellationTokenSource(Reconciler.CallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        var started = time.GetTimestamp();
        try
        {
            var value = await call(either.Token);
            var elapsed = time.GetElapsedTime(started);
            LogAnswered(what, about, elapsed);
            return (value, null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, Failed(what, about, new ProviderFailure(
                FailureKind.Unknown, $"There was no answer within {Reconciler.CallTimeout.TotalSeconds:0} seconds.")));
        }
        catch (ProviderException exception)
        {
            return (null, Failed(what, about, Understand(exception)));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A provider that throws anything else has a bug; what the call did is not known.
            LogBug(exception, what, about);
            return (null, new ProviderFailure(
                FailureKind.Unknown, "An internal fault; the operator finds it in the log."));
        }
    }

    private ProviderFailure Failed(string what, string about, ProviderFailure failure)
    {
        LogFailed(what, about, failure.Kind, failure.Words);
        return failure;
    }

    private static ProviderFailure Understand(ProviderException exception) => exception switch
    {
        RefusedException => new(FailureKind.Refused, exception.Message),
        OutOfStockException => new(FailureKind.OutOfStock, exception.Message),
        UnauthorizedException => new(FailureKind.Unauthorized, exception.Message),
        ThrottledException throttled => new(FailureKind.Throttled, exception.Message, throttled.RetryAfter),
        UnreachableException => new(FailureKind.Unreachable, exception.Message),
        _ => new(FailureKind.Unknown, exception.Message),
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "{What} of {About} answered in {Elapsed}")]
    private partial void LogAnswered(string what, string about, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} of {About} failed ({Kind}): {Words}")]
    private partial void LogFailed(string what, string about, FailureKind kind, string words);

    [LoggerMessage(Level = LogLevel.Error, Message = "{What} of {About} threw what no provider should")]
    private partial void LogBug(Exception exception, string what, string about);
}
