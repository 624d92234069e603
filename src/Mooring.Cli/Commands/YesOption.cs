using System.CommandLine;

namespace Mooring.Cli.Commands;

/// <summary>Agreement in advance, on verbs that can't be undone.</summary>
internal sealed class YesOption : Option<bool>
{
    public YesOption() : base("--yes", "-y") => Description = "Don't ask.";
}
