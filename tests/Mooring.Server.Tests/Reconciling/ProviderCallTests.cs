using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Mooring.Providers;
using Mooring.Server.Disks;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Reconciling;

public sealed class ProviderCallTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<Exception, string> Failures => new()
    {
        { new RefusedException("no"), "Refused" },
        { new OutOfStockException("no"), "OutOfStock" },
        { new UnauthorizedException("no"), "Unauthorized" },
        { new ThrottledException("no", TimeSpan.FromSeconds(7)), "Throttled" },
        { new UnreachableException("no"), "Unreachable" },
        { new UnknownOutcomeException("no"), "Unknown" },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Each_typed_error_is_an_answer_in_the_providers_words(Exception thrown, string kind)
    {
        var (value, failure) = await MakeAsync(_ => Task.FromException<string>(thrown));

        value.ShouldBeNull();
        failure!.Kind.ShouldBe(Enum.Parse<FailureKind>(kind));
        failure.Words.ShouldBe("no");
        failure.RetryAfter.ShouldBe(thrown is ThrottledException ? TimeSpan.FromSeconds(7) : null);
    }

    [Fact]
    public void There_is_a_case_for_every_error_that_a_provider_may_throw() =>
        typeof(ProviderException).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ProviderException)))
            .ShouldBe(
            Failures.Select(row => row.Data.Item1.GetType()), ignoreOrder: true);

    [Fact]
    public async Task A_value_is_a_value() => (await MakeAsync(_ => Task.FromResult("it"))).ShouldBe(("it", null));

    [Fact]
    public async Task Anything_else_that_is_thrown_is_an_unknown_outcome_and_shows_nothing_of_itself()
    {
        var (_, failure) = await MakeAsync(_ => throw new InvalidOperationException("secret=42"));

        failure!.Kind.ShouldBe(FailureKind.Unknown);
        failure.Words.ShouldNotContain("42");
    }

    [Fact]
    public async Task A_call_without_an_answer_ends_after_45_seconds_with_an_unknown_outcome()
    {
        var call = MakeAsync(async ct =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, ct);
            return "never";
        });

        _time.Advance(TimeSpan.FromSeconds(44));
        call.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        (await Eventually.EndsAsync(call)).Failure!.Kind.ShouldBe(FailureKind.Unknown);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_thrown()
    {
        using var wish = new CancellationTokenSource();
        var call = MakeAsync(
            async ct =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, ct);
                return "never";
            },
            wish.Token);

        await wish.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(Eventually.EndsAsync(call));
    }

    private Task<(string? Value, ProviderFailure? Failure)> MakeAsync(
        Func<CancellationToken, Task<string>> call, CancellationToken? ct = null) =>
        new ProviderCall(_time, NullLogger<ProviderCall>.Instance).MakeAsync("test", "Ask", "it", call, ct ?? Ct);
}
