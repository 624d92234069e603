using CliWrap;

namespace Mooring.Providers.Local.Tests;

/// <summary>
/// A program in place of mkfs.ext4 that stops in the middle of its work until it is let go on, so that a test can act
/// while an image is being made.
/// </summary>
internal sealed class StandInMkfs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mooring-mkfs-").FullName;

    private StandInMkfs() => Program = Path.Join(_folder, "mkfs.ext4");

    public string Program { get; }

    private string Started => Path.Join(_folder, "started");

    public static async Task<StandInMkfs> MakeAsync(int exitCode = 0)
    {
        var mkfs = new StandInMkfs();
        // Written by another process: one that we are just forking would have a copy of the file open for writing, and
        // the kernel runs no such file (ETXTBSY).
        await Cli.Wrap("tee")
            .WithArguments([mkfs.Program])
            .WithStandardInputPipe(PipeSource.FromString(
                $"""
                #!/bin/sh
                echo $$ >'{mkfs._folder}/started'
                until [ -e '{mkfs._folder}/go' ]; do sleep 0.02; done
                exit {exitCode}
                """))
            .ExecuteAsync(TestContext.Current.CancellationToken);
        File.SetUnixFileMode(mkfs.Program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return mkfs;
    }

    public Task HasStartedAsync() =>
        Eventually.HoldsAsync(() => File.Exists(Started) && new FileInfo(Started).Length > 0, "mkfs has started");

    public bool IsRunning() => Directory.Exists($"/proc/{File.ReadAllText(Started).Trim()}");

    public void LetGo() => File.WriteAllText(Path.Join(_folder, "go"), "");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
