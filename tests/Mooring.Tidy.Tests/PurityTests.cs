using Microsoft.EntityFrameworkCore;
using Mooring.Tidy.Tests.Assemblies;

namespace Mooring.Tidy.Tests;

/// <summary>That <see cref="ArchitectureTests"/> would see an impure lifecycle, wherever the impurity hides.</summary>
public class PurityTests
{
    [Theory]
    [InlineData(nameof(ReadsAClock), "System.TimeProvider")]
    [InlineData(nameof(ReadsAClockElsewhere), "System.TimeProvider")]
    [InlineData(nameof(ReadsAClockInALambda), "System.TimeProvider")]
    [InlineData(nameof(ReadsAClockThroughAGenericType), "System.TimeProvider")]
    [InlineData(nameof(KeepsAConnection), "System.Net.Http.HttpClient")]
    [InlineData(nameof(AsksADatabase), "Microsoft.EntityFrameworkCore.DbContext")]
    [InlineData(nameof(WaitsForSomething), "System.Threading.Tasks.Task`1")]
    [InlineData(nameof(ThrowsDice), "System.Random")]
    public void An_impure_type_is_found(string type, string use) =>
        Impurities(type).ShouldContain(words => words.EndsWith($"uses {use}", StringComparison.Ordinal));

    [Fact]
    public void A_pure_type_is_left_alone() => Impurities(nameof(JustComputes)).ShouldBeEmpty();

    private static IEnumerable<string> Impurities(string type) => CompiledAssembly
        .Load(typeof(PurityTests).Assembly.GetName().Name!)
        .ReachOf(name => name == $"{typeof(PurityTests).Namespace}.{type}")
        .Where(Purity.IsImpure);
}

internal static class ReadsAClock
{
    public static DateTimeOffset Next() => TimeProvider.System.GetUtcNow();
}

internal static class ReadsAClockElsewhere
{
    public static DateTimeOffset Next(DateTimeOffset now) => now + (ReadsAClock.Next() - now);
}

internal static class ReadsAClockInALambda
{
    public static IEnumerable<DateTimeOffset> Next(IEnumerable<TimeSpan> spans) =>
        spans.Select(span => ReadsAClock.Next() + span);
}

internal static class ReadsAClockThroughAGenericType
{
    public static DateTimeOffset Next(string of) => Box<string>.Open(of);

    private static class Box<T>
    {
        public static DateTimeOffset Open(T content) => content is null ? default : ReadsAClock.Next();
    }
}

internal sealed class KeepsAConnection(HttpClient connection)
{
    public bool IsKept => connection is not null;
}

internal static class AsksADatabase
{
    public static bool Next(DbContext database) => database.ChangeTracker.HasChanges();
}

internal static class WaitsForSomething
{
    public static async Task<int> NextAsync(Task<int> something) => await something + 1;
}

internal static class ThrowsDice
{
    public static int Next(int seed) => new Random(seed).Next();
}

internal static class JustComputes
{
    public static IReadOnlyList<DateTimeOffset> Next(DateTimeOffset now, IEnumerable<TimeSpan> spans) =>
        [.. spans.Where(span => span > TimeSpan.Zero).Select(span => now + span)];
}
