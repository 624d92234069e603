using System.CommandLine;
using Mooring.Cli.Completion;

namespace Mooring.Cli.Commands.Disks;

/// <summary>A disk, as <see cref="Naming"/> has it.</summary>
internal sealed class DiskArgument : Argument<string>
{
    public DiskArgument() : base("disk")
    {
        Description = "Its id, or its name if no other disk has it.";
        Wish.For(this, Kind.Disks);
    }
}
