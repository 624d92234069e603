using System.CommandLine;
using Mooring.Cli.Commands.Disks;
using Mooring.Cli.Commands.Pods;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands;

/// <summary>What a verb that disks and pods have in common is about.</summary>
/// <param name="Kind">One of <see cref="ResourceKinds"/>.</param>
/// <param name="Example">A name for the help's examples.</param>
internal sealed record Target(string Kind, string Example)
{
    public static Target Disk { get; } = new(ResourceKinds.Disk, "training-data");

    public static Target Pod { get; } = new(ResourceKinds.Pod, "trainer-1");

    public bool IsDisk => Kind == ResourceKinds.Disk;

    public Argument<string> Argument() => IsDisk ? new DiskArgument() : new PodArgument();

    public Task<string> FindAsync(Call call, string text) =>
        IsDisk ? Naming.DiskAsync(call, text) : Naming.PodAsync(call, text);
}
