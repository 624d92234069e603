using System.CommandLine;
using Mooring.Cli.Completion;

namespace Mooring.Cli.Commands.Pods;

/// <summary>A pod, as <see cref="Naming"/> has it.</summary>
internal sealed class PodArgument : Argument<string>
{
    public PodArgument() : base("pod")
    {
        Description = "Its id, or its name if no other current pod has it.";
        Wish.For(this, Kind.Pods);
    }
}
