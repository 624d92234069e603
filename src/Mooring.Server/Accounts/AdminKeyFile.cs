namespace Mooring.Server.Accounts;

/// <summary>The file in the data directory that has an operator's key, for its owner alone.</summary>
public static class AdminKeyFile
{
    /// <summary>Its name in the data directory.</summary>
    public const string Name = "admin.key";

    /// <summary>Writes a key in place of what the file had; on the disk when this returns.</summary>
    /// <returns>The file's path.</returns>
    internal static async Task<string> WriteAsync(string directory, string secret, CancellationToken ct)
    {
        var path = Path.Combine(directory, Name);
        File.Delete(path);
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(secret + "\n"), ct);
        file.Flush(flushToDisk: true);
        return path;
    }
}
