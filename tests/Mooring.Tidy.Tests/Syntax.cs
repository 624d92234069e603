using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mooring.Tidy.Tests;

/// <summary>What can be read from a file's syntax, without compiling it.</summary>
internal static class Syntax
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    public static SyntaxNode Parse(SourceFile file) => CSharpSyntaxTree.ParseText(file.Text, Options).GetRoot();

    /// <summary>Methods, constructors and operators with the lines that they take, their comments apart.</summary>
    public static IEnumerable<(string Name, int Line, int Lines)> Methods(SourceFile file)
    {
        foreach (var member in Parse(file).DescendantNodes())
        {
            var name = member switch
            {
                MethodDeclarationSyntax method => method.Identifier.ValueText,
                ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
                LocalFunctionStatementSyntax local => local.Identifier.ValueText,
                OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax => "operator",
                AccessorDeclarationSyntax accessor => accessor.Keyword.ValueText,
                _ => null,
            };
            if (name is not null)
            {
                var span = member.SyntaxTree.GetLineSpan(member.Span);
                var first = span.StartLinePosition.Line + 1;
                yield return (name, first, span.EndLinePosition.Line + 2 - first);
            }
        }
    }

    /// <summary>Types that are declared, nested ones included.</summary>
    public static IEnumerable<(string Name, int Line)> Types(SourceFile file) =>
        from type in Parse(file).DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        select (type.Identifier.ValueText, LineOf(type.Identifier));

    /// <summary>
    /// Clauses that catch whatever is thrown: a bare <c>catch</c> that does not throw on, and <c>Exception</c> without
    /// a filter that says which, or with one that only says which not.
    /// </summary>
    public static IEnumerable<int> CatchAlls(SourceFile file) =>
        from clause in Parse(file).DescendantNodes().OfType<CatchClauseSyntax>()
        where clause.Declaration is null ? !ThrowsOn(clause) : IsException(clause.Declaration.Type)
        where clause.Filter is null || Admits(clause.Filter.FilterExpression)
        select LineOf(clause.CatchKeyword);

    /// <summary>Suppressed warnings without a word why, on the same line or on the one before.</summary>
    public static IEnumerable<int> UnexplainedSuppressions(SourceFile file)
    {
        var root = Parse(file);
        var lines = file.Text.Split('\n');
        var pragmas = root.DescendantTrivia(descendIntoTrivia: true)
            .Where(trivia => trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia))
            .Select(trivia => (PragmaWarningDirectiveTriviaSyntax)trivia.GetStructure()!)
            .Where(pragma => pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword))
            .Select(pragma => LineOf(pragma.HashToken));
        var attributes = root.DescendantNodes().OfType<AttributeSyntax>()
            .Where(attribute => attribute.Name.ToString().EndsWith("SuppressMessage", StringComparison.Ordinal))
            .Where(attribute => !attribute.ToString().Contains("Justification", StringComparison.Ordinal))
            .Select(attribute => LineOf(attribute.Name.GetFirstToken()));
        return pragmas.Concat(attributes).Where(line => !HasComment(lines[line - 1])
            && !(line > 1 && lines[line - 2].TrimStart().StartsWith("//", StringComparison.Ordinal)));
    }

    /// <summary>The stable codes of the expected errors: what <c>MooringError</c> is given first.</summary>
    public static IEnumerable<string> ErrorCodes(SourceFile file) =>
        from given in Parse(file).DescendantNodes().OfType<PrimaryConstructorBaseTypeSyntax>()
        where given.Type.ToString() == "MooringError"
        select given.ArgumentList.Arguments[0].Expression is LiteralExpressionSyntax literal
            ? literal.Token.ValueText
            : given.ArgumentList.Arguments[0].ToString();

    private static bool HasComment(string line) => line.Contains("//", StringComparison.Ordinal);

    private static bool IsException(TypeSyntax type) => type.ToString() is "Exception" or "System.Exception";

    private static bool ThrowsOn(CatchClauseSyntax clause) =>
        clause.Block.Statements.LastOrDefault() is ThrowStatementSyntax { Expression: null };

    // A filter narrows where it names types, or asks a predicate: `e is A or B`, `IsConflict(e)`.
    private static bool Admits(ExpressionSyntax filter) => filter switch
    {
        ParenthesizedExpressionSyntax inner => Admits(inner.Expression),
        InvocationExpressionSyntax => false,
        IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax } => true,
        IsPatternExpressionSyntax => false,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression } => false,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression } both =>
            Admits(both.Left) && Admits(both.Right),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalOrExpression } either =>
            Admits(either.Left) || Admits(either.Right),
        _ => true,
    };

    private static int LineOf(SyntaxToken token) => token.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
