namespace Mooring.Cli.Configuration;

/// <summary>Files that hold a secret: only their owner may read them.</summary>
internal static class PrivateFile
{
    // A key is under a hundred characters and a configuration a few lines; anything longer is some other file.
    private const int BytesMax = 64 << 10;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="CommandFailedException">It can't be read, is too long, or others may read it.</exception>
    public static string Read(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
            {
                throw new CommandFailedException(
                    $"{path} holds a secret, and other users may read or change it. Run: chmod 600 {path}")
                {
                    Code = ExitCode.NotAllowed,
                };
            }

            using var file = File.OpenText(path);
            var text = new char[BytesMax + 1];
            var length = file.ReadBlock(text);
            return length <= BytesMax
                ? new string(text, 0, length)
                : throw new CommandFailedException($"{path} has over {BytesMax} characters, so it is some other file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path} can't be read: {e.Message}", e) { Code = ExitCode.NotAllowed };
        }
    }

    /// <summary>Writes a file that only we may read, whole or not at all.</summary>
    /// <exception cref="CommandFailedException">It can't be written.</exception>
    public static void Write(string path, string text)
    {
        var folder = Path.GetDirectoryName(path)!;
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}");
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(
                    folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            using (var writer = new StreamWriter(draft, Draft()))
            {
                writer.Write(text);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);
            throw new CommandFailedException($"{path} can't be written: {e.Message}", e);
        }
    }

    private static FileStreamOptions Draft()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
