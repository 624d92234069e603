namespace Mooring.Cli.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder;

    public TemporaryFolder(string? parent = null) => _folder = parent is null
        ? Directory.CreateTempSubdirectory("mooring-test-")
        : Directory.CreateDirectory(System.IO.Path.Combine(parent, $"mooring-test-{Guid.CreateVersion7():n}"));

    public string Path => _folder.FullName;

    public string Script(string name, string body)
    {
        var path = File(name, $"#!/bin/sh\n{body}\n");
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public string File(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
