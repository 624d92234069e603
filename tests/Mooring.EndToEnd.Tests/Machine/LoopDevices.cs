namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>Loop devices and what they are over, as losetup(8) tells.</summary>
internal static class LoopDevices
{
    /// <summary>Devices over one image.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(string image) =>
        (await Tool.RunAsync("losetup", "--noheadings", "--output", "NAME", "--associated", image))
            .OrFail("the loop devices can't be listed").Lines;

    /// <summary>Devices over anything below a directory, also over files that are deleted.</summary>
    public static async Task<IReadOnlyList<string>> BelowAsync(string directory)
    {
        var listed = (await Tool.RunAsync("losetup", "--noheadings", "--list", "--output", "NAME,BACK-FILE"))
            .OrFail("the loop devices can't be listed");
        return [.. listed.Lines
            .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
            .Where(fields => fields.Length == 2 && fields[1].StartsWith(directory + "/", StringComparison.Ordinal))
            .Select(fields => fields[0])];
    }
}
