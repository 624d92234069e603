using System.Diagnostics.CodeAnalysis;

namespace Mooring.Server.Tests.Histories;

/// <summary>An assertion that costs nothing while it holds: rows are written out only for a counter-example.</summary>
internal static class Rule
{
    public static void Holds([DoesNotReturnIf(false)] bool condition, string rule, object about)
    {
        if (!condition)
        {
            Assert.Fail($"{rule}\n{about}");
        }
    }
}
