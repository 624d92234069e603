namespace Mooring.Tidy.Tests;

/// <summary>What a pure function doesn't touch.</summary>
internal static class Purity
{
    private static readonly string[] Namespaces =
    [
        "Microsoft", "Npgsql", "System.Net", "System.Data", "System.IO", "System.Threading", "System.Diagnostics",
        "Mooring.Server.Persistence", "Mooring.Server.Http",
    ];

    private static readonly string[] Types =
        ["System.TimeProvider", "System.Random", "System.Console", "System.Environment", "System.IServiceProvider"];

    private static readonly string[] Members =
    [
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today",
        "System.DateTimeOffset::get_Now", "System.DateTimeOffset::get_UtcNow", "System.Guid::NewGuid",
        "System.Guid::CreateVersion7",
    ];

    /// <summary>Whether a type or a member is a way to the world, to a clock or to chance.</summary>
    public static bool IsImpure(string name) =>
        Namespaces.Any(space => name.StartsWith(space + ".", StringComparison.Ordinal))
        && !name.StartsWith("System.Diagnostics.CodeAnalysis.", StringComparison.Ordinal)
        || Types.Contains(name.Split("::")[0])
        || Members.Contains(name);
}
