namespace Mooring.Cli.Configuration;

/// <summary>What <c>mooring config show</c> answers: what holds, and where it comes from. Never a key.</summary>
internal sealed record Shown(string File, string Context, string Server, string ServerFrom, string KeyFrom);

/// <summary>A row of <c>mooring config contexts</c>.</summary>
internal sealed record ShownContext(string Name, bool IsCurrent, string? Server, string? KeyFile, bool HasKey);
