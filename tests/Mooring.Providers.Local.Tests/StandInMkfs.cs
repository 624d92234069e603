namespace Mooring.Providers.Local.Tests;

/// <summary>
/// A program in place of mkfs.ext4 that stops in the middle of its work until it is let go on, so that a test can act
/// while an image is being made.
/// </summary>
internal sealed class StandInMkfs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mooring-mkfs-").FullName;

    public StandInMkfs()
    {
        Program = Path.Join(_folder, "mkfs.ext4");
        File.WriteAllText(
            Program,
            $"""
            #!/bin/sh
            echo $$ >'{_folder}/started'
            until [ -e '{_folder}/go' ]; do sleep 0.02; done
            """);
        File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string Program { get; }

    private string Started => Path.Join(_folder, "started");

    public Task HasStartedAsync() =>
        Eventually.HoldsAsync(() => File.Exists(Started) && new FileInfo(Started).Length > 0, "mkfs has started");

    public bool IsRunning() => Directory.Exists($"/proc/{File.ReadAllText(Started).Trim()}");

    public void LetGo() => File.WriteAllText(Path.Join(_folder, "go"), "");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
