namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>
/// The default instance image as <c>./start</c> builds it. It takes a minute or two and is kept outside the checkout,
/// for all test runs of this user.
/// </summary>
internal static class InstanceImage
{
    private const string Name = "ubuntu_22_cuda_12.tar";
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);

    private static string Cache => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "mooring-tests");

    /// <summary>Puts the image where an installation looks for it, building it first if its inputs have changed.</summary>
    public static async Task ProvideAsync(string directory)
    {
        Directory.CreateDirectory(Cache);
        Directory.CreateDirectory(directory);
        var kept = Path.Combine(Cache, "images", Name);
        // Two runs at once would write the same files.
        string[] arguments =
        [
            Path.Combine(Cache, "lock"), Path.Combine(Programs.Repository, "eng", "image", "build"),
            kept, "--cache", Cache,
        ];
        (await Tool.RunAsync("flock", arguments, "", limit: BuildLimit)).OrFail("the instance image can't be built");
        // A link where it can be one, so that each installation does not cost 200 MB.
        if ((await Tool.RunAsync("cp", "--link", kept, Path.Combine(directory, Name))).ExitCode != 0)
        {
            (await Tool.RunAsync("cp", kept, Path.Combine(directory, Name))).OrFail("the instance image can't be copied");
        }
    }
}
