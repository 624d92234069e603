using CliWrap;

namespace Mooring.Conformance.Tests.Local;

/// <summary>
/// A program in place of mkfs.ext4 that runs the real one, but hangs before that or refuses as long as a case says so.
/// </summary>
internal sealed class StandInMkfs : IDisposable
{
    public const string Refusal = "A file system of this kind is not made here";

    private readonly string _folder = Directory.CreateTempSubdirectory("mooring-mkfs-").FullName;

    private StandInMkfs() { }

    public string Program => Path.Join(_folder, "mkfs.ext4");

    /// <summary>Programs that hang or hung.</summary>
    public int Hanging => Directory.EnumerateFiles(_folder, "hanging-*").Count();

    private string HangWish => Path.Join(_folder, "hang");

    private string RefuseWish => Path.Join(_folder, "refuse");

    public static async Task<StandInMkfs> MakeAsync()
    {
        var mkfs = new StandInMkfs();
        // Written by another process: one that we are just forking would have a copy of the file open for writing, and
        // the kernel runs no such file (ETXTBSY).
        await Cli.Wrap("tee")
            .WithArguments([mkfs.Program])
            .WithStandardInputPipe(PipeSource.FromString(
                $"""
                #!/bin/sh
                if [ -e '{mkfs.RefuseWish}' ]; then
                    echo 'mkfs.ext4: {Refusal}' >&2
                    exit 1
                fi
                if [ -e '{mkfs.HangWish}' ]; then : >'{mkfs._folder}'/hanging-$$; fi
                while [ -e '{mkfs.HangWish}' ]; do sleep 0.02; done
                PATH=$PATH:/usr/sbin:/sbin
                exec mkfs.ext4 "$@"
                """))
            .ExecuteAsync(TestContext.Current.CancellationToken);
        File.SetUnixFileMode(mkfs.Program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return mkfs;
    }

    public void Hang() => File.WriteAllText(HangWish, "");

    public void Refuse() => File.WriteAllText(RefuseWish, "");

    public void LetGo()
    {
        File.Delete(HangWish);
        File.Delete(RefuseWish);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
