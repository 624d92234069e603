using System.CommandLine;

namespace Mooring.Cli.Commands;

/// <summary>A verb whose help shows how it is used.</summary>
/// <param name="name">The verb.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="examples">Lines below the help's last section.</param>
internal abstract class ExplainedCommand(string name, string description, params IReadOnlyList<string> examples)
    : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
