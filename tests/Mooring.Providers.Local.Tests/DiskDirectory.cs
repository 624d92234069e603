using Mooring.Providers.Disks;

namespace Mooring.Providers.Local.Tests;

/// <summary>A disk directory of its own for one test, and the ways in which tests look into it.</summary>
internal sealed class DiskDirectory : IDisposable
{
    public const string Installation = "k3p9x2mq";

    private readonly string _root;
    private readonly bool _isOurs;

    private DiskDirectory(string root, bool isOurs) => (_root, _isOurs) = (root, isOurs);

    public string FullPath => Path.Join(_root, "disks");

    public LocalOptions Options => new() { InstallationId = Installation, Directory = FullPath };

    public IEnumerable<string> Entries => Directory.EnumerateFileSystemEntries(FullPath)
        .Select(entry => Path.GetFileName(entry))
        .Order(StringComparer.Ordinal);

    public static DiskDirectory Empty() =>
        new(Directory.CreateTempSubdirectory("mooring-local-").FullName, isOurs: true);

    /// <summary>A directory that has seen its first start.</summary>
    public static async Task<DiskDirectory> InitializedAsync()
    {
        var directory = Empty();
        await new LocalDisks(directory.Options).InitializeAsync(TestContext.Current.CancellationToken);
        return directory;
    }

    /// <summary>The same on a file system that the test has mounted.</summary>
    public static async Task<DiskDirectory> InitializedOnAsync(string mountPoint)
    {
        var directory = new DiskDirectory(mountPoint, isOurs: false);
        await new LocalDisks(directory.Options).InitializeAsync(TestContext.Current.CancellationToken);
        return directory;
    }

    public static string NameOf(int number) => RemoteName.For(Installation, number.ToString("x32"));

    public static DiskSpec Spec(int number, long mebibytes = 16) =>
        new(NameOf(number), new ByteSize(mebibytes << 20), "block", "here", IsMultinode: false);

    public static DiskRef Ref(int number) => new(NameOf(number), RemoteId: null);

    public string ImageOf(int number) => Path.Join(FullPath, NameOf(number) + ".img");

    public string LeftoverOf(int number, string random = "0123456789abcdef") =>
        Path.Join(FullPath, $".creating-{NameOf(number)}-{random}");

    public void Dispose()
    {
        if (_isOurs)
        {
            Directory.Delete(_root, recursive: true);
        }
    }
}
