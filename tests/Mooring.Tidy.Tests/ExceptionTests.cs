using Mooring.Tidy.Tests.Assemblies;

namespace Mooring.Tidy.Tests;

/// <summary>The list of exceptions only shrinks: what is not needed any more is not kept.</summary>
public class ExceptionTests
{
    [Fact]
    public void Every_long_file_is_still_long() => Unneeded(
        Exceptions.LongFiles, Repository.CSharp.SelectMany(SizeTests.LongFiles).Select(found => found.Key));

    [Fact]
    public void Every_long_method_is_still_long() => Unneeded(
        Exceptions.LongMethods, Repository.CSharp.SelectMany(SizeTests.LongMethods).Select(found => found.Key));

    [Fact]
    public void Every_file_that_may_catch_everything_does() => Unneeded(
        Exceptions.CatchAll, Repository.CSharp.Where(file => Syntax.CatchAlls(file).Any()).Select(file => file.Path));

    [Fact]
    public void Every_name_that_may_say_nothing_is_in_use() => Unneeded(
        Exceptions.Suffixes,
        Repository.CSharp.Where(file => file.IsUnder("src", "providers", "simulators")).SelectMany(CodeTests.EmptyNames)
            .Select(found => found.Name));

    [Fact]
    public void Every_type_that_the_engine_may_know_it_knows() => Unneeded(
        Exceptions.KnownToTheEngine, CompiledAssembly.Server.TypesUsedByNamespace("Mooring.Server.Reconciling"));

    [Fact]
    public void Every_exception_has_a_reason() => ((IReadOnlyDictionary<string, string>[])
        [
            Exceptions.LongFiles, Exceptions.LongMethods, Exceptions.CatchAll, Exceptions.Suffixes,
            Exceptions.KnownToTheEngine,
        ])
        .SelectMany(exceptions => exceptions.Values)
        .ShouldAllBe(reason => reason.Length > 20);

    private static void Unneeded(IReadOnlyDictionary<string, string> exceptions, IEnumerable<string> found) =>
        exceptions.Keys.Except(found).ShouldBeEmpty();
}
