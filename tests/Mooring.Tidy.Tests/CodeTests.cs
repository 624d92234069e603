namespace Mooring.Tidy.Tests;

/// <summary>What code does not do without a reason.</summary>
public class CodeTests
{
    private static readonly string[] Empty =
        ["Manager", "Helper", "Helpers", "Service", "Utils", "Util", "Dto", "Impl"];

    [Fact]
    public void A_suppressed_warning_says_why() => Repository.CSharp
        .SelectMany(file => Syntax.UnexplainedSuppressions(file).Select(line => $"{file.Path}:{line}"))
        .ShouldBeEmpty();

    [Fact]
    public void Whatever_is_thrown_is_caught_only_where_a_loop_ends() => Repository.CSharp
        .Where(file => !Exceptions.CatchAll.ContainsKey(file.Path))
        .SelectMany(file => Syntax.CatchAlls(file).Select(line => $"{file.Path}:{line}"))
        .ShouldBeEmpty();

    [Fact]
    public void A_types_name_says_what_it_is() => Repository.CSharp
        .Where(file => file.IsUnder("src", "providers", "simulators"))
        .SelectMany(EmptyNames)
        .Where(found => !Exceptions.Suffixes.ContainsKey(found.Name))
        .Select(found => found.Words)
        .ShouldBeEmpty();

    [Fact]
    public void Every_error_code_is_explained()
    {
        const string Page = "docs/reference/errors.md";
        if (!Repository.Exists(Page))
        {
            return;
        }

        var page = Repository.File(Page).Text;
        var codes = Repository.CSharp.Where(file => file.IsUnder("src")).SelectMany(Syntax.ErrorCodes).ToList();
        codes.ShouldNotBeEmpty();
        codes.Where(code => !page.Contains($"`{code}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("#pragma warning disable CA1000\n", 1)]
    [InlineData("class A { }\n[System.Diagnostics.CodeAnalysis.SuppressMessage(\"x\", \"y\")]\nclass B { }\n", 2)]
    public void A_suppression_without_a_reason_is_found(string text, int line) =>
        Syntax.UnexplainedSuppressions(new SourceFile("A.cs", text)).ShouldBe([line]);

    [Theory]
    [InlineData("#pragma warning disable IDE1006 // the C library's own names\n#pragma warning restore IDE1006\n")]
    [InlineData("// The generator writes it so.\n#pragma warning disable CA1000\n")]
    [InlineData("[SuppressMessage(\"x\", \"y\", Justification = \"because\")] class A { }")]
    public void A_suppression_with_a_reason_is_left_alone(string text) =>
        Syntax.UnexplainedSuppressions(new SourceFile("A.cs", text)).ShouldBeEmpty();

    [Theory]
    [InlineData("catch { }")]
    [InlineData("catch (Exception) { throw; }")]
    [InlineData("catch (System.Exception e) when (e is not OperationCanceledException) { }")]
    [InlineData("catch (Exception e) when (!IsFatal(e)) { }")]
    [InlineData("catch (Exception e) when (tries < 3) { }")]
    public void A_clause_that_catches_everything_is_found(string clause) =>
        Syntax.CatchAlls(Guarded(clause)).ShouldBe([1]);

    [Theory]
    [InlineData("catch { Undo(); throw; }")]
    [InlineData("catch (IOException) { }")]
    [InlineData("catch (Exception e) when (e is IOException or TimeoutException) { }")]
    [InlineData("catch (Exception e) when (tries < 3 && IsConflict(e)) { }")]
    public void A_clause_that_says_what_it_catches_is_left_alone(string clause) =>
        Syntax.CatchAlls(Guarded(clause)).ShouldBeEmpty();

    [Fact]
    public void A_name_that_says_nothing_is_found() =>
        EmptyNames(new SourceFile("src/A.cs", "class Disk { }\nrecord DiskDto;\ninterface IDiskHelper { }\n"))
            .Select(found => found.Words)
            .ShouldBe(["src/A.cs:2: DiskDto", "src/A.cs:3: IDiskHelper"]);

    [Fact]
    public void An_errors_code_is_read() =>
        Syntax.ErrorCodes(new SourceFile("A.cs", "record Gone(string Id) : MooringError(\"gone\", \"It is gone.\");"))
            .ShouldBe(["gone"]);

    internal static IEnumerable<(string Name, string Words)> EmptyNames(SourceFile file) =>
        from type in Syntax.Types(file)
        where Empty.Any(suffix => type.Name.EndsWith(suffix, StringComparison.Ordinal))
        select (type.Name, $"{file.Path}:{type.Line}: {type.Name}");

    private static SourceFile Guarded(string clause) =>
        new("A.cs", $"class A {{ void M() {{ try {{ Do(); }} {clause} }} }}");
}
