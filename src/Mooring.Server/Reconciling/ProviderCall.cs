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
    private static readonly Func<ILogger, string, string, IDisposable?> BeginScope =
        LoggerMessage.DefineScope<string, string>("Call {Call} to {Provider}");

    /// <summary>The call's value, or how it failed. Only the caller's own cancellation is thrown.</summary>
    /// <param name="provider">The provider's type.</param>
    /// <param name="what">The verb.</param>
    /// <param name="about">What it is about, in words.</param>
    /// <param name="ask">The call.</param>
    /// <param name="ct">The caller's own cancellation.</param>
    public async Task<(T? Value, ProviderFailure? Failure)> MakeAsync<T>(
        string provider, string what, string about, Func<CancellationToken, Task<T>> ask, CancellationToken ct)
        where T : class
    {
        using var scope = BeginScope(logger, what, provider);
        using var timeout = new CancellationTokenSource(Reconciler.CallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        var call = new Call(provider, what, about, time.GetTimestamp());
        try
        {
            var value = await ask(either.Token);
            var elapsed = time.GetElapsedTime(call.Started);
            Instruments.Called(provider, what, null, elapsed);
            LogAnswered(IsRoutine(what) ? LogLevel.Debug : LogLevel.Information, what, about, elapsed);
            return (value, null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, Failed(call, new ProviderFailure(
                FailureKind.Unknown, $"There was no answer within {Reconciler.CallTimeout.TotalSeconds:0} seconds.")));
        }
        catch (ProviderException exception)
        {
            return (null, Failed(call, Understand(exception)));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A provider that throws anything else has a bug; what the call did is not known.
            Instruments.Called(provider, what, FailureKind.Unknown, time.GetElapsedTime(call.Started));
            LogBug(exception, what, about);
            return (null, new ProviderFailure(
                FailureKind.Unknown, "An internal fault; the operator finds it in the log."));
        }
    }

    // Lists are taken each minute; what is asked about one disk or pod is part of its story.
    private static bool IsRoutine(string what) => what.StartsWith("List", StringComparison.Ordinal);

    private ProviderFailure Failed(Call call, ProviderFailure failure)
    {
        Instruments.Called(call.Provider, call.What, failure.Kind, time.GetElapsedTime(call.Started));
        LogFailed(call.What, call.About, failure.Kind, failure.Words);
        return failure;
    }

    private readonly record struct Call(string Provider, string What, string About, long Started);

    // A cloud's own words are in it, which go to users, records and logs.
    private static ProviderFailure Understand(ProviderException exception) => new(
        exception switch
        {
            RefusedException => FailureKind.Refused,
            OutOfStockException => FailureKind.OutOfStock,
            UnauthorizedException => FailureKind.Unauthorized,
            ThrottledException => FailureKind.Throttled,
            UnreachableException => FailureKind.Unreachable,
            _ => FailureKind.Unknown,
        },
        Printable.Words(exception.Message)!,
        (exception as ThrottledException)?.RetryAfter);

    [LoggerMessage(Message = "{What} of {About} answered in {Elapsed}")]
    private partial void LogAnswered(LogLevel level, string what, string about, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} of {About} failed ({Kind}): {Words}")]
    private partial void LogFailed(string what, string about, FailureKind kind, string words);

    [LoggerMessage(Level = LogLevel.Error, Message = "{What} of {About} threw what no provider should")]
    private partial void LogBug(Exception exception, string what, string about);
}
